"""Translate a ledger of a text with edits to the original text, so that every character of the page has its segment.

Called by `cleaners.pipeline` for flattened pages, whose marks and line breaks were edited before they were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from cleaners.output.evidence import moved
from cleaners.output.ledger import check_ledger, replay, segments_by_record, touches
from cleaners.output.record import Cleaned, Segment
from cleaners.rules.model import RuleKind
from cleaners.text.flattened.edited import ESCAPE, JOINTS, LINE_ENDS, MARK, Edit, EditedText

KINDS: dict[str, RuleKind] = dict.fromkeys((MARK, ESCAPE, *JOINTS), "structure")


def restore(cleaned: Cleaned, steps: Sequence[EditedText], text: str) -> Cleaned | None:
    """Return what was cleaned with the ledger of the original `text`, or None when that ledger would not give the records."""
    before = [text, *(step.text for step in steps[:-1])]
    segments = cleaned.segments
    for step, original in zip(reversed(steps), reversed(before), strict=True):
        with_edits = _with_escapes if step.edits[0].rule == ESCAPE else _with_edits
        segments = list(with_edits(segments, step, original))
    check_ledger(text, segments)
    edited, restored = segments_by_record(cleaned.segments), segments_by_record(segments)
    for record, field in sorted({(segment.record, segment.field or "") for segment in cleaned.segments if segment.record}):
        value = replay(steps[-1].text, edited[record], record, field)
        if value != replay(text, restored.get(record, []), record, field):
            return None
    kinds = {segment.rule: KINDS[segment.rule] for segment in segments if segment.rule in KINDS}
    evidence = moved(cleaned.evidence, steps)
    return structs.replace(cleaned, segments=segments, kinds=cleaned.kinds | kinds, evidence=evidence, text=text)


def _with_edits(segments: Sequence[Segment], step: EditedText, original: str) -> Iterator[Segment]:
    """Yield the segments of an edited text, and those of its edits, in the original text; marks inside clutter belong to it."""
    at = 0  # the index of the next edit
    for segment in segments:
        start, end = step.original(segment.start), step.original(segment.end, is_end=True)
        is_clutter = segment.rule is not None and segment.rule not in JOINTS
        while at < len(step.edits) and step.edits[at].end <= start:
            edit = step.edits[at]
            if is_clutter and edit.end == start and _opens_line(edit, original):
                start = edit.start
            else:
                yield from _of_edit(edit, original)
            at += 1
        while at < len(step.edits) and (
            step.edits[at].start < end or (is_clutter and _closes_line(step.edits[at], end, original))
        ):
            edit = step.edits[at]
            at += 1
            if is_clutter and edit.rule == MARK:
                end = max(end, edit.end)
                continue
            yield from _part(segment, start, edit.start, original)
            yield from _of_edit(edit, original)
            start = edit.end
        yield from _part(segment, start, end, original)
    for edit in step.edits[at:]:
        yield from _of_edit(edit, original)


def _with_escapes(segments: Sequence[Segment], step: EditedText, original: str) -> Iterator[Segment]:
    """Yield the segments of a text without its escapes in the original text.

    An escape inside a field is a kept segment that touches its neighbours, or two that touch where it is all of a segment; one
    inside clutter belongs to it. One beside both stands for white space and is removed.
    """
    at = 0  # the index of the next edit
    for i, segment in enumerate(segments):
        start, end = step.original(segment.start), step.original(segment.end, is_end=True)
        while at < len(step.edits) and step.edits[at].end <= start:
            yield from _of_edit(step.edits[at], original)
            at += 1
        first = at
        while at < len(step.edits) and step.edits[at].start < end:
            at += 1
        places = [place for edit in step.edits[first:at] for place in (edit.start, edit.end)] if segment.rule is None else []
        if places == [start, end] and not any(touches(*pair) for pair in pairwise(segments[max(0, i - 1) : i + 2])):
            places = [start + 1]
        for part_start, part_end in pairwise(sorted({start, *places, end})):
            yield structs.replace(segment, start=part_start, end=part_end)
    for edit in step.edits[at:]:
        yield from _of_edit(edit, original)


def _opens_line(edit: Edit, text: str) -> bool:
    """Return whether an edit is a mark that begins a line."""
    return edit.rule == MARK and not text[text.rfind("\n", 0, edit.start) + 1 : edit.start].strip()


def _closes_line(edit: Edit, end: int, text: str) -> bool:
    """Return whether an edit is a mark from the offset `end` to the end of a line."""
    return edit.rule == MARK and edit.start == end and (edit.end == len(text) or text[edit.end] in LINE_ENDS)


def _of_edit(edit: Edit, text: str) -> Iterator[Segment]:
    """Yield the segment of an edit."""
    return _part(Segment(edit.start, edit.end, None, None, edit.rule), edit.start, edit.end, text)


def _part(segment: Segment, start: int, end: int, text: str) -> Iterator[Segment]:
    """Yield a part of a segment without outer white space, which only joints keep; nothing when nothing is left."""
    if segment.rule not in JOINTS:
        part = text[start:end]
        start, end = start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
    if start < end:
        yield Segment(start, end, segment.record, segment.field, segment.rule)
