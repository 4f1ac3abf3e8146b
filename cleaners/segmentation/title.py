"""Compare titles. Called by the modules of segmentation that choose the title of a story."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.segmentation.line_features import MAX_REMEMBERED, MAX_REMEMBERED_CHARS

MIN_SHARED_CHARS = 12
_WORD = re.compile(r"\w+")


def has_same_words(text: str, title: str) -> bool:
    """Return whether a text has the words of a title, and no others."""
    return _words(text) == _words(title) != ""


def goes_on(text: str, title: str) -> bool:
    """Return whether a text holds the words of a title and has others behind them."""
    line, words = _words(text), _words(title)
    return words in line and not line.endswith(words)


def is_same_title(text: str, head_title: str) -> bool:
    """Return whether a line is the title in the head of its page, or one of them contains the other."""
    title, line = _words(head_title), _words(text)
    least = min(len(line), len(title))
    return (least >= MIN_SHARED_CHARS or line == title) and (line in title or title in line) and least * 2 >= len(line)


def _words(text: str) -> str:
    """Return the words of a text without case; cached, as a title is compared with many lines."""
    return _known_words(text) if len(text) <= MAX_REMEMBERED_CHARS else _known_words.__wrapped__(text)


@lru_cache(maxsize=MAX_REMEMBERED)
def _known_words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
