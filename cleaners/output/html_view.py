"""Show a page and its records as HTML for notebooks, in the colours of the report; whatever the page says is escaped.

Called by the types of `cleaners.output.record`, and by `cleaners.explain`. Styles stand in the elements, as some notebooks drop
others; no script is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from cleaners.text.visible import visible, visible_chars

MAX_CHARS = 200_000  # of a page that are shown
MAX_RECORDS = 200  # of a page that are listed
MAX_TITLE_CHARS = 300
INK = "#1b1f24"  # for light papers in dark notebooks, too
PAPERS = ("#d9f0df", "#d8e9fb", "#fbf0c4", "#eadffb", "#d3f1ef", "#fbdcef")  # of records, by their positions in turn
REMOVED = "background:#ffe3de;color:#8e1d0b;text-decoration:line-through"
SOFT = "opacity:.7;font-size:.9em"
BOX = (
    "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;max-height:30em;overflow:auto;border:1px solid #8888;"
    "padding:.6em"
)


class ShownSpan(NamedTuple):
    """Characters of a page with one fate: the position of their record, None if removed, and the field or the rule."""

    start: int
    end: int
    position: int | None
    label: str


class ShownRecord(NamedTuple):
    """The line of a record below its page."""

    position: int
    kind: str
    title: str
    confidence: float


def page_view(heading: str, text: str, spans: Iterable[ShownSpan], records: Iterable[ShownRecord]) -> str:
    """Return a page as HTML: its text in pieces, coloured by record, removed ones struck through, and its records below."""
    shown = [*records]
    rows = "".join(map(_row, shown[:MAX_RECORDS]))
    more = f"<p style='{SOFT}'>and {len(shown) - MAX_RECORDS:,} more records</p>" if len(shown) > MAX_RECORDS else ""
    pieces = "".join(_pieces(text, spans))
    return f"<div><p style='{SOFT}'>{escape(visible_chars(heading))}</p><div style='{BOX}'>{pieces}</div>{rows}{more}</div>"


def record_view(title: str, facts: Mapping[str, str], text: str) -> str:
    """Return a record as HTML: its title, the facts that are known of it, and its text."""
    known = " · ".join(escape(visible(value, MAX_TITLE_CHARS)) for value in facts.values() if value)
    body = escape(_lines(text[:MAX_CHARS])) + ("…" if len(text) > MAX_CHARS else "")
    head = f"<b>{escape(visible(title, MAX_TITLE_CHARS))}</b><p style='{SOFT}'>{known}</p>"
    return f"<div>{head}<div style='{BOX}'>{body}</div></div>"


def coloured(text: str, position: int | None, label: str) -> str:
    """Return a piece of a page in the colour of its record, or struck through, with its field or rule on pointing at it."""
    style = REMOVED if position is None else f"background:{PAPERS[position % len(PAPERS)]};color:{INK}"
    hint = label if position is None else f"{position} {label}"
    return f'<span style="{style}" title="{escape(visible_chars(hint))}">{escape(_lines(text))}</span>'


def _pieces(text: str, spans: Iterable[ShownSpan]) -> Iterable[str]:
    at = 0
    for span in spans:
        if span.end > MAX_CHARS:
            yield f"<span style='{SOFT}'>… {len(text) - at:,} more characters</span>"
            return
        yield escape(_lines(text[at : span.start]))
        yield coloured(text[span.start : span.end], span.position, span.label)
        at = span.end
    yield escape(_lines(text[at:MAX_CHARS]))


def _row(record: ShownRecord) -> str:
    title = coloured(visible(record.title, MAX_TITLE_CHARS), record.position, record.kind)
    return (
        f"<div>{record.position} {escape(record.kind)} {title} <span style='{SOFT}'>{record.confidence:.2f} sure</span></div>"
    )


def _lines(text: str) -> str:
    """Return text with its line ends, and everything else that is invisible as numbers."""
    return "\n".join(map(visible_chars, text.split("\n")))
