"""Describe the form of a line as a possible title: its parts, its words and its looks, as names of features.

Called by `title_choice`. Everything here depends on the line's text alone and is cached by line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from cleaners.grammar.fields import MAX_FIELD_CHARS
from cleaners.segmentation.line_features import MAX_REMEMBERED, MAX_REMEMBERED_CHARS
from cleaners.text.line_shape import SENTENCE_ENDS, is_cjk, is_headline, is_sentence

MIN_CHARS, MIN_CJK_CHARS = 5, 3  # of a title
MAX_PARTS = 5  # a line of more parts is a path or a menu
STEM_CHARS = 6  # words are compared by so many first characters, as endings change
MIN_WORD_CHARS = 4  # shorter words stand in any text
LENGTHS = (10, 16, 24, 34, 46, 60, 80, 110, 150)  # bounds of bins, in characters
WORD_COUNTS = (1, 2, 3, 4, 5, 7, 9, 12, 16, 22)
CJK_CHARS_PER_WORD = 2
CHARS = tuple(f"chars:{i}" for i in range(len(LENGTHS) + 1))
WORDS = tuple(f"words:{i}" for i in range(len(WORD_COUNTS) + 1))
CAPITALS = tuple(f"capitals:{i}" for i in range(5))
_MARKS = re.compile(r"(?P<heading>#{1,6}\s+)?(?P<bullet>[•*◦▪·●■►▶→»>+–-]+\s+|\d{1,2}[.)]\s+)?(?P<strong>[*_]{2,3})?")
_MAY_SEPARATE = re.compile(r"[|｜]|\s[·•–—»«›:/~-]{1,2}\s")  # is in any line with a separator, and quickly seen
_SEPARATOR = re.compile(r"\s+[|·•–—»«›:/~-]{1,2}\s+|\s*[|｜]\s*")
_WORD = re.compile(r"\w+")
_LONG_WORD = re.compile(rf"(\w{{{MIN_WORD_CHARS},{STEM_CHARS}}})\w*")
_LONG_ASCII_WORD = re.compile(_LONG_WORD.pattern, re.ASCII)  # takes half the time
_NUMBER = re.compile(r"\d")
_ADDRESS = re.compile(r"https?:|www\.|@\w|\w\.(?:com|org|net)\b")


class TitlePart(msgspec.Struct, frozen=True, gc=False):
    """A part of a line that may be a title: from `start` to `end`, with its words and the names of its features.

    `folded` is its text without case, `rest` what the line holds besides, such as the name of the site, "" for nothing.
    """

    start: int
    end: int
    text: str
    folded: str
    rest: str
    words: frozenset[str]
    names: tuple[str, ...]


@lru_cache(maxsize=MAX_REMEMBERED)
def _remembered(text: str) -> tuple[TitlePart, ...]:
    return tuple(_parts(text))


def title_parts(text: str) -> tuple[TitlePart, ...]:
    """Return the parts of a line that may be a title, the longest first; none when it cannot hold one."""
    if len(text) > MAX_FIELD_CHARS["title"]:
        return ()
    return _remembered(text) if len(text) <= MAX_REMEMBERED_CHARS else _remembered.__wrapped__(text)


def may_have_parts(text: str) -> bool:
    """Return whether a line may have a part with a rest, which takes a separator."""
    return _MAY_SEPARATE.search(text) is not None


def words_of(text: str) -> list[str]:
    """Return the beginnings of the longer words of a text, pairs of characters where no blanks divide them."""
    if text.isascii():
        return _LONG_ASCII_WORD.findall(text.lower())
    if is_cjk(text):
        return [word[i : i + 2] for word in _WORD.findall(text.casefold()) for i in range(len(word) - 1)]
    return _LONG_WORD.findall(text.casefold())


def _parts(text: str) -> Iterator[TitlePart]:
    found = None if text[0].isalpha() else _MARKS.match(text)
    start = found.end() if found else 0
    end = len(text)
    marks = [name for name, mark in found.groupdict().items() if mark] if found else []
    if "strong" in marks:
        end = len(text.rstrip("*_"))
    if start >= end:
        return
    cuts: list[tuple[int, int]] = []
    if may_have_parts(text):
        separators = [separator.span() for separator in _SEPARATOR.finditer(text, start, end)]
        cuts = [(first, last) for first, last in separators if start < first and last < end]
    if cuts:
        marks.append(f"cuts:{min(len(cuts), MAX_PARTS)}")
    whole = _part(text, start, end, "", ("part:whole" if cuts else "part:only", *marks))
    if whole is None:
        return
    yield whole
    if not cuts or len(cuts) >= MAX_PARTS:
        return
    spans = {
        (start, cuts[-1][0]): "part:but-last",
        (cuts[0][1], end): "part:but-first",
        (start, cuts[0][0]): "part:first",
        (cuts[-1][1], end): "part:last",
    }
    for (first, last), name in spans.items():
        rest = text[last:end].strip() if first == start else text[start:first].strip()
        part = _part(text, first, last, rest, (name, *marks))
        if part is not None:
            yield part


def _part(text: str, start: int, end: int, rest: str, names: tuple[str, ...]) -> TitlePart | None:
    part = text[start:end]
    if len(part) < (MIN_CJK_CHARS if is_cjk(part) else MIN_CHARS) or not any(map(str.isalpha, part)):
        return None
    rest = rest.strip(" |｜·•–—»«›:/~-")
    return TitlePart(start, end, part, part.casefold(), rest, frozenset(words_of(part)), (*names, *_looks(part)))


def _looks(text: str) -> Iterator[str]:
    """Yield the names of the features of a text's form."""
    words = text.split()
    count = len(text) // CJK_CHARS_PER_WORD if is_cjk(text) else len(words)
    yield CHARS[bisect_left(LENGTHS, len(text))]
    yield WORDS[bisect_left(WORD_COUNTS, count)]
    letters = [word[0] for word in words if word[0].isalpha()]
    if len(letters) > 1:
        capitals = 4 * sum(map(str.isupper, letters)) // len(letters)
        yield CAPITALS[capitals]
    if text.isupper():
        yield "upper"
    elif text[0].islower():
        yield "lower"
    if is_headline(text):
        yield "headline"
    elif is_sentence(text):
        yield "sentence"
    if text[-1] in SENTENCE_ENDS:
        yield "end:stop" if text[-1] not in "?!？！" else "end:mark"
    elif text[-1] in ":：,;":
        yield "end:open"
    elif text.endswith(("...", "…")):
        yield "end:dots"
    elif text[-1] in ")]":
        yield "end:bracket"
    if numbers := len(_NUMBER.findall(text)):
        yield "numbers" if 4 * numbers < len(text) else "mostly-numbers"
    if _may_hold_address(text) and _ADDRESS.search(text):
        yield "address"
    if ": " in text:
        yield "colon"
    if '"' in text or (not text.isascii() and any(mark in text for mark in "“”„«»「」‘")):
        yield "quote"
    if "," in text:
        yield "comma"


def _may_hold_address(text: str) -> bool:
    """Return whether a text holds what each address has: most texts do not, which is quickly seen."""
    domains = ".com" in text or ".org" in text or ".net" in text
    return domains or "@" in text or "www." in text or "http" in text
