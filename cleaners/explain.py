"""Explain a page: the fate of each line with the witness that decided it, for people.

Public in `cleaners`, for programs and notebooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from cleaners.document.page import Page
from cleaners.output.evidence import in_words
from cleaners.output.fates import LineFate, Part, fates
from cleaners.output.html_view import SOFT, coloured
from cleaners.output.record import Cleaned
from cleaners.pipeline import clean_page
from cleaners.rules.registry import Library
from cleaners.text.visible import visible_chars

MAX_LINES = 5_000  # that a notebook shows
FATE_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lines of a page with their fates and their evidence; printed it is a text, in a notebook a table in colour."""

    cleaned: Cleaned
    lines: Sequence[LineFate]

    def __str__(self) -> str:
        return "\n".join(_as_text(self.lines))

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.lines[:MAX_LINES]))
        left = len(self.lines) - MAX_LINES
        more = f"<p style='{SOFT}'>and {left:,} more lines</p>" if left > 0 else ""
        return f"<div><table style='text-align:left'>{rows}</table>{more}</div>"


def explain(page: Page | str, library: Library | None = None) -> Explanation:
    r"""Return the lines of a page, each with its fate and the evidence for it; raises BadPage as `clean_page` does.

    >>> print(explain("Ferry returns\nThe ferry is back.\nAdvertisement").lines[2].parts[0].rule)
    en.ad-line
    """
    cleaned = clean_page(page, library, why=True)
    return Explanation(cleaned, [*fates(cleaned.text, cleaned)])


def fate_of(part: Part) -> str:
    """Return the fate of a part of a line in a word or two."""
    return f"-{part.rule}" if part.rule is not None else f"{part.position} {part.field}"


def _as_text(lines: Sequence[LineFate]) -> Iterator[str]:
    for line in lines:
        fate = " ".join(dict.fromkeys(map(fate_of, line.parts)))
        yield f"{line.line:5} {fate:{FATE_WIDTH}} {visible_chars(' '.join(part.text for part in line.parts))}"
        if line.evidence is not None:
            yield f"{'':5} {visible_chars(in_words(line.evidence))}"


def _row(line: LineFate) -> str:
    """Return a line as a row of a table of HTML."""
    fate = escape(" ".join(dict.fromkeys(map(fate_of, line.parts))))
    text = " ".join(coloured(part.text, part.position, part.field or part.rule or "") for part in line.parts)
    why = escape(visible_chars(in_words(line.evidence))) if line.evidence is not None else ""
    cell = "style='text-align:left;vertical-align:top;overflow-wrap:anywhere'"
    return (
        f"<tr><td {cell}>{line.line}</td><td {cell}>{fate}</td><td {cell}>{text}<br><span style='{SOFT}'>{why}</span></td></tr>"
    )
