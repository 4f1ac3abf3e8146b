"""Gather the statistics and samples of sites from one shard: the unit of work on every engine.

Called by `flows.learning.gather`. What a worker returns are counters and keys; the sampled pages go to a file of the shard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from flows.errors import OtherVersion
from flows.execution.progress import ProgressReporter
from flows.execution.shard import make_few_collections
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source, SourceKey
from flows.inputs.raw_page import RawPage, UnreadablePage
from flows.inputs.row_names import RowNames
from flows.inputs.site import site_of
from flows.learning.page_text import text_and_address
from flows.learning.sample import Place, SampleSizes, SiteSample, page_digest, page_key, rank_of
from flows.learning.site_samples import SiteSamples
from flows.learning.stored_page import SUFFIX, stored
from flows.options import WorkerSettings
from flows.output.lines import reason_of
from flows.output.lock import check_holder
from flows.output.metrics import Counts
from flows.output.part_file import new_part
from flows.planning.code_digest import code_digest
from flows.planning.shard_inputs import number_of
from flows.planning.shards import Shard


@dataclass(frozen=True, slots=True)
class GatherSettings:
    """The settings of the workers: those of reading, whose `out` is the working folder, the sizes of samples, and the code.

    With `by_input` the sites of each input are noted.
    """

    reading: WorkerSettings
    sizes: SampleSizes
    code: str
    by_input: bool = False


@dataclass(slots=True)
class GatheredShard:
    """The statistics of a shard: its counters, those of each site with its sample, and the names of the fields of its rows.

    `counts` has the pages, their bytes, and the unreadable ones by reason in `quarantined`. `of_input` are the sites of each
    input, if they were asked for.
    """

    shard: str
    counts: Counts = field(default_factory=Counts)
    sites: dict[str, SiteSample] = field(default_factory=dict)
    rows: RowNames = field(default_factory=RowNames)
    of_input: dict[SourceKey, frozenset[str]] = field(default_factory=dict)


@cache
def gathering_digest() -> str:
    """Return a digest of the code that decides the statistics of a shard."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(code_digest().encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def gather_shard(shard: Shard, settings: GatherSettings) -> GatheredShard:
    """Return the statistics of a shard, and store the pages of its samples; a page that cannot be read is only counted.

    Raises OtherVersion when this process has other code than the command, and Superseded when that is over.
    """
    if settings.code != gathering_digest():
        raise OtherVersion("the worker has another version of dehusk than the command")
    work = Path(settings.reading.out)
    make_few_collections()
    with TemporaryFile(dir=work) as scratch:
        gatherer = _ShardGatherer(shard, settings, scratch)
        for source in shard.sources:
            gatherer.add(source)
        check_holder(work, settings.reading.holder)
        gatherer.write(work / f"{shard.name}{SUFFIX}")
    return gatherer.result


class _ShardGatherer:
    """Counts the pages of a shard by site, and stores those that are in the sample so far in a scratch file."""

    def __init__(self, shard: Shard, settings: GatherSettings, scratch: IO[bytes]) -> None:
        self.result = GatheredShard(shard.name)
        self._settings, self._scratch = settings, scratch
        self._number, self._end = number_of(shard.name), 0
        self._interned: dict[frozenset[str], frozenset[str]] = {}  # the same few sites are in most inputs
        self._sites = SiteSamples(settings.sizes.hosts)
        self._progress = ProgressReporter(shard)

    def add(self, source: Source) -> None:
        """Count the pages of an input."""
        self._progress.start_source(source)
        counts, reading = self.result.counts, self._settings.reading
        sites: set[str] = set()
        counts.bytes += source.size
        for page in read_pages(source, reading.fields, reading.captured_at, counts.not_pages, self._progress.track_file):
            if page.fields is not None:
                self.result.rows.add(page.fields)
            try:
                if isinstance(page, UnreadablePage):
                    raise page.problem
                sites.add(self._add_page(page))
            except Exception as error:  # one bad page must not fail its shard, whatever the error
                counts.quarantined[reason_of(error)] += 1
            else:
                counts.pages += 1
            self._progress.report_page(counts)
        if self._settings.by_input:
            self.result.of_input[source.key] = self._interned.setdefault(found := frozenset(sites), found)

    def _add_page(self, raw_page: RawPage) -> str:
        """Count a page for its site, and store it if it belongs to the sample; return the site.

        Raises BadPage for one that is no page.
        """
        text, url = text_and_address(raw_page)
        name = site_of(url)
        if not self._sites.would_keep(name):
            return name
        site = self._sites.by_host.get(name) or SiteSample(self._settings.sizes.of(name))
        rank = rank_of(page_key(text), page_digest(raw_page.raw), raw_page.name)
        if site.would_take(rank):
            content = stored(raw_page)
            self._scratch.write(content)
            site.take(rank, Place(self._number, self._end, len(content)))
            self._end += len(content)
        site.count(len(raw_page.raw), raw_page.captured_at)
        if name not in self._sites.by_host:
            self._sites.merge(name, site)
        return name

    def write(self, file: Path) -> None:
        """Write the file of the pages that are in the samples at last, by site and key, and note their places in it."""
        kept = self.result.sites = self._sites.by_host
        self.result.of_input = {key: sites & kept.keys() for key, sites in self.result.of_input.items()}
        part, opened = new_part(file)
        try:
            with opened:
                for _, site in sorted(self.result.sites.items()):
                    site.place_all([*self._copied(site, opened)])
                part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def _copied(self, site: SiteSample, file: IO[bytes]) -> Iterator[Place]:
        """Copy the sampled pages of a site from the scratch file, and yield their new places."""
        for page in site.sampled():
            self._scratch.seek(page.place.offset)
            offset = file.tell()
            file.write(self._scratch.read(page.place.size))
            yield page.place._replace(offset=offset)
