"""Statistics of a site and a uniform sample of its pages, which add up over shards in any order.

The key of a page is a digest of its long lines, so that near-duplicates have one key and count once. The sample holds the k
pages with the smallest keys ("bottom-k"): as keys are as good as random, these are k distinct pages drawn without replacement.
A share p of a sample of k pages has a standard error of at most sqrt(p * (1 - p) / k), 2.5 % for k = 400 and p = 1/2.

Filled by `flows.learning.shard`, merged by `flows.learning.gather`.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from cleaners.text.normalize import lookup_key

SITE_PAGES, POOL_PAGES, MAX_SITES, MAX_HOSTS = 400, 4_000, 20_000, 100_000
FIRST_YEAR, LAST_YEAR = 1989, 2100  # between which pages are captured: the web is no older
LONG_LINE_CHARS = 60  # a sentence; what differs between two prints of one page is shorter: times, counters, menus
KEY_BYTES = DIGEST_BYTES = 16
KEYS = 1 << 8 * KEY_BYTES
_PLACE = struct.Struct(">IQI")
_END = b"\0"  # of a name, which holds no control character


class SampleSizes(NamedTuple):
    """The most pages in the sample of a site and in that of the pages without an address, and the most sites sampled.

    `hosts` is the most hosts whose pages are counted to find these sites.
    """

    site: int = SITE_PAGES
    pool: int = POOL_PAGES
    sites: int = MAX_SITES
    hosts: int = MAX_HOSTS

    def of(self, site: str) -> int:
        """Return the most pages in the sample of a site, "" for the pages without an address."""
        return self.site if site else self.pool


class Place(NamedTuple):
    """The place of a stored page: the number of its shard, and its offset and size in the shard's file of pages."""

    shard: int
    offset: int
    size: int


class SampledPage(NamedTuple):
    """A page in a sample: its key, the digest of its bytes, its name, and its place."""

    key: bytes
    digest: bytes
    name: str
    place: Place


def page_key(text: str) -> bytes:
    """Return the key of a page: a digest of the set of its long lines, or of all its lines where none is long.

    Lines are caseless with each number as 0, so pages that differ in short lines, numbers or the order of lines have one key.

    >>> one = page_key("3 minutes ago" + chr(10) + "The ferry of 9:30 sails to the islands again, the company said on Tuesday.")
    >>> one == page_key("The ferry of 8:15 sails to the islands again, the company said on Tuesday." + chr(10) + "Share")
    True
    """
    lines = [line for raw in text.splitlines() if (line := raw.strip())]
    keys = {lookup_key(line) for line in lines if len(line) >= LONG_LINE_CHARS} or set(map(lookup_key, lines))
    digest = blake2b(digest_size=KEY_BYTES)
    for key in sorted(keys):
        digest.update(key.encode() + b"\n")
    return digest.digest()


def page_digest(raw: bytes) -> bytes:
    """Return the digest of the bytes of a page, by which one of several pages with the same key is chosen."""
    return blake2b(raw, digest_size=DIGEST_BYTES).digest()


def rank_of(key: bytes, digest: bytes, name: str) -> bytes:
    """Return the rank of a page: of all pages the lowest ranks are sampled, and of pages with the same key the lowest one."""
    return key + digest + name.encode("utf-8", "surrogatepass") + _END


