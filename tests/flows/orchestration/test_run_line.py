"""The line of a scheduled run: one line, printable, whatever the run met."""

from __future__ import annotations

import re

import pytest

from flows.execution.problems import QuarantineLimit, problems_of
from flows.execution.results import RunSummary
from flows.options import RunOptions
from flows.orchestration.run_line import details_of, outcome_of, print_line
from flows.orchestration.states import state_of
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts

FAILED = [ShardFailure("00001", "\x1b[2J\nno room"), ShardFailure("00002", "no room")]


def summary(**changes: object) -> RunSummary:
    values = {
        "out": "out",
        "counts": Counts(pages=1_200, quarantined={"empty": 3}),
        "unchanged": 7,
        "unsettled": [],
        "skipped": [],
    }
    return RunSummary(**values | {"failed": [], "manifest": "runs/1.json", "seconds": 1.25, "shards": 4} | changes)


@pytest.mark.parametrize(
    ("changes", "limit", "line", "kind"),
    [
        ({}, "", "done in 1.2 s: 1,200 pages cleaned, 3 to quarantine, 7 unchanged", "COMPLETED"),
        ({"manifest": ""}, "", "nothing new in 1.2 s: 7 unchanged", "COMPLETED"),
        ({}, "3", "failed in 1.2 s: 1,200 pages cleaned, 3 to quarantine, 7 unchanged; 3 of 1,203 pages went to", "FAILED"),
        ({"failed": FAILED}, "", "failed in 1.2 s: 1,200 pages cleaned, 3 to quarantine, 7 unchanged; shard 00001 was not"
         " cleaned: �[2J no room, and 1 more", "FAILED"),
        ({"drift": ["a site drifts"]}, "", "done in 1.2 s: 1,200 pages cleaned, 3 to quarantine, 7 unchanged; a ", "COMPLETED"),
        ({"stopped": True, "left": 3}, "", "stopped in 1.2 s: 1,200 pages cleaned, 3 to quarantine, 7 unchanged; 3 of 4 shards"
         " left to the next run", "CANCELLED"),
    ],
)  # fmt: skip
def test_a_run_is_one_printable_line(changes, limit, line, kind, capsys):
    done = summary(**changes)
    problems = problems_of(done, QuarantineLimit.parse(limit))
    print_line(outcome_of(done, problems), 1.24, details_of(done, problems))
    (printed,) = capsys.readouterr().err.splitlines()
    assert re.match(r"dehusk: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ " + re.escape(line), printed)
    assert printed.isprintable()
    state = state_of(done, RunOptions(fail_on_quarantine=limit))
    assert state.type == kind
    assert state.message
    assert state.message.isprintable()
