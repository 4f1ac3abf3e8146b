"""Times at the edges of lines, in languages with date words and in those without.

Called by `line_classes` and `item_fields`.
"""

from __future__ import annotations

import re

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import MAX_REMEMBERED_CHARS, LineSpan

DIVIDERS = tuple("|/•·–—⋅‧,")
MAX_WORDS_BESIDE = 2  # of a line that is a time
MAX_NAME_WORDS = 5
_DIVIDERS = re.compile(r"\s*[|·•]\s*|\s+[-–—]\s+")
MAX_EDGE_CHARS = 16  # at the end of a line, in which a time has its digit
# A date in any language: a day, a few words, and a year; perhaps a clock time.
_DATE = re.compile(
    r"\b\d{1,2}(?:\.?\s+|\.)(?:[^\W\d]+[.,]?\s+){1,3}(?:\d{1,2},?\s+)?(?:19|20)\d\d\b(?:\D{0,12}\d{1,2}[:.h]\d\d\b)?"
)


def edge_time(text: str, ruleset: Ruleset) -> LineSpan | None:
    """Return the characters of a time at the start or the end of a line; a date may be in a language without date words."""
    if len(text) > MAX_REMEMBERED_CHARS or not any(map(str.isdecimal, (*text[:3], *text[-MAX_EDGE_CHARS:]))):
        return None
    found = ruleset.context.times.first(text)
    span = (found.start, found.end) if found is not None else None
    if span is None and (date := _DATE.search(text)):
        span = date.span()
    if span is None or (span[0] and span[1] < len(text) - 4):
        return None
    return span


def divided(text: str) -> list[LineSpan]:
    """Return the parts of a line between the signs that divide it."""
    parts, start = [], 0
    for match in _DIVIDERS.finditer(text):
        parts.append((start, match.start()))
        start = match.end()
    return [*parts, (start, len(text))]


def has_headline(text: str) -> bool:
    """Return whether a part of a divided line has the words of a headline."""
    parts = divided(text)
    return len(parts) > 1 and any(len(text[start:end].split()) > MAX_NAME_WORDS for start, end in parts)


def is_divided(text: str, span: LineSpan) -> bool:
    """Return whether nothing but a few words, or a sign that divides, stands beside a time."""
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    if len(f"{before} {after}".split()) <= MAX_WORDS_BESIDE or "/" in before:
        return True
    return before.endswith(DIVIDERS) or after.startswith(DIVIDERS)
