"""A run from end to end: see what is to be done, clean shards, write down what is done, write the manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.board import Board
from flows.capture import FILE_TIME, SIDECAR, read_option
from flows.content import code, stamp_now
from flows.counts import Counts
from flows.database import opened
from flows.drift import find_drift
from flows.engines import DASK, LOCAL, Failure, Results, cleaned
from flows.errors import UsageError
from flows.lock import locked
from flows.manifest import moment, read_manifest, write_manifest
from flows.output import check_known, clear_output, clear_parts, clear_remains, make_folders
from flows.rows import USUAL, RowFields
from flows.rules import load_library, read_packs
from flows.sample import Sample
from flows.shard import Settings, ShardResult
from flows.shards import Shard
from flows.sources import Skipped, find_sources
from flows.state import Run, State
from flows.stdin import spool
from flows.stopping import finishing_on_ctrl_c, is_stopping, stopped_by_signals
from flows.storage import STDIN, is_url
from flows.work import Wanted, Work, find_work
from flows.writing import REPORT, RUNS

NOTHING_NEW = "nothing new"
DAMAGED = "its files are not those that were written; dehusk verify tells more, and dehusk run --fresh makes all anew"
Watch = Callable[[Board], AbstractContextManager[None]]  # what shows how far a run is, while it is at work
STATE_VARIABLE = "DEHUSK_STATE"  # holds the address of the state where no option does


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; every field has its option on the command line and its parameter in the flow."""

    inputs: tuple[str, ...]
    out: str = "out"
    workers: int = 0
    engine: str = LOCAL
    scheduler: str = ""
    captured_at: str = ""
    packs: str = ""
    site_packs: bool = True
    strict: bool = False
    fresh: bool = False
    prune: bool = False
    retry_quarantine: bool = False
    settle: float = 0.0
    state: str = ""
    fields: RowFields = USUAL


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do, and how."""

    options: Options
    settings: Settings
    made_by: str
    state: State
    work: Work
    skipped: list[Skipped]
    asked_clock: float
    began: datetime  # when it came to hold the output folder
    began_clock: float
    workers: int  # processes on this machine that clean shards
    board: Board


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did; `manifest` is "" when there was nothing to do."""

    out: str
    counts: Counts
    unchanged: int
    moving: list[str]
    skipped: list[Skipped]
    failed: list[Failure]
    manifest: str
    seconds: float
    drift: list[str] = field(default_factory=list)
    sample: Sample = field(default_factory=Sample)
    report_problem: str = ""
    shards: int = 0
    left: int = 0  # shards that a run that was stopped has left to the next one
    stopped: bool = False


@dataclass(slots=True)
class _Found:
    """What has come of the shards of a run so far."""

    failed: list[Failure]
    moving: set[str]
    done: list[ShardResult] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    sample: Sample = field(default_factory=Sample)


def unwatched(_: Board) -> AbstractContextManager[None]:
    """Show nothing of a run."""
    return nullcontext()


def run(options: Options, watch: Watch = unwatched) -> Summary:
    """Clean what is new or has changed in the inputs, without Prefect; raises Busy when another run is at work there."""
    with stopped_by_signals(), planned(options) as plan, watch(plan.board):
        shards = plan.work.shards
        return finish(plan, cleaned(options.engine, options.scheduler, plan.workers, plan.settings, shards, plan.board))


@contextmanager
def planned(options: Options) -> Iterator[Plan]:
    """Hold the output folder and give what a run has to do in it.

    Raises UsageError for a user's mistake before anything is written, and Busy when another run holds the folder.
    """
    asked_clock = time.monotonic()
    out = Path(os.path.abspath(options.out))
    settings = Settings(
        out=str(out),
        packs=read_packs(options.packs),
        strict=options.strict,
        site_packs=options.site_packs,
        captured_at=read_option(options.captured_at),
        fields=options.fields,
        code=code(),
    )
    if options.engine == DASK and not options.scheduler:
        raise UsageError("--engine dask needs the address of a scheduler, as in: --scheduler tcp://host:8786")
    load_library(settings.packs, strict=options.strict, site_packs=options.site_packs)
    files = [name for name in options.inputs if name != STDIN]
    sources, skipped = find_sources(files, out) if files or not options.inputs else ([], [])
    if settings.captured_at in (FILE_TIME, SIDECAR) and (STDIN in options.inputs or any(map(is_url, files))):
        raise UsageError(f"--captured-at {settings.captured_at} needs files on this machine; give a time instead")
    if settings.captured_at == SIDECAR:
        sources = [replace(source, stamp=stamp_now(source, SIDECAR)) for source in sources]
    make_folders(out)
    with ExitStack() as stack:
        settings = replace(settings, holder=stack.enter_context(locked(out)))
        began, began_clock = datetime.now(UTC), time.monotonic()
        clear_remains(out)
        state = stack.enter_context(opened(out, options.state or os.environ.get(STATE_VARIABLE, ""), fresh=options.fresh))
        if options.fresh:
            clear_output(out, state)
        check_known(out, state)
        if STDIN in options.inputs:
            sources.append(stack.enter_context(spool(out)))
        made_by = settings.digest()
        wanted = Wanted(made_by, settings.captured_at, options.fields, options.retry_quarantine, options.prune, options.settle)
        work = find_work(state, sources, out, wanted)
        if options.engine == DASK and work.shards:
            from flows.cluster import check_cluster  # an extra

            check_cluster(options.scheduler, settings, work.shards)
        # As many as asked for or as there are cores, not more than shards.
        workers = max(1, min(options.workers or os.cpu_count() or 1, len(work.shards)))
        board = Board(work.shards, is_shared=workers > 1 and options.engine == LOCAL)
        yield Plan(options, settings, made_by, state, work, skipped, asked_clock, began, began_clock, workers, board)


