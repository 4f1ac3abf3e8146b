"""Commit the results of a run: its shards, its manifest, its report.

Called by `flows.execution.run` and `flows.orchestration.flow`.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import cleaners
from flows.display import os_error_text
from flows.errors import Failed
from flows.execution.context import RunContext
from flows.execution.learnt_lines import remember_inputs
from flows.execution.scheduling import Outcomes
from flows.execution.shard import MAX_REFUSED, ShardResult
from flows.inputs.discovery import Skipped, Source
from flows.inputs.raw_page import PLACE
from flows.inputs.row_names import RowNames
from flows.inputs.storage import is_url
from flows.inspect.drift import find_drift
from flows.layout import CONTRACT, REPORT
from flows.output.manifest import (
    Manifest,
    ShardFailure,
    ShardFiles,
    manifest_time,
    read_manifest,
    write_manifest,
)
from flows.output.metrics import Counts
from flows.output.sample import Sample, SampledPage
from flows.output.site_months import SiteMonths
from flows.output.written import digests
from flows.packs import learnable_sites, library_of
from flows.planning.runs import Run, RunOutcome
from flows.planning.shard_inputs import number_of, write_inputs
from flows.signals import finishing_on_ctrl_c, is_stopping
from flows.stories.show import overview
from flows.stories.update import update_stories

NOTHING_NEW: RunOutcome = "nothing new"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The results of a run.

    `manifest` is its name below the output folder, "" when there was nothing to do. `unsettled` names the inputs that are still
    being written. `left` counts the shards that a stopped run leaves to the next one. `refused` names the first pages in
    quarantine by reason; `rows` counts the names of the fields of rows. `damaged` says of files how they had changed since they
    were written; their shards were cleaned again. `lost` names inputs that were not there for that. `number` is that of the run
    in the order of runs. `drift` has a sentence for each change of a site, `drifting` the counters by month of these sites.
    """

    out: str
    counts: Counts
    unchanged: int
    unsettled: list[str]
    skipped: list[Skipped]
    failed: list[ShardFailure]
    manifest: str
    seconds: float
    drift: list[str] = field(default_factory=list)
    sample: Sample = field(default_factory=Sample)
    report_problem: str = ""
    stories_problem: str = ""
    shards: int = 0
    left: int = 0
    stopped: bool = False
    refused: dict[str, list[str]] = field(default_factory=dict)
    rows: RowNames = field(default_factory=RowNames)
    damaged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    number: int = 0
    drifting: SiteMonths = field(default_factory=dict)


@dataclass(slots=True)
class _Results:
    """The results of the shards of a run so far."""

    unsettled: set[str]
    failed: list[ShardFailure] = field(default_factory=list)
    done: list[ShardFiles] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    sample: Sample = field(default_factory=Sample)
    refused: dict[str, list[str]] = field(default_factory=dict)
    rows: RowNames = field(default_factory=RowNames)


def finish(context: RunContext, outcomes: Outcomes[ShardResult]) -> RunSummary:
    """Commit the shards as they are done, then write the manifest and the report.

    On an error the manifest holds the shards done by then.
    """
    results = _Results({*context.plan.unsettled})
    with finishing_on_ctrl_c():  # the manifest and the report included
        try:
            _commit_all(context, outcomes, results)
        except BaseException:
            if results.done:
                with suppress(Exception):  # the first error is the one to report; it may also prevent the manifest
                    _conclude(context, results)
            raise
        summary = _conclude(context, results)
        if context.options.learn_lines and not (summary.failed or summary.left or summary.unsettled):
            remember_inputs(Path(context.settings.out), context.made_by, context.sources, context.state.known())
        summary = replace(summary, stories_problem=_stories(context))
        return replace(summary, report_problem=_report(context, summary.manifest) if summary.manifest else "")


def _commit_all(context: RunContext, outcomes: Outcomes[ShardResult], results: _Results) -> None:
    """Commit each shard that is done, and add its counters to the results."""
    with closing(outcomes):
        for outcome in outcomes:
            context.progress.finish_shard(outcome.shard, Counts() if isinstance(outcome, ShardFailure) else outcome.counts)
            if isinstance(outcome, ShardFailure):
                results.failed.append(outcome)
                continue
            _commit(context, outcome)
            results.done.append(ShardFiles(outcome.shard, digests(outcome.files)))
            results.counts, results.sample = results.counts + outcome.counts, results.sample + outcome.sample
            results.rows += outcome.rows
            results.unsettled.update(outcome.unsettled)
            for reason, names in outcome.refused.items():
                results.refused[reason] = sorted([*results.refused.get(reason, ()), *names])[:MAX_REFUSED]


