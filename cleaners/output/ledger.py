"""Check a ledger, in which every visible character of a page is in exactly one segment, and replay records from it.

Called by `assemble`, and by `flows` for the report and for `dehusk verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleaners.errors import BadPage
from cleaners.output.record import RecordField, Segment
from cleaners.text.flattened.edited import ESCAPE, JOINED_LINE, JOINED_WORD, MARK, RUNNING_HEAD
from cleaners.text.flattened.escapes import meaning_of

# Rules, and the text left of their segments; an escape leaves its meaning.
PASSED_OVER: dict[str | None, str] = {MARK: "", JOINED_LINE: " ", JOINED_WORD: "", RUNNING_HEAD: "", ESCAPE: ""}
# Fields of one line: a record has single blanks where the page has other white space in them, line ends included.
LINE_FIELDS: frozenset[RecordField] = frozenset({"title", "source", "published_raw", "category"})


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


def segments_by_record(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    """Return the segments from which each record is replayed: its own, and those between them that are passed over.

    Replaying all records of a page from these takes time in proportion to the page, where each would read the whole ledger.
    """
    found: dict[str, list[Segment]] = {}
    passed: list[Segment] = []
    until: dict[str, int] = {}  # the number of segments passed over before a record's last one
    for segment in segments:
        if segment.rule in PASSED_OVER:
            passed.append(segment)
        elif segment.record is not None:
            own = found.setdefault(segment.record, [])
            own += passed[until.get(segment.record, len(passed)) :]
            own.append(segment)
            until[segment.record] = len(passed)
    return found


def with_single_blanks(value: str) -> str:
    """Return a value with one blank in place of each run of white space, and none around it."""
    return " ".join(value.split())


def replay(text: str, segments: Sequence[Segment], record: str, field: str) -> str:
    """Return a record's field, derived from the page's characters and the ledger alone.

    Parts of one line are joined by a blank if white space separates them, else by nothing; lines are joined by a line end.
    Five rules make exceptions: characters removed by `generic.markup` and lines removed by `generic.running-head` separate
    nothing, a line end removed by
    `generic.joined-line` counts as a blank, one removed by `generic.joined-word` as nothing, an escape removed by
    `generic.escape` as the white space for which it stands. Kept segments of a field that touch are parts of an escaped text:
    one of them that is an escape, such as `&#8217;`, stands for its character, and so do several that are one together.
    A reader of the audit file derives a record from the raw page in this way, with single blanks in the fields of one line.
    """
    value = gap = ""
    last = -1
    for start, end, rule, kept in _pieces(text, segments, record, field):
        if rule is not None:
            if last >= 0:
                gap += text[last:start] + (meaning_of(text[start:end]) if rule == ESCAPE else PASSED_OVER[rule])
                last = end
            continue
        lines = [line.strip() for line in kept.splitlines()]
        if last >= 0:
            gap += text[last:start]
            if len(f"{gap}.".splitlines()) > 1:
                value += "\n"
            elif gap[:1].isspace() or gap[-1:].isspace():
                value += " "
        value += "\n".join(line for line in lines if line)
        last = end
        gap = ""
    return value


def _pieces(text: str, segments: Sequence[Segment], record: str, field: str) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield the places of the segments that count for a field: with their rule, or with the text that was kept."""
    at = 0
    while at < len(segments):
        first = segments[at]
        at += 1
        if first.rule in PASSED_OVER:
            yield first.start, first.end, first.rule, ""
        elif first.record == record and first.field == field:
            run = [first]
            while at < len(segments) and touches(run[-1], segments[at]):
                run.append(segments[at])
                at += 1
            yield first.start, run[-1].end, None, _kept([text[part.start : part.end] for part in run])


def _kept(parts: list[str]) -> str:
    """Return the text of kept segments that touch: of an escape in several parts, or of text with escapes among its parts."""
    if len(parts) == 1:
        return parts[0]
    whole = "".join(parts)
    meaning = meaning_of(whole)
    return meaning if meaning != whole else "".join(map(meaning_of, parts))


def touches(first: Segment, second: Segment) -> bool:
    """Return whether two kept segments of one field touch, which those of an escaped text alone do."""
    return first.end == second.start and (first.record, first.field) == (second.record, second.field)
