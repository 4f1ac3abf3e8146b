"""The samples of all sites in bounded memory: of very many hosts some are kept, the same ones in any order of the pages.

Filled by `flows.learning.shard`, merged by `flows.learning.gather`.
"""

from __future__ import annotations

from hashlib import blake2b
from heapq import heappush, heappushpop

from flows.learning.sample import SiteSample

DIGEST_BYTES = 8


class SiteSamples:
    """The samples of at most `limit` hosts, those with the lowest digests, beside that of the pages without an address.

    Hosts are as good as drawn by chance. A host that is kept has been kept from its first page on, in every shard, so its
    sample and counters are whole.
    """

    def __init__(self, limit: int) -> None:
        self.by_host: dict[str, SiteSample] = {}
        self._limit = limit
        self._ranks: list[tuple[int, str]] = []  # a heap of the hosts, each after its negative digest: the highest comes first

    def would_keep(self, host: str) -> bool:
        """Return whether a host is kept, or would be."""
        return host in self.by_host or not host or len(self._ranks) < self._limit or _rank(host) > self._ranks[0]

    def merge(self, host: str, sample: SiteSample) -> None:
        """Merge a sample into that of its host, or take it over; it replaces that with the highest digest beyond the limit."""
        known = self.by_host.get(host)
        if known is not None:
            known.merge(sample)
        elif self.would_keep(host):
            self.by_host[host] = sample
            if host:
                self._rank_new(host)

    def _rank_new(self, host: str) -> None:
        if len(self._ranks) < self._limit:
            heappush(self._ranks, _rank(host))
        else:
            _, last = heappushpop(self._ranks, _rank(host))
            del self.by_host[last]


def _rank(host: str) -> tuple[int, str]:
    return -int.from_bytes(blake2b(host.encode(), digest_size=DIGEST_BYTES).digest()), host
