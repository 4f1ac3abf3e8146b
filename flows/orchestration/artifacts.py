"""Prefect artifacts of a run: progress, summary, table of rules, links to manifest and report.

Called by `flows.orchestration.flow`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.execution.context import RunContext
from flows.execution.results import RunSummary
from flows.execution.scheduling import Outcomes
from flows.execution.shard import ShardResult
from flows.inputs.row_names import in_words
from flows.layout import REPORT
from flows.planning.damage import in_words as damage_in_words

TOP_RULES = 50


def with_progress(context: RunContext, results: Outcomes[ShardResult]) -> Outcomes[ShardResult]:
    """Yield the results of a run, and update a progress artifact after each."""
    number = len(context.plan.shards)
    if number < 2:
        yield from results
        return
    bar = create_progress_artifact(0.0, key="dehusk-progress", description=f"{number} shards to {context.options.out}")
    assert isinstance(bar, UUID)
    for done, result in enumerate(results, 1):
        yield result
        update_progress_artifact(bar, 100 * done / number)


def publish(context: RunContext, summary: RunSummary) -> None:
    """Create the artifacts of a finished run."""
    create_markdown_artifact(_as_markdown(summary), key="dehusk-summary", description=f"dehusk to {_plain(summary.out)}")
    if not summary.manifest:
        return
    rules = [{"rule": rule, "times": times} for rule, times in summary.counts.rules.most_common(TOP_RULES)]
    create_table_artifact(rules, key="dehusk-rules", description="The rules that removed most often")
    manifest = Path(context.settings.out, summary.manifest)
    create_link_artifact(manifest.as_uri(), key="dehusk-manifest", link_text="manifest of the run")
    if not summary.report_problem:
        report = Path(context.settings.out, REPORT)
        create_link_artifact(report.as_uri(), key="dehusk-report", link_text="report: what was removed, and why")


def _as_markdown(summary: RunSummary) -> str:
    counts = summary.counts
    removed = counts.chars_removed.total()
    skipped = Counter(skip.kind for skip in summary.skipped)
    rows = [
        ("pages", counts.pages),
        ("inputs as they were", summary.unchanged),
        ("still being written", len(summary.unsettled)),
        *((f"records: {kind}", number) for kind, number in sorted(counts.records.items())),
        ("characters kept", counts.chars_kept),
        ("characters removed", removed),
        *((f"quarantined: {reason}", number) for reason, number in sorted(counts.quarantined.items())),
        *((f"passed over: {kind}", number) for kind, number in sorted(skipped.items())),
        ("shards not cleaned", len(summary.failed)),
        ("shards left to the next run", summary.left),
    ]
    table = "\n".join(f"| {name} | {number:,} |" for name, number in rows)
    report = [f"report: {summary.out}/{REPORT}"] if summary.manifest and not summary.report_problem else []
    remarks = [
        *report,
        *summary.drift,
        *damage_in_words(summary.damaged, summary.lost),
        *in_words(summary.rows),
        *(f"shard {failure.shard} was not cleaned: {failure.reason}" for failure in summary.failed),
    ]
    return "\n\n".join([f"| | {_plain(summary.out)} |\n| --- | ---: |\n{table}", *(f"- {_plain(line)}" for line in remarks)])


def _plain(text: str) -> str:
    """Return `text` with everything escaped that Markdown or HTML might interpret."""
    return "".join(
        f"&#{ord(char)};" if not char.isalnum() and char not in " /.,:;-" else char for char in text if char.isprintable()
    )
