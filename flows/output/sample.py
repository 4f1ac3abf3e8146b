"""A sample of the pages of a run for people to look at, with the offsets of their lines in the output.

Filled by `flows.execution.shard`; shown by `flows.report.pages`.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from cleaners import Cleaned

MAX_PAGES = 1_000
MAX_PAGES_PER_TRAIT = 3  # kept however rare their trait is: a site, a rule or a flag


class SampledPage(NamedTuple):
    """A page by its `path`, and the byte offsets of its ledger and its first record in the files of its `shard`."""

    rank: int
    path: str
    shard: str
    audit: int
    records: int


@dataclass(slots=True)
class Sample:
    """The pages of the lowest ranks, of all pages and of each trait; a rank is a digest of the path, so it is arbitrary.

    Samples of shards add up to the sample of the run, in any order.
    """

    by_trait: dict[str, list[SampledPage]] = field(default_factory=dict)  # each list by rank; "" has pages of any trait

    def add_page(self, cleaned: Cleaned, shard: str, audit: int, records: int) -> None:
        """Add a page if its rank is low enough."""
        path = cleaned.page.path
        rank = int.from_bytes(blake2b(path.encode(), digest_size=6).digest())
        page = SampledPage(rank, path, shard, audit, records)
        flags = {flag for record in cleaned.records for flag in record.flags}
        for trait in ("", f"site {cleaned.page.site}", *cleaned.kinds, *(f"flag {flag}" for flag in flags)):
            pages = self.by_trait.setdefault(trait, [])
            if len(pages) < _max_pages(trait) or page < pages[-1]:
                insort(pages, page)
                del pages[_max_pages(trait) :]

    def __add__(self, other: Sample) -> Sample:
        by_trait = dict(self.by_trait)
        for trait, pages in other.by_trait.items():
            by_trait[trait] = sorted([*self.by_trait.get(trait, ()), *pages])[: _max_pages(trait)]
        return Sample(by_trait)

    def pages(self) -> list[SampledPage]:
        """Return the pages: first those that cover each site, rule and flag, then others of each trait, then the rest."""
        chosen: dict[SampledPage, None] = {}
        traits = sorted(trait for trait in self.by_trait if trait)
        for trait in traits:
            if not chosen.keys() & self.by_trait[trait]:
                chosen[self.by_trait[trait][0]] = None
        chosen |= dict.fromkeys(sorted({page for trait in traits for page in self.by_trait[trait]}))
        chosen |= dict.fromkeys(self.by_trait.get("", ()))
        return [*chosen][:MAX_PAGES]


def _max_pages(trait: str) -> int:
    return MAX_PAGES_PER_TRAIT if trait else MAX_PAGES
