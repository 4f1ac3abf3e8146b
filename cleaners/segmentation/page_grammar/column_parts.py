"""Part the lines of a column into times and names, judged over all items of a list.

Called by `item_fields`. Words of times that no pack knows show by what the values of the column share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.segmentation.page_grammar.line_times import (
    COMMAS,
    MAX_REMEMBERED,
    MAX_TIME_COUNT,
    WORD,
    WORD_SIGN,
    Part,
    edge_time,
    name_part,
    time_part,
    with_day,
)

MIN_SHARED = 2  # values that show what they share
MIN_UNITS = 2  # of the relative times of a column
STEM = 3  # characters of a word in which its forms agree
# A number with a few words after it at the end of a text, or a word before it, as relative times have in any language.
_COUNTED = re.compile(rf"(?<!\d)(\d{{1,3}})\s?{WORD}\.?(?:\s{WORD}){{0,2}}$")
_COUNT_LAST = re.compile(rf"(?:^|\s){WORD}\.?\s(\d{{1,2}})$")
_ONLY_CLOCK = re.compile(rf"\d{{1,2}}[:.h]\d\d(?::\d\d)?(?:\s{WORD}\.?)?")
_PIECES = re.compile(r"\s*[|·•,،、/\t]\s*|\s+[-–—]\s+|:\s")
_OF_WORDS = re.compile(rf"(?:{WORD_SIGN}|\s)*")
_LAST_WORD = re.compile(rf"({WORD})\s+$")
_WORD = re.compile(WORD)
_OPEN = re.compile(rf"\d{{1,3}}\s?{WORD}\.?")


class Cell(NamedTuple):
    """The parts of a value of a column: the name before its time, the time, None for no time, and the name after it."""

    before: Part
    time: Part | None
    after: Part


def cells_of(values: Sequence[str], ruleset: Ruleset, *, is_time: bool) -> list[Cell]:
    """Return the parts of the values of a column; when few of them have a time, they are names as a whole.

    `is_time` means that the form of the list has a time here.
    """
    times = [_known_time(value, ruleset) for value in values]
    if 2 * sum(time is not None for time in times) <= len(values):
        times = _counted_times(values, MIN_UNITS - is_time)
    times = _with_words(values, _with_days(values, times))
    return [
        Cell((0, len(value)), None, (0, 0)) if time is None else _cell(value, time, ruleset)
        for value, time in zip(values, times, strict=True)
    ]


@remembered(MAX_REMEMBERED)
def _cell(value: str, time: Part, ruleset: Ruleset) -> Cell:
    return Cell(name_part(value, 0, time[0], ruleset), time, name_part(value, time[1], len(value), ruleset))


@remembered(MAX_REMEMBERED)
def _known_time(value: str, ruleset: Ruleset) -> Part | None:
    """Return the part of a value that is a time by the words of packs or by its digits, None for none."""
    if ruleset.context.times.first(value) is None and edge_time(value, ruleset) is None:
        return None
    return time_part(value, ruleset)


def _counted_times(values: Sequence[str], least: int) -> list[Part | None]:
    """Return the relative times of a column in a language without date words, all None when its numbers are no times.

    Numbers of comments and of minutes to read have one unit, or are great; times have at `least` so many units.
    """
    found = [_COUNTED.search(value) or _COUNT_LAST.search(value) for value in values]
    matches = [match for match in found if match]
    units = {word.casefold()[:STEM] for match in matches for word in _WORD.findall(match[0])[:1]}
    is_time = (
        2 * len(matches) > len(values) and len(units) >= least and all(int(match[1]) <= MAX_TIME_COUNT for match in matches)
    )
    return [match.span() if match and is_time else None for match in found]


def _with_words(values: Sequence[str], times: Sequence[Part | None]) -> list[Part | None]:
    """Return times with the words before them that belong to a number with one word.

    All of those values share them; or they are one word each, and few words in all.
    """
    open_ = [time is not None and _OPEN.fullmatch(value, *time) is not None for value, time in zip(values, times, strict=True)]
    befores = [value[: time[0]] for value, time, is_open in zip(values, times, open_, strict=True) if time and is_open]
    shared = _last_words(_shared_end(befores))
    sizes = [len(shared)] * len(befores) if shared else _word_sizes(befores)
    if len(befores) < MIN_SHARED or not sizes:
        return list(times)
    sized = iter(sizes)
    return [(time[0] - next(sized), time[1]) if time and is_open else time for time, is_open in zip(times, open_, strict=True)]


def _last_words(text: str) -> str:
    """Return the words at the end of a text, with the blanks behind them; looks at each character once."""
    found = _OF_WORDS.match(text[::-1])
    return text[len(text) - found.end() :].lstrip() if found else ""


def _word_sizes(texts: Sequence[str]) -> list[int]:
    """Return the length of the last word of each text, none unless they are few words, each in two texts or more."""
    matches = [match for text in texts if (match := _LAST_WORD.search(text))]
    counts = Counter(match[1] for match in matches)
    return [len(match[0]) for match in matches] if len(matches) == len(texts) and min(counts.values(), default=0) > 1 else []


def _with_days(values: Sequence[str], times: Sequence[Part | None]) -> list[Part | None]:
    """Return times with the words before a mere clock time that name its day: few words, but more than one, in all values.

    A word that all values share is a label, unless it ends in a comma, as is one that ends in a colon.
    """
    starts = [
        _last_piece(value[: time[0]]) if time and _ONLY_CLOCK.fullmatch(value, *time) else None
        for value, time in zip(values, times, strict=True)
    ]
    days = [
        value[start : time[0]].casefold() for value, time, start in zip(values, times, starts, strict=True)
        if start is not None and time is not None
    ]  # fmt: skip
    names = set(days)
    has_comma = any(name.rstrip().endswith(COMMAS) for name in names)
    are_days = len(names) < len(days) if has_comma else len(names) > 1 and 2 * len(names) <= len(days)
    if any(name.rstrip().endswith(":") for name in names):
        return list(times)
    if not are_days or "" in names:
        is_label = len(names) == 1 and len(days) > 1
        return [with_day(value, *time) if time and not is_label else time for value, time in zip(values, times, strict=True)]
    return [(start, time[1]) if time and start is not None else time for time, start in zip(times, starts, strict=True)]


def _shared_end(texts: Sequence[str]) -> str:
    """Return the characters that all texts end in."""
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*(text[::-1] for text in texts), strict=False))
    return "".join([signs[0] for signs in alike])[::-1]


def _last_piece(text: str) -> int:
    """Return where the last piece of a text begins that is not empty."""
    cuts = [cut.end() for cut in _PIECES.finditer(text) if text[cut.end() :].strip()]
    return cuts[-1] if cuts else 0
