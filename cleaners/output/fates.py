"""Explain one page line by line: the record and field, or the rule, of each part of a line, and the witness that decided.

Called by `cleaners.explain` and by the command `dehusk explain`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import structs

from cleaners.output.record import Cleaned, Segment
from cleaners.segmentation.evidence import LineEvidence


class Part(msgspec.Struct, frozen=True):
    """Characters of a page with one fate: kept in the `field` of the record at `position`, or removed by a rule."""

    start: int
    end: int
    text: str
    position: int | None
    field: str | None
    rule: str | None
    kind: str | None


class LineFate(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a page, counted from 1, its parts, and its evidence where the page was cleaned with it."""

    line: int
    parts: list[Part]
    evidence: LineEvidence | None = None


def fates(text: str, cleaned: Cleaned) -> Iterator[LineFate]:
    """Yield every visible line of a page with the fate of each of its parts, and its evidence if there is any."""
    positions = {record.id: record.position for record in cleaned.records}
    starts = [found.start for found in cleaned.evidence]
    segments = _without_escapes(cleaned.segments)
    segment = next(segments, None)
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        end = at + len(line)
        parts = []
        while segment is not None and segment.start < end:
            parts.append(_part(text, segment, max(at, segment.start), min(end, segment.end), positions, cleaned))
            if segment.end > end:
                break
            segment = next(segments, None)
        shown = [part for part in parts if part.text]
        if shown:
            last = bisect_left(starts, end) - 1  # of the evidence, which may be for several lines that were read as one
            yield LineFate(number, shown, cleaned.evidence[last] if last >= 0 and cleaned.evidence[last].end > at else None)
        at = end


def grammars(cleaned: Cleaned) -> dict[str, str]:
    """Return for each embedded story that the grammar of the page gave, by its record, its place in the list and the form."""
    forms = {found.start: found.summary for found in cleaned.evidence if found.witness == "grammar"}
    named: dict[str, str] = {}
    for segment in cleaned.segments:
        if segment.record is not None and segment.start in forms:
            named.setdefault(segment.record, forms[segment.start])
    return named


def _without_escapes(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield segments, those that touch inside one field as one: an escape and the text beside it."""
    last: Segment | None = None
    for segment in segments:
        if (
            last is not None
            and last.end == segment.start
            and structs.replace(last, start=segment.start, end=segment.end) == segment
        ):
            last = structs.replace(last, end=segment.end)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _part(text: str, segment: Segment, start: int, end: int, positions: dict[str, int], cleaned: Cleaned) -> Part:
    position = positions[segment.record] if segment.record is not None else None
    kind = cleaned.kinds[segment.rule] if segment.rule is not None else None
    return Part(start, end, text[start:end].strip(), position, segment.field, segment.rule, kind)
