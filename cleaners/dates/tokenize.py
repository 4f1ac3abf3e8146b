"""Split a line into words, numbers and signs. Called by `cleaners.dates.find`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

# Without the marks of direction, which stand inside dates of right-to-left text.
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+|[^\W\d_]+|[^\w\s\u200e\u200f]|_")
_CLOCK_REST = re.compile(r"[:.]\d\d(?!\d|\.\d)")  # "2024.02.06" is no clock time
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
# Signs that may stand between the parts of a time.
PUNCTUATION = frozenset(",.:-–—/|•·()[]（）【】・，：、⋅'’+،")


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word, number or sign of a line, from character `start` to `end`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words, numbers and signs of `text`; scripts without blanks character by character, CamelCase word by word.

    A number glued to a clock time is split from it: `20247:55` is 2024 and 7:55, `0812:00` is 08 and 12:00.
    """
    for found in _TOKEN.finditer(text):
        word, at = found[0], found.start()
        if word.isdecimal():
            glued = _CLOCK_REST.match(text, found.end())
            cut = (4 if len(word) > 4 else 2) if glued and len(word) >= 4 else 0
            if cut and cut < len(word):
                yield Token(word[:cut], at, at + cut)
                yield Token(word[cut:], at + cut, found.end())
            else:
                yield Token(word, at, found.end())
        elif word.isascii() and (word.islower() or word[1:].islower()):  # the usual case of what follows
            yield Token(word, at, found.end())
        elif _CJK.search(word):
            yield from (Token(char, at + i, at + i + 1) for i, char in enumerate(word))
        else:
            for part in _CAMEL.split(word):
                yield Token(part, at, at + len(part))
                at += len(part)
