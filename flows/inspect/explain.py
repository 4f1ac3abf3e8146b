"""Explain one page line by line: the record and field, or the rule, of each part of a line.

Called by `flows.cli.explain` and the command `dehusk explain`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cleaners import Cleaned, Segment


class Part(msgspec.Struct, frozen=True):
    """Characters of a page with one fate: kept in the `field` of the record at `position`, or removed by a rule."""

    start: int
    end: int
    text: str
    position: int | None
    field: str | None
    rule: str | None
    kind: str | None


class LineFate(msgspec.Struct, frozen=True):
    """One line of a page, counted from 1, and its parts."""

    line: int
    parts: list[Part]


def fates(text: str, cleaned: Cleaned) -> Iterator[LineFate]:
    """Yield every visible line of a page with the fate of each of its parts."""
    positions = {record.id: record.position for record in cleaned.records}
    segments = iter(cleaned.segments)
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
            yield LineFate(number, shown)
        at = end


def _part(text: str, segment: Segment, start: int, end: int, positions: dict[str, int], cleaned: Cleaned) -> Part:
    position = positions[segment.record] if segment.record is not None else None
    kind = cleaned.kinds[segment.rule] if segment.rule is not None else None
    return Part(start, end, text[start:end].strip(), position, segment.field, segment.rule, kind)
