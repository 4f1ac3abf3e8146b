"""The line of a scheduled run on standard error: when it ended, how, in how many seconds, what it did, what is wrong.

Called by `flows.orchestration.serve` and, in a run that a schedule has started, by `flows.orchestration.scheduled`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby

from flows.display import printable
from flows.execution.problems import FAILURES, Problem
from flows.execution.results import NOTHING_NEW, RunSummary


def print_line(outcome: str, seconds: float | None, details: str) -> None:
    """Print the line of a run; None for a run that nobody saw begin."""
    took = "" if seconds is None else f" in {seconds:.1f} s"
    print_sentence(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {outcome}{took}: {details}")


def print_sentence(sentence: str) -> None:
    """Print a sentence on standard error."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # nobody reads it any more
            print(f"dehusk: {printable(sentence)}", file=sys.stderr, flush=True)


def outcome_of(summary: RunSummary, problems: Sequence[Problem]) -> str:
    """Return the outcome of a run in a word or two."""
    if summary.stopped:
        return "stopped"
    if any(problem.kind in FAILURES for problem in problems):
        return "failed"
    return "done" if summary.manifest else NOTHING_NEW


def details_of(summary: RunSummary, problems: Sequence[Problem]) -> str:
    """Return the work of a run and its problems: of each kind the first, and the number of others."""
    pages = "page" if summary.counts.pages == 1 else "pages"
    details = [
        f"{summary.counts.pages:,} {pages} cleaned, {summary.counts.bad:,} to quarantine, {summary.unchanged:,} unchanged"
        if summary.manifest
        else f"{summary.unchanged:,} unchanged",
        *([f"{summary.left:,} of {summary.shards:,} shards left to the next run"] if summary.left else []),
    ]
    for _, group in groupby(problems, key=lambda problem: problem.kind):
        first, *others = group
        details.append(f"{first.sentence}, and {len(others):,} more" if others else first.sentence)
    return "; ".join(details)
