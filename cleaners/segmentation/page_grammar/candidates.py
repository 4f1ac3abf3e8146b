"""The forms that occur at least twice on a page: patterns over its class letters, made from its own short runs of lines.

Called by `find`. A pattern is a string of fields: H title, T time, B byline, N number, s source or category, D and d repeated
title and source, b text inside a header, G title with a time in one line.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice, product

# The fields that a line of each letter can be.
FIELDS_OF = {
    "P": "b", "H": "Hb", "a": "Hs", "q": "Hb", "S": "Hb", "s": "s", "l": "s", "T": "T", "t": "TH", "u": "sT", "B": "B",
    "N": "N", "D": "D", "d": "d", "g": "GH",
}  # fmt: skip
# The letters that a line of each field may have.
LETTERS_OF = {"H": "HaqStg", "s": "salu", "T": "Ttu", "B": "B", "N": "N", "D": "D", "d": "d", "b": "PqSHa", "G": "g"}
STRONG = frozenset("TBDG")  # fields that seldom recur by chance
MOST_OF = {"H": 1, "T": 1, "B": 1, "s": 2, "N": 1, "D": 2, "d": 1, "b": 1, "G": 1}
MAX_LINES = 6
MAX_SPELLINGS = 64
MAX_PATTERNS = 200
MAX_REMEMBERED, MAX_REMEMBERED_LINES = 65_536, 16  # rows of letters, and the length of each
_HEADERS = re.compile("[HaqSsltuTBNDdg]+(?:P[HaqSsltuTBNDdg]+)*")
_MENU = re.compile("[sl]{3,}")


def candidate_patterns(letters: str) -> list[str]:
    """Return the patterns that occur twice or more, those first that would explain most lines."""
    found: dict[str, int] = {}
    for stretch, count in Counter(_HEADERS.findall(_MENU.sub(_menu_ends, letters))).items():
        for text in stretch.split("#"):
            counts = _pattern_counts(text) if len(text) <= MAX_REMEMBERED_LINES else _pattern_counts.__wrapped__(text)
            for pattern, times in counts:
                found[pattern] = found.get(pattern, 0) + times * count
    repeated = [pattern for pattern, count in found.items() if count >= 2]
    if len(repeated) > MAX_PATTERNS:
        repeated.sort(key=lambda pattern: (-found[pattern] * (len(pattern) + 2 * (not STRONG.isdisjoint(pattern))), pattern))
        del repeated[MAX_PATTERNS:]
    return repeated


def _menu_ends(menu: re.Match[str]) -> str:
    """Return the ends of a row of short lines; no pattern has three of them in a row."""
    return f"{menu[0][:2]}#{menu[0][-2:]}"


@lru_cache(maxsize=MAX_REMEMBERED)
def _pattern_counts(text: str) -> tuple[tuple[str, int], ...]:
    """Return the patterns that occur in a row of letters, each with the number of times."""
    found: dict[str, int] = {}
    windows: Counter[str] = Counter()
    for size in range(1, min(MAX_LINES, len(text)) + 1):
        windows.update([text[i : i + size] for i in range(len(text) - size + 1)])
    for window, count in windows.items():
        for pattern in spellings(window):
            found[pattern] = found.get(pattern, 0) + count
    return tuple(found.items())


@lru_cache(maxsize=MAX_REMEMBERED)
def spellings(window: str) -> tuple[str, ...]:
    """Return the patterns that a run of lines may be, by its letters."""
    if window.count("S") > 1 or window.count("P") > 1:
        return ()
    choices = islice(product(*(FIELDS_OF[letter] for letter in window)), MAX_SPELLINGS)
    return tuple(pattern for pattern in map("".join, choices) if is_pattern(pattern))


def is_pattern(pattern: str) -> bool:
    """Return whether fields in this order may be the header of a story."""
    if pattern.count("H") + pattern.count("G") != 1 or any(pattern.count(field) > most for field, most in MOST_OF.items()):
        return False
    title = title_place(pattern)
    if ("D" in pattern and pattern.index("D") > title) or ("G" in pattern and "T" in pattern):
        return False
    at = pattern.find("b")
    return at < 0 or (at > title and "T" in pattern[at:])


def title_place(pattern: str) -> int:
    """Return the place of the title in a pattern."""
    return max(pattern.find("H"), pattern.find("G"))


@lru_cache(maxsize=MAX_REMEMBERED)
def matcher(pattern: str) -> re.Pattern[str]:
    """Return the expression that finds a pattern in a string of letters."""
    title = LETTERS_OF["H"] if not STRONG.isdisjoint(pattern) else "Ha"
    return re.compile("".join(f"[{title if field == 'H' else LETTERS_OF[field]}]" for field in pattern))
