"""Learn the lines of the sites in the inputs of a run, before any of them is cleaned.

Called by the commands `dehusk run` and `dehusk serve` and by the Prefect flow, through `flows.execution.context`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaners.learning.run_lines import shipped_run_line_settings
from cleaners.rules.registry import Library
from cleaners.rules.site_lines import SiteLines
from flows.errors import Failed
from flows.execution.engines import run_shards
from flows.execution.learnt_lines import (
    LastLines,
    Learner,
    LearntLines,
    LinesOfSample,
    ToLearn,
    inputs_digest,
    last_lines,
    write_last_lines,
)
from flows.execution.progress import SharedProgress
from flows.execution.run import Watch, unwatched
from flows.execution.site_lines import encode_lines
from flows.inputs.discovery import Source, SourceKey
from flows.layout import LEARNING_PREFIX
from flows.learning.gather import Gathered, gather_sources
from flows.learning.line_shard import LineSettings, LinesOfShard, learn_lines
from flows.learning.sample import SampleSizes
from flows.learning.shard import gathering_digest
from flows.learning.stored_page import read_content
from flows.options import LOCAL, RunOptions, WorkerSettings
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts
from flows.packs import library_of
from flows.planning.shards import Shard
from flows.signals import is_stopping, stopped_by_signals

SIZES = SampleSizes(site=50, pool=1)  # a share of one half has a standard error of 7 %; pages without an address have no site


def learner(watch: Watch = unwatched) -> Learner:
    """Return the learner for a run with a watch on its progress."""
    return partial(_learnt_lines, watch=watch)


@contextmanager
def _learnt_lines(run: ToLearn, watch: Watch) -> Iterator[LearntLines]:
    """Yield the lines of the sites in the inputs of a run, the same for any engine, workers, order and earlier runs.

    Raises Failed when a shard could not be read for it, and KeyboardInterrupt when a first Ctrl-C has stopped the work, after
    the shards in hand.
    """
    out = Path(run.settings.out)
    last = last_lines(out)
    is_unchanged = last.inputs != "" and last.code == gathering_digest()
    is_unchanged = is_unchanged and last.inputs == inputs_digest(run.made_by, run.sources, run.known())
    with TemporaryDirectory(dir=out, prefix=LEARNING_PREFIX) as folder:
        if is_unchanged:
            lines = {one.lines.host: one.lines for one in last.sites if one.lines.lines}
            made_by_of = {row.key: row.made_by for row in run.known()}
        else:
            with stopped_by_signals():
                lines, made_by_of = _learn_anew(run, last, Path(folder), watch)
        file = Path(folder, "lines.json")
        file.write_bytes(encode_lines([*lines.values()]))
        yield LearntLines({host: len(one.lines) for host, one in lines.items()}, str(file) if lines else "", made_by_of)


def _learn_anew(run: ToLearn, last: LastLines, folder: Path, watch: Watch) -> tuple[dict[str, SiteLines], dict[SourceKey, str]]:
    """Return the lines of sites with any, and the digests of the inputs with pages of these sites."""
    work = folder / "pages"
    work.mkdir()
    gathered = gather_sources(run.sources, work, run.options, SIZES, watch, by_input=True)
    _check(gathered.failed)
    samples = _samples(gathered, run.made_by, library_of(run.settings))
    lines = {one.lines.host: one.lines for one in last.sites if samples.get(one.lines.host) == one.sample}
    lines |= _learn(gathered, sorted(samples.keys() - lines.keys()), work, run.options, run.settings, watch)
    shutil.rmtree(work)
    sites = [LinesOfSample(samples[host], lines[host]) for host in sorted(samples)]
    write_last_lines(Path(run.settings.out), LastLines(sites, gathering_digest()))
    found = {host: lines[host] for host in sorted(lines) if lines[host].lines}
    digests = {host: one.digest for host, one in found.items()}
    made_by_of = {
        key: _digest(run.made_by, *(f"{host} {digests[host]}" for host in sorted(hosts & digests.keys())))
        for key, hosts in gathered.of_input.items()
        if not hosts.isdisjoint(digests)
    }
    return found, made_by_of


def _samples(gathered: Gathered, made_by: str, library: Library) -> dict[str, str]:
    """Return the sites without a pack that have enough pages, each with a digest of its sample."""
    least = shipped_run_line_settings().pages
    return {
        host: _digest(made_by, gathering_digest(), *((page.key + page.digest).hex() for page in site.sampled()))
        for host, site in gathered.sites.items()
        if host and len(site.ranked) >= least and library.site_of_url(f"https://{host}/") is None
    }


def _learn(
    gathered: Gathered, hosts: Sequence[str], work: Path, options: RunOptions, settings: WorkerSettings, watch: Watch
) -> dict[str, SiteLines]:
    """Return the lines of sites, learnt on the engine of the run."""
    shards = [*_shards(gathered, hosts, work / "sites")]
    workers = max(1, min(options.workers or os.cpu_count() or 1, len(shards)))
    progress = SharedProgress(shards, is_shared=workers > 1 and options.engine == LOCAL, unit="site")
    function = partial(learn_lines, settings=LineSettings(settings, gathering_digest()))
    engine = (options.engine, options.scheduler, workers)
    lines: dict[str, SiteLines] = {}
    failed: list[ShardFailure] = []
    with watch(progress), closing(run_shards(*engine, function, settings.holder, shards, progress)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, LinesOfShard):
                lines[outcome.lines.host] = outcome.lines
            else:
                failed.append(outcome)
            progress.finish_shard(outcome.shard, outcome.counts if isinstance(outcome, LinesOfShard) else Counts())
    if is_stopping.is_set():
        raise KeyboardInterrupt
    _check(failed)
    return lines


def _shards(gathered: Gathered, hosts: Sequence[str], file: Path) -> Iterator[Shard]:
    """Copy the sampled pages of sites into one file, and yield a shard for each site, with its stretch of the file."""
    with file.open("wb") as copied:
        for number, host in enumerate(hosts):
            start = copied.tell()
            for page in gathered.sites[host].sampled():
                copied.write(read_content(gathered.files[page.place.shard], page.place))
            end = copied.tell()
            source = Source(str(file), host, end - start, start, end)
            yield Shard(f"{number:05}-{hashlib.sha256(host.encode()).hexdigest()[:12]}", (source,))


def _check(failed: Sequence[ShardFailure]) -> None:
    """Raise Failed when not all pages could be learnt from: others would be cleaned by chance."""
    if failed:
        first = min(failed, key=lambda failure: failure.shard)
        raise Failed(f"the lines of sites could not be learnt ({first.reason}); run again, or leave out --learn-lines")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