@dataclass(slots=True)
class SiteSample:
    """The counters of a site, and the sample of its pages.

    `k` is the most pages of the sample. `size` is that of all pages in bytes. `months` counts pages by the month of their
    capture in UTC, as "2025-07", "" without one. `ranked` are the sampled pages in the order of their keys, each as its rank
    and its place in one string of bytes: about 120 bytes of memory with a name of 30 characters, a third of that of objects.

    Counters of two parts of the pages of a site are summed. Samples are merged: in any order, and again, with the same result.
    """

    k: int
    pages: int = 0
    size: int = 0
    months: dict[str, int] = field(default_factory=dict)
    ranked: list[bytes] = field(default_factory=list)

    def count(self, size: int, captured_at: datetime | None) -> None:
        """Count a page of so many bytes."""
        self.pages += 1
        self.size += size
        month = month_of(captured_at)
        self.months[month] = self.months.get(month, 0) + 1

    def would_take(self, rank: bytes) -> bool:
        """Return whether a page of this rank belongs to the sample of the pages so far."""
        at = bisect_left(self.ranked, rank[:KEY_BYTES])
        if at < len(self.ranked) and self.ranked[at].startswith(rank[:KEY_BYTES]):
            return rank < self.ranked[at]
        return at < self.k and (at < len(self.ranked) or len(self.ranked) < self.k)

    def take(self, rank: bytes, place: Place) -> None:
        """Put a page into the sample, in the place of one with the same key or of the one with the largest key."""
        self._take(rank + _PLACE.pack(*place))

    def _take(self, page: bytes) -> None:
        at = bisect_left(self.ranked, page[:KEY_BYTES])
        if at < len(self.ranked) and self.ranked[at].startswith(page[:KEY_BYTES]):
            self.ranked[at] = min(page, self.ranked[at])
        else:
            self.ranked.insert(at, page)
            del self.ranked[self.k :]

    def merge(self, other: SiteSample) -> None:
        """Add the counters of other pages of the site, and merge the samples."""
        self.pages += other.pages
        self.size += other.size
        for month, pages in other.months.items():
            self.months[month] = self.months.get(month, 0) + pages
        for page in other.ranked:
            self._take(page)

    def place_all(self, places: Iterable[Place]) -> None:
        """Give the sampled pages new places, in their order."""
        self.ranked = [page[: -_PLACE.size] + _PLACE.pack(*place) for page, place in zip(self.ranked, places, strict=True)]

    def sampled(self) -> list[SampledPage]:
        """Return the sampled pages in the order of their keys."""
        return [_unpacked(page) for page in self.ranked]

    @property
    def distinct(self) -> int:
        """Return the number of pages, near-duplicates counted once.

        It is exact below k. From k on it is estimated by the k-th smallest key, as a share of all keys: (k - 1) / key, with a
        standard error of 1 / sqrt(k - 2) of itself, 5 % for k = 400.
        """
        if len(self.ranked) < self.k:
            return len(self.ranked)
        key = int.from_bytes(self.ranked[-1][:KEY_BYTES])
        return min(self.pages, max(self.k, (self.k - 1) * KEYS // max(key, 1)))

    @property
    def near_duplicates(self) -> int:
        """Return the number of pages beyond the first of each key, as exact as `distinct`."""
        return self.pages - self.distinct

    def as_json(self) -> bytes:
        """Return the counters and the sample as JSON, the same for any split of the pages into shards."""
        pages = [{"key": page.key.hex(), "digest": page.digest.hex(), "name": page.name} for page in self.sampled()]
        counters = {"pages": self.pages, "bytes": self.size, "distinct": self.distinct}
        return msgspec.json.encode({**counters, "months": dict(sorted(self.months.items())), "sample": pages})


def month_of(captured_at: datetime | None) -> str:
    """Return the month of a time in UTC, as "2025-07", "" for none and for one at which no page was captured."""
    if captured_at is None or not FIRST_YEAR < captured_at.year < LAST_YEAR:
        return ""
    captured_at = captured_at.astimezone(UTC)
    return f"{captured_at.year:04}-{captured_at.month:02}"


def most_read(sites: Mapping[str, int], limit: int) -> list[str]:
    """Return the sites with the most pages, at most `limit`; of sites with as many pages, the first by name."""
    return sorted(sites, key=lambda site: (-sites[site], site))[:limit]


def _unpacked(page: bytes) -> SampledPage:
    rank, place = page[: -_PLACE.size], Place(*_PLACE.unpack(page[-_PLACE.size :]))
    named = rank[KEY_BYTES + DIGEST_BYTES : -len(_END)].decode("utf-8", "surrogatepass")
    return SampledPage(rank[:KEY_BYTES], rank[KEY_BYTES : KEY_BYTES + DIGEST_BYTES], named, place)
