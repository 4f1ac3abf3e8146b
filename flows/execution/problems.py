"""The problems of a run that a person should notice: failures, too many pages in quarantine, damaged files, drift of a site.

Called by `flows.execution.on_problem`, `flows.orchestration` and the command `dehusk run`.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from flows.display import os_error_text, printable
from flows.errors import Failed, UsageError
from flows.execution.results import RunSummary
from flows.inputs.storage import without_secrets
from flows.output.metrics import Counts
from flows.planning.damage import in_words as damage_in_words

ProblemKind = Literal["failed", "quarantine", "damage", "drift"]
FAILURES: tuple[ProblemKind, ...] = ("failed", "quarantine")
MAX_SENTENCES = 20  # of the shards that failed
_LIMIT = re.compile(r"0*[1-9]\d*|(?P<share>\d+(?:\.\d+)?)%", re.ASCII)


class Problem(NamedTuple):
    """A problem of a run, as one printable line."""

    kind: ProblemKind
    sentence: str


class QuarantineLimit(NamedTuple):
    """The number of pages in quarantine, or their share in percent, from which on a run fails; "" for no limit."""

    text: str

    @classmethod
    def parse(cls, text: str) -> QuarantineLimit:
        """Return the limit in the value of --fail-on-quarantine; raises UsageError when it is neither number nor share."""
        match = _LIMIT.fullmatch(text)
        if text and (match is None or not 0 < float(text.rstrip("%")) < float("inf")):
            raise UsageError(
                f"--fail-on-quarantine: {text!r} is no limit; write a number of pages from 1 on, or a share, as 5%"
            )
        return cls(text)

    def exceeded_by(self, counts: Counts) -> str:
        """Return a sentence when a run with these counters fails by the limit, else ""."""
        bad, total = counts.bad, counts.pages + counts.bad
        if not self.text or not bad:
            return ""
        reached = 100 * bad / total if self.text.endswith("%") else bad
        if reached < float(self.text.rstrip("%")):
            return ""
        pages = "page" if total == 1 else "pages"
        return f"{bad:,} of {total:,} {pages} went to quarantine; the run fails by --fail-on-quarantine={self.text}"


def problems_of(summary: RunSummary, limit: QuarantineLimit) -> list[Problem]:
    """Return the problems of a finished run, the most serious kind first."""
    failed = [f"shard {failure.shard} was not cleaned: {failure.reason}" for failure in summary.failed[:MAX_SENTENCES]]
    if more := len(summary.failed) - len(failed):
        failed.append(f"{more:,} more shards were not cleaned")
    failed += [summary.stories_problem] if summary.stories_problem else []
    exceeded = limit.exceeded_by(summary.counts)
    return [
        *(Problem("failed", printable(sentence)) for sentence in failed),
        *([Problem("quarantine", exceeded)] if exceeded else []),
        *(Problem("damage", printable(sentence)) for sentence in damage_in_words(summary.damaged, summary.lost)),
        *(Problem("drift", printable(sentence)) for sentence in summary.drift),
    ]


def sentence_of(error: Exception) -> str:
    """Return an error that ended a run as one printable line without secrets."""
    if isinstance(error, OSError):
        sentence = os_error_text(error)
    elif isinstance(error, UsageError | Failed):
        sentence = str(error)
    else:
        sentence = f"{type(error).__name__}: {error}"
    return printable(without_secrets(sentence))