def finish(plan: Plan, results: Results) -> Summary:
    """Write down what is done, shard by shard, then the manifest and the report.

    When it is ended in the midst of that, what is done by then has a manifest, too.
    """
    found = _Found([Failure(name, DAMAGED) for name in plan.work.damaged], {*plan.work.moving})
    with finishing_on_ctrl_c():  # writing down included
        try:
            _take(plan, results, found)
        except BaseException:
            if found.done:
                with suppress(Exception):  # what ended it may keep this from being written as well, and is what is to be told
                    _write_down(plan, found)
            raise
        summary = _write_down(plan, found)
        return replace(summary, report_problem=_report(plan, summary.manifest) if summary.manifest else "")


def _take(plan: Plan, results: Results, found: _Found) -> None:
    """Write down of each shard what is done."""
    shards = {shard.name: shard for shard in plan.work.shards}
    with ExitStack() as stack:
        stack.callback(clear_parts, Path(plan.settings.out))
        stack.enter_context(closing(results))
        for result in results:
            plan.board.tell_end(result.shard, Counts() if isinstance(result, Failure) else result.counts)
            if isinstance(result, Failure):
                found.failed.append(result)
                continue
            _commit(plan, shards[result.shard], result)
            found.done.append(result)
            found.counts, found.sample = found.counts + result.counts, found.sample + result.sample
            found.moving.update(result.moving)


def _write_down(plan: Plan, found: _Found) -> Summary:
    """Write the manifest of a run, if it did something, and that it was made."""
    over = {result.shard for result in found.done} | {failure.shard for failure in found.failed}
    left = sum(shard.name not in over for shard in plan.work.shards)
    seconds = time.monotonic() - plan.asked_clock
    found.done.sort(key=lambda result: result.shard)
    found.failed.sort(key=lambda failure: failure.shard)
    drift = find_drift(found.counts, Path(plan.settings.out, RUNS))
    summary = Summary(
        plan.options.out, found.counts, plan.work.unchanged, sorted(found.moving), plan.skipped, found.failed, "", seconds,
        drift, found.sample, shards=len(plan.work.shards), left=left, stopped=is_stopping.is_set(),
    )  # fmt: skip
    if plan.work.shards or found.failed:
        summary = replace(summary, manifest=write_manifest(plan, summary, found.done))
    outcome = "failed" if found.failed else "stopped" if left else "done" if plan.work.shards else NOTHING_NEW
    plan.state.add_run(Run(moment(plan.began), round(time.monotonic() - plan.began_clock, 3), outcome, summary.manifest))
    return summary


def _report(plan: Plan, manifest: str) -> str:
    """Write the report of a run; return why there is none, if so: what a run has done is done without it."""
    out = Path(plan.settings.out)
    files = (source for shard in plan.work.shards for source in shard.sources)
    sources = {source.name: source for source in files if not is_url(source.file)}  # nothing is fetched twice for it
    try:
        from flows.report import write_report  # only what has something to report needs it

        write_report(out, manifest, read_manifest(out / manifest), sources, plan.settings.packs, out / REPORT)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _commit(plan: Plan, shard: Shard, result: ShardResult) -> None:
    """Write down what a shard holds now."""
    sources = {(source.name, source.start): source for source in shard.sources}
    rows = []
    for row in plan.work.holds[shard.name]:
        done = result.done.get((row.name, row.start))
        source = sources[row.name, row.start]
        if done is not None:
            row = row._replace(end=source.end, stamp=source.stamp, made_by=plan.made_by, **asdict(done))
        rows.append(row)
    plan.state.commit(shard.name, rows, result.files)
