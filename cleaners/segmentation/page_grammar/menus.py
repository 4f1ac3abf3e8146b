"""The words of a page's menus, by which the categories of a list are known from its sources.

Called by `find` and `item_fields`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from cleaners.segmentation.page_grammar.line_classes import PageColumns

MAX_NAME_WORDS, MAX_NAME_CHARS = 4, 40
MAX_ABOVE_LINES = 1_000  # in which each name is searched
MIN_MENU_LINES, MIN_MENU_PARTS, MIN_MENU_CHARS = 5, 3, 3
_PARTS = re.compile(r"\s*[|·•>/]\s*")


class Menu(NamedTuple):
    """The caseless words of the page's menus, and the text above the page's own, in which they may stand undivided."""

    words: frozenset[str]
    above: str

    def __contains__(self, value: object) -> bool:
        """Return whether a name is one of the menu."""
        return isinstance(value, str) and (value in self.words or (len(value) >= MIN_MENU_CHARS and value in self.above))


def menu_of(columns: PageColumns, listed: set[int]) -> Menu:
    """Return the menus of a page; `listed` are the lines of its lists.

    Their words are short labels, short lines above the text that stand elsewhere too, short lines in long rows, and the parts
    of lines that are divided.
    """
    first_text = columns.letters.find("P")
    above: list[str] = []
    found: set[str] = set()
    row: list[str] = []
    for i, (line, letter) in enumerate(zip(columns.lines, columns.letters, strict=True)):
        text = line.text.casefold()
        is_free = i not in listed
        is_above = first_text < 0 or i < first_text
        if letter == "l" or (letter in "sa" and is_free and is_above and columns.key_counts[line.key] > 1):
            found.add(text)
        if letter in "sla" and is_free:
            row.append(text)
        else:
            found.update(row if len(row) >= MIN_MENU_LINES else ())
            row = []
        if letter in "sHat" and len(parts := _PARTS.split(text)) >= MIN_MENU_PARTS:
            found.update(parts)
        if is_above and is_free and letter in "saH" and len(above) < MAX_ABOVE_LINES:
            above.append(text)
    found.update(row if len(row) >= MIN_MENU_LINES else ())
    return Menu(frozenset(found), "\n".join(above))


def column_vector(values: Sequence[str], menu: Menu, is_before: bool) -> tuple[float, ...]:
    """Return the numbers that judge a column.

    They are the words of the menu, the number of words, different values, place, numbers, shared words and length, and
    the values in which all words begin with capitals, and those with small letters after their first word.
    """
    count = len(values)
    return (
        sum(value.casefold() in menu for value in values) / count,
        sum(min(MAX_NAME_WORDS, len(value.split())) for value in values) / count,
        len(set(values)) / count,
        float(is_before),
        sum(value[-1:].isdecimal() or value[:1].isdecimal() for value in values) / count,
        _shared_words(values) / count,
        sum(min(MAX_NAME_CHARS, len(value)) for value in values) / count / MAX_NAME_CHARS,
        sum(is_name(value) for value in values) / count,
        sum(any(word[0].islower() for word in value.split()[1:]) for value in values) / count,
    )


def is_name(value: str) -> bool:
    """Return whether each of several words begins with a capital, as in the name of a paper or of a person."""
    words = value.split()
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _shared_words(values: Sequence[str]) -> int:
    """Return the number of values with a word that another value has, too, as names of papers have."""
    words = {value: set(value.casefold().split()) for value in values}
    held = Counter(word for found in words.values() for word in found)
    return sum(any(held[word] > 1 for word in words[value]) for value in values)


def source_odds(vector: Sequence[float], weights: Sequence[float]) -> float:
    """Return the log-odds that a column holds sources, not categories, by a bias and a weight for each number."""
    return float(sum(map(mul, weights, (1.0, *vector))))
