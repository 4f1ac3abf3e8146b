"""The evidence for the lines of sampled pages, which are cleaned once more for it.

Called by `flows.report.pages`; the output folder holds no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from cleaners import BadPage, Library, Page, clean_page
from cleaners.output.evidence import in_words
from flows.output.lines import AuditLine

MAX_CHARS = 60_000  # of all pages that are cleaned once more: the first of a sample, in about a third of a second
MOST_LINES = 8  # of a piece
OPENING_CHARS = 30  # of a line, by which people find it


class Explainer:
    """Cleans pages of text again with the library of their run, None where that is not at hand; MAX_CHARS bounds the work."""

    def __init__(self, library: Library | None) -> None:
        self._library = library
        self._left = MAX_CHARS

    def of_page(self, line: AuditLine, text: str) -> dict[int, list[str]]:
        """Return the evidence for each piece of a page by the index of its segment, a text for each line.

        It is empty for a page that is too long or that does not give the same ledger again, as one from HTML.
        """
        self._left -= len(text)
        if self._library is None or self._left < 0 or line.text is not msgspec.UNSET:
            return {}
        info = line.page
        captured_at = datetime.fromisoformat(info.captured_at) if info.captured_at else None
        try:
            cleaned = clean_page(Page(text, info.path, info.url, captured_at), self._library, why=True)
        except BadPage:
            return {}
        if cleaned.segments != line.segments:
            return {}
        lines = [(found.start, found.end, in_words(found)) for found in cleaned.evidence]
        spans = [(segment.start, segment.end) for segment in line.segments]
        return {at: _shortened(texts) for at, texts in _by_span(text, lines, spans) if texts}


def _by_span(
    text: str, lines: Sequence[tuple[int, int, str]], spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the index of each span and the evidence of its lines; of several lines, each is named by its first words."""
    first = 0
    for at, (start, end) in enumerate(spans):
        while first < len(lines) and lines[first][1] <= start:
            first += 1
        last = first
        while last < len(lines) and lines[last][0] < end:
            last += 1
        found = lines[first:last]
        if len(found) == 1:
            yield at, [found[0][2]]
        else:
            yield at, [f"{_opening(text, line_start, line_end)} · {words}" for line_start, line_end, words in found]


def _opening(text: str, start: int, end: int) -> str:
    """Return the first characters of a line."""
    return text[start:end] if end - start <= OPENING_CHARS else f"{text[start : start + OPENING_CHARS]}…"


def _shortened(texts: list[str]) -> list[str]:
    """Return the first texts, and the number of those left out."""
    left = len(texts) - MOST_LINES
    return [*texts[:MOST_LINES], f"and {left} more lines"] if left > 0 else texts
