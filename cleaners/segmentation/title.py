"""Compare titles. Called by the modules of segmentation that choose the title of a story."""

from __future__ import annotations

import re

MIN_SHARED_CHARS = 12
_WORD = re.compile(r"\w+")


def is_same_title(text: str, head_title: str) -> bool:
    """Return whether a line is the title in the head of its page, or one of them contains the other."""
    title = " ".join(_WORD.findall(head_title.casefold()))
    line = " ".join(_WORD.findall(text.casefold()))
    least = min(len(line), len(title))
    return (least >= MIN_SHARED_CHARS or line == title) and (line in title or title in line) and least * 2 >= len(line)
