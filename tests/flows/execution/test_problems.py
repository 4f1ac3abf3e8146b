"""Problems of a run: the kinds, the limit of pages in quarantine, and errors as one line."""

from __future__ import annotations

import pytest

from flows.errors import Failed, UsageError
from flows.execution.problems import QuarantineLimit, problems_of, sentence_of
from flows.execution.results import RunSummary
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts

NO_LIMIT = QuarantineLimit.parse("")


def summary(pages: int = 0, bad: int = 0, failed: int = 0, drift: tuple[str, ...] = ()) -> RunSummary:
    failures = [ShardFailure(f"0000{i}", "no room\x1b[2J") for i in range(failed)]
    return RunSummary(
        "out", Counts(pages=pages, quarantined={"empty": bad}), 0, [], [], failures, "runs/1.json", 1.0, list(drift)
    )


@pytest.mark.parametrize(
    ("limit", "pages", "bad", "fails"),
    [
        ("", 1, 99, False),
        ("1", 99, 0, False),
        ("1", 99, 1, True),
        ("10", 90, 9, False),
        ("10", 90, 10, True),
        ("5%", 95, 5, True),
        ("5%", 96, 4, False),
        ("0.5%", 199, 1, True),
        ("100%", 0, 3, True),
        ("5%", 0, 0, False),
    ],
)
def test_a_run_fails_from_so_many_pages_or_such_a_share_on(limit, pages, bad, fails):
    counts = Counts(pages=pages, quarantined={"empty": bad})
    assert bool(QuarantineLimit.parse(limit).exceeded_by(counts)) == fails


@pytest.mark.parametrize("text", ["0", "0%", "0.0%", "-1", "five", "5 %", "1.5", "%", " ", "٣", "true"])
def test_what_is_no_limit_is_a_mistake(text):
    with pytest.raises(UsageError, match="is no limit; write a number of pages from 1 on, or a share, as 5%"):
        QuarantineLimit.parse(text)


def test_problems_are_printable_and_the_worst_come_first():
    found = problems_of(summary(2, 1, 1, ("90% of a\nb",)), QuarantineLimit.parse("1"))
    assert [problem.kind for problem in found] == ["failed", "quarantine", "drift"]
    assert found[0].sentence == "shard 00000 was not cleaned: no room�[2J"
    assert found[1].sentence == "1 of 3 pages went to quarantine; the run fails by --fail-on-quarantine=1"
    assert found[2].sentence == "90% of a b"
    assert problems_of(summary(2, 1), NO_LIMIT) == []


def test_of_many_shards_that_failed_the_first_are_named():
    found = problems_of(summary(failed=1_020), NO_LIMIT)
    assert len(found) == 21
    assert found[-1].sentence == "1,000 more shards were not cleaned"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UsageError("do it so"), "do it so"),
        (Failed("it is\x9b lost"), "it is� lost"),
        (OSError(28, "No space left on device", "out/a"), "No space left on device: out/a"),
        (OSError(5, "no answer of https://us:pw@a.example/b?key=1"), "no answer of https://a.example/b"),
        (ValueError("odd\n"), "ValueError: odd "),
    ],
)
def test_an_error_is_one_line_without_secrets(error, sentence):
    assert sentence_of(error) == sentence
