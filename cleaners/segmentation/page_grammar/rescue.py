"""Find the items of a list that break its form a little: an odd title, a missing field.

Called by `find` for a list that is already found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.page_grammar.candidates import MAX_REMEMBERED, STRONG
from cleaners.segmentation.page_grammar.line_classes import PageColumns
from cleaners.segmentation.page_grammar.runs import Run, make_run

# The letters that a line of each field may have between items that are known.
WIDE_LETTERS = {
    "b": "PqSHaT",
    "H": "HaqSsltudDP",
    "s": "salutHdDq",
    "T": "Ttu",
    "B": "B",
    "N": "N",
    "D": "Ddas",
    "d": "dsa",
    "G": "g",
}
MAX_AFTER, MAX_BEFORE = 14, 18  # lines searched after and before the list
TITLE_WIDTHS = (8, 200)
MAX_PROSE_TITLE = 170


def rescue(run: Run, columns: PageColumns) -> Run:
    """Return a run with the items that stand between and around its items."""
    if STRONG.isdisjoint(run.pattern):
        return run
    form = _wide_matcher(run.pattern)
    new = []
    for at, end in _gaps(run.headers, columns.letters):
        while at < end:
            match = form.match(columns.letters, at, end)
            if match and _may_be_title(at + run.title_at, match.end(), columns, run.pattern):
                new.append(match.span())
                at = match.end()
            else:
                at += 1
    return make_run(run.pattern, sorted(run.headers + new), columns, run.skipped) if new else run


@lru_cache(maxsize=MAX_REMEMBERED)
def _wide_matcher(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(f"[{WIDE_LETTERS[field]}]" for field in pattern))


def _gaps(headers: list[LineSpan], letters: str) -> list[LineSpan]:
    """Return the stretches between the items, and those before and after the list up to a label of a list."""
    gaps = [(a[1], b[0]) for a, b in pairwise(headers)]
    last = headers[-1][1]
    end = last
    while end < len(letters) and end < last + MAX_AFTER and letters[end] not in "R#":
        end += 1
    gaps.append((last, end))
    first = headers[0][0]
    start = first
    while start > 0 and start > first - MAX_BEFORE and letters[start - 1] not in "R#":
        start -= 1
    if start and letters[start - 1] == "R":
        gaps.insert(0, (start, first))
    return gaps


def _may_be_title(title: int, end: int, columns: PageColumns, pattern: str) -> bool:
    line, letter = columns.lines[title], columns.letters[title]
    if not TITLE_WIDTHS[0] <= line.width <= TITLE_WIDTHS[1] or line.text[:1].islower():
        return False
    if letter == "P":
        return line.width <= MAX_PROSE_TITLE and columns.letters[end : end + 1] == "P"
    return letter not in "sl" or line.rule is None or "D" in pattern
