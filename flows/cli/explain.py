"""Explain one page line by line: each part with its fate, in colour for people and as structs for JSON.

Called by the command `dehusk explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import msgspec

from cleaners import Cleaned, Segment
from flows.display import printable

KEPT_COLOURS = ("green", "cyan", "blue", "magenta")
FATE_WIDTH = 30


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


def as_text(text: str, cleaned: Cleaned) -> Iterator[str]:
    """Yield the explanation of a page for a terminal: its site and layout, its lines, its records, a legend."""
    page = cleaned.page
    yield click.style(f"site {page.site or 'unknown'} · layout {page.layout} · {len(cleaned.records)} records", bold=True)
    for line in fates(text, cleaned):
        fate = " ".join(dict.fromkeys(_fate(part) for part in line.parts))
        yield f"{line.line:5} {fate:{FATE_WIDTH}} {_shown(line.parts)}"
    yield ""
    for record in cleaned.records:
        title = printable(record.title or record.text[:60])
        yield click.style(f"{record.position:5} {record.kind:10} {title}", fg=_colour(record.position))
    yield f"{'-':>5} {'removed':10} {click.style('by the rule named', fg='red')}; <<...>> is the removed part of a line"


def _fate(part: Part) -> str:
    return f"-{part.rule}" if part.rule is not None else f"{part.position} {part.field}"


def _shown(parts: Sequence[Part]) -> str:
    """Return a line's parts in their colours, with marks around a part removed from within the line."""
    return " ".join(
        click.style(printable(part.text), fg=_colour(part.position))
        if part.rule is None
        else click.style(f"<<{printable(part.text)}>>" if len(parts) > 1 else printable(part.text), fg="red")
        for part in parts
    )


def _colour(position: int | None) -> str:
    return KEPT_COLOURS[(position or 0) % len(KEPT_COLOURS)]
