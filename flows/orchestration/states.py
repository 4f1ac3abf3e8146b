"""The final states of runs in Prefect. Called by `flows.orchestration.flow` and `flows.orchestration.scheduled`."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import State
from prefect.states import Cancelled, Completed, Failed

from flows.errors import Busy
from flows.execution.problems import Problem, QuarantineLimit, problems_of
from flows.execution.results import NOTHING_NEW, RunSummary
from flows.options import RunOptions
from flows.signals import stopped_after

SKIPPED = "Skipped"


def skipped(busy: Busy) -> State[None]:
    """Return the state of a run that another one keeps from its folder."""
    return Completed(name=SKIPPED, message=f"skipped: {busy}")


def state_of(summary: RunSummary, options: RunOptions) -> State[None]:
    """Return the state of a run that came to its end; its message holds the first problem of each kind."""
    if summary.stopped:
        done = summary.shards - summary.left
        return Cancelled(message=stopped_after(done, summary.shards, fresh=options.fresh))
    problems = problems_of(summary, QuarantineLimit.parse(options.fail_on_quarantine))
    if summary.failed:
        first = _first(problems, "failed")
        return Failed(message=f"{len(summary.failed)} shards could not be cleaned; {first}")
    if summary.stories_problem:
        return Failed(message=summary.stories_problem)
    if exceeded := _first(problems, "quarantine"):
        return Failed(message=exceeded)
    pages = f"{summary.counts.pages} pages cleaned, {summary.counts.bad} to quarantine"
    remarks = [remark for remark in (_first(problems, "damage"), _first(problems, "drift")) if remark]
    return Completed(message="; ".join([pages if summary.manifest else NOTHING_NEW, *remarks]))


def _first(problems: Sequence[Problem], kind: str) -> str:
    return next((problem.sentence for problem in problems if problem.kind == kind), "")
