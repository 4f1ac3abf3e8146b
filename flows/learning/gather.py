"""Gather the statistics and samples of the sites of inputs, shard by shard, on the engines of a run.

Called with the folder that `flows.learning.working_folder` yields; the sampled pages of one site are read at a time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from flows.execution.context import find_inputs
from flows.execution.engines import check_engine, run_shards
from flows.execution.progress import SharedProgress
from flows.execution.run import Watch, unwatched
from flows.inputs.capture_time import parse_captured_at
from flows.inputs.discovery import Skipped, Source, SourceKey
from flows.inputs.given_fields import check_given_fields
from flows.inputs.raw_page import RawPage
from flows.inputs.row_names import RowNames
from flows.inputs.stdin import spool
from flows.inputs.storage import STDIN
from flows.learning.sample import SampleSizes, SiteSample, most_read
from flows.learning.shard import GatheredShard, GatherSettings, gather_shard, gathering_digest
from flows.learning.site_samples import SiteSamples
from flows.learning.stored_page import SUFFIX, read_stored
from flows.options import DASK, LOCAL, RunOptions, WorkerSettings
from flows.output.lock import locked
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts
from flows.planning.code_digest import code_digest
from flows.planning.shard_inputs import number_of
from flows.planning.shards import Shard, pieces_of, plan_shards
from flows.signals import is_stopping

USUAL_SIZES = SampleSizes()


@dataclass(slots=True)
class Gathered:
    """The statistics of all inputs, and the samples of their sites; "" stands for the pages without an address.

    `counts` has the pages, their bytes, and the unreadable ones by reason. `dropped` counts the pages of each site beyond the
    most that are sampled. `failed` are shards that count for nothing, as when their process was ended twice. The files of pages
    are in the working folder. `of_input` are the sites of each input, or piece of one, if they were asked for.
    """

    sites: dict[str, SiteSample] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    rows: RowNames = field(default_factory=RowNames)
    dropped: dict[str, int] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[ShardFailure] = field(default_factory=list)
    files: dict[int, Path] = field(default_factory=dict)
    of_input: dict[SourceKey, frozenset[str]] = field(default_factory=dict)

    @property
    def unreadable(self) -> Counter[str]:
        """Return the number of unreadable pages by reason."""
        return self.counts.quarantined

    def pages_of(self, site: str) -> Iterator[RawPage]:
        """Yield the sampled pages of a site in the order of their keys; raises OSError when the working folder is gone."""
        for page in self.sites[site].sampled():
            yield read_stored(self.files[page.place.shard], page.place)


def gather(
    inputs: Sequence[str], work: Path, options: RunOptions, sizes: SampleSizes = USUAL_SIZES, watch: Watch = unwatched
) -> Gathered:
    """Return the statistics and samples of the sites of `inputs`, the same for any engine and number of workers.

    Of the options, those count that say how to read inputs and on what engine. Raises UsageError for a user's mistake, and
    KeyboardInterrupt when a first Ctrl-C has stopped the work, after the shards in hand.
    """
    check_engine(options)
    work = Path(os.path.abspath(work))  # workers of a cluster are elsewhere
    captured_at = parse_captured_at(options.captured_at)
    options = replace(options, inputs=tuple(inputs))
    sources, skipped = find_inputs(options, captured_at, work)
    with ExitStack() as stack:
        if STDIN in options.inputs:
            sources.append(stack.enter_context(spool(work)))
        check_given_fields(sources, options.fields)
        gathered = gather_sources(sources, work, options, sizes, watch)
    gathered.skipped = skipped
    return gathered


def gather_sources(
    sources: Iterable[Source],
    work: Path,
    options: RunOptions,
    sizes: SampleSizes = USUAL_SIZES,
    watch: Watch = unwatched,
    *,
    by_input: bool = False,
) -> Gathered:
    """Return the statistics and samples of the sites of sources, with `by_input` also the sites of each; `work` is a full path.

    Raises KeyboardInterrupt as `gather` does.
    """
    with locked(work) as holder:
        shards = plan_shards(piece for source in sources for piece in pieces_of(source, options.fields))
        captured_at = parse_captured_at(options.captured_at)
        reading = WorkerSettings(
            str(work), (), captured_at=captured_at, fields=options.fields, holder=holder, code=code_digest()
        )
        settings = GatherSettings(reading, sizes, gathering_digest(), by_input)
        return _gather_shards(shards, settings, options, watch, Gathered())


def _gather_shards(
    shards: list[Shard], settings: GatherSettings, options: RunOptions, watch: Watch, gathered: Gathered
) -> Gathered:
    """Gather all shards on the engine of the options, and add their statistics."""
    if options.engine == DASK:
        from flows.execution.dask import check_cluster  # an extra

        check_cluster(options.scheduler, settings.reading, shards)
    workers = max(1, min(options.workers or os.cpu_count() or 1, len(shards)))
    progress = SharedProgress(shards, is_shared=workers > 1 and options.engine == LOCAL)
    function = partial(gather_shard, settings=settings)
    engine = (options.engine, options.scheduler, workers)
    sites = SiteSamples(settings.sizes.hosts)
    with watch(progress), closing(run_shards(*engine, function, settings.reading.holder, shards, progress)) as outcomes:
        for outcome in outcomes:
            progress.finish_shard(outcome.shard, Counts() if isinstance(outcome, ShardFailure) else outcome.counts)
            if isinstance(outcome, ShardFailure):
                gathered.failed.append(outcome)
            else:
                _add(gathered, sites, outcome, Path(settings.reading.out))
    if is_stopping.is_set():
        raise KeyboardInterrupt
    gathered.sites = sites.by_host
    _drop_small_sites(gathered, settings.sizes.sites)
    gathered.failed.sort(key=lambda failure: failure.shard)
    gathered.rows = gathered.rows.in_order()
    return gathered


def _add(gathered: Gathered, sites: SiteSamples, shard: GatheredShard, work: Path) -> None:
    """Add the statistics of a shard."""
    gathered.counts += shard.counts
    gathered.rows += shard.rows
    gathered.of_input |= shard.of_input
    gathered.files[number_of(shard.shard)] = work / f"{shard.shard}{SUFFIX}"
    for name, site in shard.sites.items():
        sites.merge(name, site)


def _drop_small_sites(gathered: Gathered, limit: int) -> None:
    """Drop the sites with the fewest pages beyond `limit`, and put the others in the order of their names.

    It is done when all shards are merged, as before that no order of them would drop the same ones.
    """
    pages = {name: site.pages for name, site in gathered.sites.items() if name}
    kept = {*most_read(pages, limit), ""}
    gathered.dropped = {name: pages[name] for name in sorted(pages) if name not in kept}
    gathered.sites = {name: gathered.sites[name] for name in sorted(gathered.sites) if name in kept}
