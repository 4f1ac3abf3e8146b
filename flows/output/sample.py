"""A few pages of a run for people to look at: which they are, and where their lines stand in the output."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from cleaners import Cleaned

MOST = 1_000
MOST_ALIKE = 3  # pages of one site, or that have one rule or flag in common, that are there however rare they are


class SampledPage(NamedTuple):
    """A page by its `path`, and the bytes at which its ledger and its first record stand in the files of its `shard`."""

    rank: int
    path: str
    shard: str
    audit: int
    records: int


@dataclass(slots=True)
class Sample:
    """The pages of the lowest ranks, of all and of those alike; a page's rank is made of its path, so it is as if by chance.

    The sample of several shards together is that of their samples, whatever their order.
    """

    alike: dict[str, list[SampledPage]] = field(default_factory=dict)  # each list in the order of ranks

    def add_page(self, cleaned: Cleaned, shard: str, audit: int, records: int) -> None:
        """Take a page in if its rank is low enough."""
        path = cleaned.page.path
        rank = int.from_bytes(blake2b(path.encode(), digest_size=6).digest())
        page = SampledPage(rank, path, shard, audit, records)
        flags = {flag for record in cleaned.records for flag in record.flags}
        for name in ("", f"site {cleaned.page.site}", *cleaned.kinds, *(f"flag {flag}" for flag in flags)):
            found = self.alike.setdefault(name, [])
            if len(found) < _most(name) or page < found[-1]:
                insort(found, page)
                del found[_most(name) :]

    def __add__(self, other: Sample) -> Sample:
        together = dict(self.alike)
        for name, found in other.alike.items():
            together[name] = sorted([*self.alike.get(name, ()), *found])[: _most(name)]
        return Sample(together)

    def pages(self) -> list[SampledPage]:
        """Return the pages: first a few that show each site, rule and flag, then more of those, then those there by rank."""
        chosen: dict[SampledPage, None] = {}
        names = sorted(name for name in self.alike if name)
        for name in names:
            if not chosen.keys() & self.alike[name]:
                chosen[self.alike[name][0]] = None
        chosen |= dict.fromkeys(sorted({page for name in names for page in self.alike[name]}))
        chosen |= dict.fromkeys(self.alike.get("", ()))
        return [*chosen][:MOST]


def _most(name: str) -> int:
    return MOST_ALIKE if name else MOST
