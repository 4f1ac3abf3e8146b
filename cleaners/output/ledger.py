"""Check a ledger, in which every visible character of a page is in exactly one segment, and replay records from it.

Called by `assemble`, and by `flows` for the report and for `dehusk verify`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.errors import BadPage
from cleaners.output.record import Segment
from cleaners.text.flattened.edited import JOINED_LINE, JOINED_WORD, MARK

PASSED_OVER: dict[str | None, str] = {MARK: "", JOINED_LINE: " ", JOINED_WORD: ""}  # rules, and the text left of their segments


def check_ledger(text: str, segments: Sequence[Segment]) -> None:
    """Raise BadPage with the reason `ledger` when `segments` do not account for each visible character exactly once."""
    end = 0
    for segment in segments:
        if segment.start < end or segment.end <= segment.start or segment.end > len(text):
            raise BadPage("ledger", f"the segment {segment.start}-{segment.end} overlaps another or leaves the page")
        if (segment.record is None) == (segment.rule is None):
            raise BadPage("ledger", f"the segment {segment.start}-{segment.end} is not either kept or removed")
        _check_gap(text, end, segment.start)
        end = segment.end
    _check_gap(text, end, len(text))


def _check_gap(text: str, start: int, end: int) -> None:
    gap = text[start:end]
    if gap and not gap.isspace():
        lost = start + len(gap) - len(gap.lstrip())
        raise BadPage("ledger", f"the character at {lost} is in no segment")


def replay(text: str, segments: Sequence[Segment], record: str, field: str) -> str:
    """Return a record's field, derived from the page's characters and the ledger alone.

    Parts of one line are joined by a blank if white space separates them, else by nothing; lines are joined by a line end.
    Three rules make exceptions: characters removed by `generic.markup` separate nothing, a line end removed by
    `generic.joined-line` counts as a blank, one removed by `generic.joined-word` as nothing.
    A reader of the audit file derives a record from the raw page in this way.
    """
    value = gap = ""
    last = -1
    for segment in segments:
        if segment.rule in PASSED_OVER and last >= 0:
            gap += text[last : segment.start] + PASSED_OVER[segment.rule]
            last = segment.end
        if segment.record != record or segment.field != field:
            continue
        lines = [line.strip() for line in text[segment.start : segment.end].splitlines()]
        kept = "\n".join(line for line in lines if line)
        if last >= 0:
            gap += text[last : segment.start]
            if len(f"{gap}.".splitlines()) > 1:
                value += "\n"
            elif gap[:1].isspace() or gap[-1:].isspace():
                value += " "
        value += kept
        last = segment.end
        gap = ""
    return value
