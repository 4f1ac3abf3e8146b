"""Learn the lines of one site from its sampled pages: a unit of work on every engine, written as a shard with one source.

Called by `flows.learning.run_lines`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cleaners import BadPage, Page
from cleaners.learning.run_lines import lines_of_site
from cleaners.rules.site_lines import SiteLines
from flows.errors import OtherVersion
from flows.execution.shard import make_few_collections
from flows.inputs.discovery import Source
from flows.inputs.raw_page import page_of
from flows.learning.shard import gathering_digest
from flows.learning.stored_page import read_all
from flows.options import WorkerSettings
from flows.output.metrics import Counts
from flows.packs import library_of
from flows.planning.shards import Shard

MAX_PAGE_BYTES = 2_000_000  # of a page that is learnt from; all pages of a site are in memory at once


@dataclass(frozen=True, slots=True)
class LineSettings:
    """The settings of the workers: those of cleaning, and the digest of the code that learns."""

    cleaning: WorkerSettings
    code: str


@dataclass(slots=True)
class LinesOfShard:
    """The lines of a site, and the number of pages that they were learnt from in `counts`."""

    shard: str
    lines: SiteLines
    counts: Counts = field(default_factory=Counts)


def learn_lines(shard: Shard, settings: LineSettings) -> LinesOfShard:
    """Return the lines of the site of a shard; raises OtherVersion when this process has other code than the run."""
    if settings.code != gathering_digest():
        raise OtherVersion("the worker has another version of dehusk than the run")
    make_few_collections()
    (source,) = shard.sources
    pages = [*_pages(source, settings.cleaning)]
    lines = lines_of_site(source.name, pages, library_of(settings.cleaning))
    return LinesOfShard(shard.name, lines, Counts(pages=len(pages), bytes=source.size))


def _pages(source: Source, settings: WorkerSettings) -> Iterator[Page]:
    """Yield the pages of a site that can be read and are not too large."""
    selectors = library_of(settings).selectors
    for raw_page in read_all(Path(source.file), source.start, source.end):
        if len(raw_page.raw if raw_page.text is None else raw_page.text) <= MAX_PAGE_BYTES:
            try:
                yield page_of(raw_page, selectors)
            except BadPage:  # told of when it is cleaned
                continue
