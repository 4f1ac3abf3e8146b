"""Two readings of a page line by line: the fate of each line in both, and the change from the first to the second.

Called by `cleaners.learning.choice`, and by `flows.learning` to show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from cleaners.document.page import Line
from cleaners.output.record import Cleaned, RecordKind, Segment

# The change of a line: none, removed or kept by the second reading alone, a title in one of them alone, of another record, or
# of another field of the same one. The title of the own story in one reading alone is "title", also where it was removed.
LineChange = Literal["", "removed", "kept", "title", "record", "field"]
OWN: RecordKind = "article"


class LineFate(msgspec.Struct, frozen=True):
    """The fate of most characters of a line: a field of a record, with its position and kind, or the rule that removed them."""

    rule: str = ""
    field: str = ""
    position: int = 0
    kind: RecordKind | Literal[""] = ""

    @property
    def is_kept(self) -> bool:
        """Return whether the line is in a record."""
        return bool(self.kind)

    @property
    def is_own_title(self) -> bool:
        """Return whether the line is the title of the page's own story."""
        return self.kind == OWN and self.field == "title"


NO_FATE = LineFate()  # of the lines of a page that was refused


def line_fates(lines: Sequence[Line], cleaned: Cleaned | None) -> list[LineFate]:
    """Return the fate of each line of a page."""
    if cleaned is None:
        return [NO_FATE] * len(lines)
    records = {record.id: record for record in cleaned.records}
    fates: list[LineFate] = []
    for segment in _longest(lines, cleaned.segments):
        record = records.get(segment.record or "") if segment is not None else None
        if segment is None:
            fates.append(NO_FATE)
        elif record is None:
            fates.append(LineFate(rule=segment.rule or ""))
        else:
            fates.append(LineFate(field=segment.field or "", position=record.position, kind=record.kind))
    return fates


def _longest(lines: Sequence[Line], segments: Sequence[Segment]) -> Iterator[Segment | None]:
    """Yield for each line one of the segments with the fate of most of its characters, the first of equals."""
    first = 0
    for line in lines:
        while first < len(segments) and segments[first].end <= line.start:
            first += 1
        sizes: Counter[tuple[str | None, str | None, str | None]] = Counter()
        inside: dict[tuple[str | None, str | None, str | None], Segment] = {}
        for segment in _from(segments, first, line.end):
            fate = (segment.record, segment.field, segment.rule)
            sizes[fate] += min(segment.end, line.end) - max(segment.start, line.start)
            inside.setdefault(fate, segment)
        yield inside[max(sizes, key=sizes.__getitem__)] if sizes else None


def _from(segments: Sequence[Segment], first: int, end: int) -> Iterator[Segment]:
    """Yield the segments from index `first` on that begin before an offset."""
    while first < len(segments) and segments[first].start < end:
        yield segments[first]
        first += 1


def line_changes(before: Sequence[LineFate], after: Sequence[LineFate]) -> list[LineChange]:
    """Return the change of each line; records of both readings are the same where they share the most lines."""
    same = _same_records(before, after)
    return [_change(one, other, same) for one, other in zip(before, after, strict=True)]


def _same_records(before: Sequence[LineFate], after: Sequence[LineFate]) -> dict[int, int]:
    """Return the positions of records in the second reading by those in the first, each at most once."""
    pairs = zip(before, after, strict=True)
    shared = Counter((one.position, other.position) for one, other in pairs if one.is_kept and other.is_kept)
    same: dict[int, int] = {}
    for (one, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if one not in same and other not in same.values():
            same[one] = other
    return same


def _change(before: LineFate, after: LineFate, same: dict[int, int]) -> LineChange:
    """Return the change of a line."""
    if before.is_own_title != after.is_own_title:
        return "title"
    if not (before.is_kept and after.is_kept):
        return "removed" if before.is_kept else "kept" if after.is_kept else ""
    if same.get(before.position) != after.position:
        return "record"
    if before.field != after.field:
        return "title" if "title" in (before.field, after.field) else "field"
    return ""