def _conclude(context: RunContext, results: _Results) -> RunSummary:
    """Write the manifest of a run that did something, add the run to the state, and return its summary."""
    finished = {shard.name for shard in results.done} | {failure.shard for failure in results.failed}
    left = sum(head.name not in finished for head in context.plan.shards.heads)
    seconds = time.monotonic() - context.started_clock
    results.failed.sort(key=lambda failure: failure.shard)
    drift = find_drift(
        results.counts,
        Path(context.settings.out),
        library_of(context.settings),
        learnable_sites(context.settings.packs),
        is_fresh=context.options.fresh,
    )
    summary = RunSummary(
        context.options.out, results.counts, context.plan.unchanged, sorted(results.unsettled), context.skipped, results.failed,
        "", seconds, [one.sentence for one in drift], results.sample, shards=len(context.plan.shards), left=left,
        stopped=is_stopping.is_set(),
        refused=results.refused, rows=results.rows.in_order(), damaged=context.plan.damaged, lost=context.plan.lost,
        number=context.number, drifting={one.site: one.months for one in drift},
    )  # fmt: skip
    if context.plan.shards or results.failed:
        manifest = _manifest(context, summary, results.done)
        summary = replace(summary, manifest=write_manifest(Path(context.settings.out), manifest, context.options))
    done: RunOutcome = "done" if context.plan.shards else NOTHING_NEW
    outcome: RunOutcome = "failed" if results.failed else "stopped" if left else done
    held = round(time.monotonic() - context.began_clock, 3)
    context.state.end_run(Run(context.number, manifest_time(context.began), held, outcome, summary.manifest))
    return summary


def _manifest(context: RunContext, summary: RunSummary, done: Iterable[ShardFiles]) -> Manifest:
    """Return the manifest of a run."""
    return Manifest(
        contract=CONTRACT,
        dehusk=cleaners.__version__,
        python=platform.python_version(),
        rules=library_of(context.settings).digest,
        run=context.number,
        began=manifest_time(context.began),
        seconds=round(summary.seconds, 3),
        counts=summary.counts,
        unchanged=summary.unchanged,
        moving=summary.unsettled,
        stopped=summary.stopped,
        left=summary.left,
        failed=summary.failed,
        shards=sorted(done, key=lambda shard: shard.name),
        drift=summary.drift,
        drifting=summary.drifting,
        damaged=summary.damaged,
        lost=summary.lost,
        skipped=summary.skipped,
        sample=summary.sample.pages(),
        rows=summary.rows,
        learnt_lines=context.learnt.numbers,
    )


def _stories(context: RunContext) -> str:
    """Bring the stories up to all records and return a sentence on a failure, else ""."""
    if not context.options.stories:
        return ""
    try:
        update_stories(Path(context.settings.out), context.state_url, context.state.shards())
    except Failed as error:
        return f"the stories are behind the records: {error}"
    except OSError as error:
        return f"the stories are behind the records: {os_error_text(error)}; mend that, and the next run brings them up"
    return ""


def _report(context: RunContext, manifest: str) -> str:
    """Write the report of a run and return the reason for a failure, else "": a run without a report is done all the same."""
    out = Path(context.settings.out)
    try:
        read = read_manifest(out / manifest, ("shards",))
        sources = _sampled_files(context, read.sample)
        from flows.report.build import write_report  # a run with nothing to report does not need it

        packs, stories = context.settings.packs, overview(out, context.state_url, context.state.shards())
        write_report(out, manifest, read, sources, packs, out / REPORT, stories=stories)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _sampled_files(context: RunContext, sample: Iterable[SampledPage]) -> dict[str, Source]:
    """Return the files of this machine with sampled pages by name; the report fetches nothing again."""
    names = {name for page in sample for name in (page.path, PLACE.sub("", page.path))}
    shards = (context.plan.shards.planned(name)[0] for name in sorted({page.shard for page in sample}))
    files = (source for shard in shards for source in shard.sources if source.name in names)
    return {source.name: source for source in files if not is_url(source.file)}


def _commit(context: RunContext, result: ShardResult) -> None:
    """Write the new contents of a shard to its file of inputs, then to the state."""
    shard, planned = context.plan.shards.planned(result.shard)
    sources = {(source.name, source.start): source for source in shard.sources}
    rows = []
    for row in planned:
        done = result.done.get((row.name, row.start))
        source = sources[row.name, row.start]
        if done is not None:
            row = row._replace(end=source.end, stamp=source.stamp, made_by=context.made_by_of(source.key), **asdict(done))
        rows.append(row)
    write_inputs(Path(context.settings.out), shard.name, number_of(shard.name), result.files, rows)
    context.state.commit(shard.name, rows, result.files)
