"""The ledger's promise: every visible character of a page is in exactly one segment."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.errors import BadPage
from cleaners.output.record import Segment


def check_ledger(text: str, segments: Sequence[Segment]) -> None:
    """Raise BadPage with the reason `ledger` when `segments` do not account for each visible character exactly once."""
    at = 0
    for segment in segments:
        if segment.start < at or segment.end <= segment.start or segment.end > len(text):
            raise BadPage("ledger", f"the segment {segment.start}-{segment.end} overlaps another or leaves the page")
        if (segment.record is None) == (segment.rule is None):
            raise BadPage("ledger", f"the segment {segment.start}-{segment.end} is not either kept or removed")
        _check_gap(text, at, segment.start)
        at = segment.end
    _check_gap(text, at, len(text))


def _check_gap(text: str, start: int, end: int) -> None:
    gap = text[start:end]
    if gap and not gap.isspace():
        lost = start + len(gap) - len(gap.lstrip())
        raise BadPage("ledger", f"the character at {lost} is in no segment")


def replay(text: str, segments: Sequence[Segment], record: str, field: str) -> str:
    """Return a record's field as the ledger alone gives it: the page's characters, minus what was removed.

    Parts of one line are joined by a blank where white space parts them and by nothing where none does; lines by a line
    end. This is how a reader of the audit file re-derives a record from the raw page.
    """
    read = ""
    last = -1
    for segment in segments:
        if segment.record != record or segment.field != field:
            continue
        lines = [line.strip() for line in text[segment.start : segment.end].splitlines()]
        kept = "\n".join(line for line in lines if line)
        if last >= 0:
            gap = text[last : segment.start]
            if len(f"{gap}.".splitlines()) > 1:
                read += "\n"
            elif gap[:1].isspace() or gap[-1:].isspace():
                read += " "
        read += kept
        last = segment.end
    return read
