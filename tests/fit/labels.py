"""Label each line of a page: whether it is the page's own text, from the gold text or from the label of a case."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

WORD = re.compile(r"\w+")
SHINGLE_WORDS = 4
SURE_WORDS, SURE_CHARS = 8, 24  # a line with so many words, or so many letters without blanks, is judged by itself
SURE_SHARE = 0.6  # of its shingles are in the gold text
EDGE_LINES, EDGE_CHARS = 6, 200  # a short line of the text stands so near to a sure one, and to its place in the gold text
SLACK = 5  # letters
LEVELS = ("", "_clean", "_strict")
FIELDS = ("title", "source", "published_raw", "category")


def squash(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(WORD.findall(text.lower()))


def fold(text: str) -> str:
    """Return a text with its white space folded."""
    return " ".join(text.split())


def own_lines_of_gold(lines: Sequence[str], gold: str) -> list[bool]:
    """Return for each line whether its words are in the gold text, short ones in the order of the text."""
    text = squash(gold)
    flat = [squash(line) for line in lines]
    own = _sure_lines(lines, flat, gold, text)
    places = {i: place for i, is_own in enumerate(own) if is_own and (place := _place(flat[i], text))}
    sure = list(places)
    whole = {squash(line) for line in gold.splitlines()}
    for i, letters in enumerate(flat):
        if own[i] or not letters or not sure:
            continue
        between = _text_between(i, sure, places, text)
        own[i] = letters in between and (len(letters) >= 12 or letters in whole or len(between) <= 3 * len(letters) + 10)
    return own


def _sure_lines(lines: Sequence[str], flat: Sequence[str], gold: str, text: str) -> list[bool]:
    shingles = set(_shingles(gold))
    own = []
    for line, letters in zip(lines, flat, strict=True):
        if len(WORD.findall(line)) >= SURE_WORDS:
            wanted = _shingles(line)
            own.append(sum(shingle in shingles for shingle in wanted) >= SURE_SHARE * len(wanted))
        else:
            own.append(len(letters) >= SURE_CHARS and letters in text)
    return own


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return [tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)]


def _place(letters: str, text: str) -> tuple[int, int] | None:
    """Return where the letters of a line begin and end in the text, found by a part of them."""
    for start in (0, len(letters) // 3, len(letters) // 2):
        found = text.find(letters[start : start + SURE_CHARS])
        if found >= 0:
            return found - start, found - start + len(letters)
    return None


def _text_between(i: int, sure: list[int], places: dict[int, tuple[int, int]], text: str) -> str:
    """Return the part of the text between the sure lines around line `i`; none when it is far from the text."""
    at = bisect_right(sure, i)
    before, after = sure[at - 1 : at] if at else [], sure[at : at + 1]
    if (not before and after[0] - i > EDGE_LINES) or (not after and i - before[0] > EDGE_LINES):
        return ""
    end = places[after[0]][0] if after else min(len(text), places[before[0]][1] + EDGE_CHARS)
    start = places[before[0]][1] if before else max(0, end - EDGE_CHARS)
    return text[max(0, start - SLACK) : end + SLACK]


def own_lines_of_case(lines: Sequence[str], expected: dict[str, Any]) -> tuple[list[bool], list[bool]] | None:
    """Return for each line whether it is the own story's text, and whether that is certain; None when its edges are not there.

    The lines between the first and the last words of the story are its text, less clutter, fields and embedded stories.
    """
    texts = [fold(line) for line in lines]
    own = [False] * len(lines)
    main = expected.get("main") or {}
    if main.get("first_words"):
        extent = _extent(texts, main)
        if extent is None:
            return None
        own[extent[0] : extent[1] + 1] = [True] * (extent[1] + 1 - extent[0])
        for item in expected.get("related", []):
            _clear(own, _extent(texts, item), extent)
    clutter = {fold(text) for text in expected.get("clutter", [])}
    clutter |= {fold(item[name]) for item in [main, *expected.get("related", [])] for name in FIELDS if item.get(name)}
    either = {fold(text) for text in expected.get("either", [])}
    return [is_own and text not in clutter for is_own, text in zip(own, texts, strict=True)], [t not in either for t in texts]


def _clear(own: list[bool], inner: tuple[int, int] | None, outer: tuple[int, int]) -> None:
    if inner is not None and not (inner[0] <= outer[0] and inner[1] >= outer[1]):
        own[inner[0] : inner[1] + 1] = [False] * (inner[1] + 1 - inner[0])


def _extent(texts: Sequence[str], item: dict[str, Any]) -> tuple[int, int] | None:
    """Return the indices of the first and the last line of an item's text."""
    flat = " ".join(texts)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    after = max(0, flat.find(fold(item.get("title") or "")))
    firsts = _found(flat, _wordings(item, "first_words"), after) or _found(flat, _wordings(item, "first_words"), 0)
    if not firsts:
        return None
    first = min(place for place, _ in firsts)
    lasts = _found(flat, _wordings(item, "last_words"), first)
    if not lasts:
        return None
    last = min(place + size for place, size in lasts)
    return bisect_right(starts, first) - 1, bisect_right(starts, last - 1) - 1


def _wordings(item: dict[str, Any], edge: str) -> list[str]:
    return [fold(item[edge + level]) for level in LEVELS if item.get(edge + level)]


def _found(flat: str, wordings: Iterable[str], after: int) -> list[tuple[int, int]]:
    return [(place, len(words)) for words in wordings if (place := flat.find(words, after)) >= 0]


def paragraphs(gold: str) -> Iterator[str]:
    """Yield the lines of a gold text that are not blank."""
    yield from (line.strip() for line in gold.splitlines() if line.strip())
