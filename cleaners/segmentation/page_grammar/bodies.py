"""The lines of text of each item of a list, and the header of the page's own story when it has the form of the list.

Called by `find`.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.page_grammar.line_classes import ASSIGNED, TEXT, PageColumns
from cleaners.segmentation.page_grammar.measures import Measures
from cleaners.segmentation.page_grammar.runs import Run

CAPTIONS = frozenset("Has")
MAX_GAP = 2  # lines between two paragraphs of one full story
FULL_STORY_CHARS = 900
FULL_STORY_LINES = 4
FULL_STORY_RATIO = 3  # of the paragraphs of the page's own story to those of the first item
MAX_TEXT_BEFORE_OWN = 200  # characters of paragraphs that may stand above the header of the page's own story


class Unit(msgspec.Struct, gc=False):
    """One item as lines: its header and its body."""

    header: LineSpan
    body: list[int]

    @property
    def lines(self) -> list[int]:
        """Return the indices of all its lines."""
        first, end = self.header
        if not self.body or self.body[0] >= end:
            return [*range(first, end), *self.body]
        return sorted({*range(first, end), *self.body})

    @property
    def last(self) -> int:
        """Return the index of its last line."""
        return max(self.header[1] - 1, self.body[-1]) if self.body else self.header[1] - 1


def units_of(run: Run, found: Measures, columns: PageColumns) -> list[Unit]:
    """Return the items of a run, each with its body."""
    units = [Unit(header, _body(run, at, found.bodied, columns)) for at, header in enumerate(run.headers)]
    if _has_captions_above(run, columns):
        for unit, following in pairwise(units):
            if len(unit.body) > 1 and unit.body[-1] == following.header[0] - 1:
                unit.body.pop()
    inside = run.pattern.find("b")
    if inside >= 0:
        for unit in units:
            unit.body.insert(0, unit.header[0] + inside)
    return units


def _has_captions_above(run: Run, columns: PageColumns) -> bool:
    """Return whether a line that is neither text nor a label stands right above most headers, as the texts of pictures do."""
    above = [columns.letters[start - 1] in CAPTIONS for (_, end), (start, _) in pairwise(run.headers) if start > end]
    return len(run.headers) > 2 and 2 * sum(above) > len(run.headers) - 1


def _body(run: Run, at: int, bodied: bool, columns: PageColumns) -> list[int]:
    if not bodied:
        return []
    letters, (_, start) = columns.letters, run.headers[at]
    is_last = at == len(run.headers) - 1
    body = _last_body(run, columns) if is_last else run.bodies[at]
    if not body and start < len(letters) and letters[start] in "Haq" and (is_last or start < run.headers[at + 1][0]):
        return [start]
    return list(body)


def _last_body(run: Run, columns: PageColumns) -> list[int]:
    """Return the body of the last item, which no header ends: its length is judged by those of the others."""
    sizes = [len(body) for body in run.bodies[:-1]]
    body = run.bodies[-1]
    if len(sizes) == 1:
        chars = sum(len(columns.lines[i].text) for i in run.bodies[0])
        return full_story(run.headers[-1][1], columns) if chars > FULL_STORY_CHARS or sizes[0] >= FULL_STORY_LINES else body
    if sorted(sizes)[(len(sizes) - 1) // 2] >= FULL_STORY_LINES:
        return full_story(run.headers[-1][1], columns)
    return body[:1] if max(sizes) <= 1 else body[: max(sizes) + 6]


def full_story(start: int, columns: PageColumns) -> list[int]:
    """Return the body of a full story after its header: paragraphs, over gaps of few lines, up to a label or a time."""
    body: list[int] = []
    gap = 0
    for i in range(start, len(columns.letters)):
        if columns.letters[i] in "RT#" or (i > start and columns.label_after[i - 1] == "c"):
            break
        if columns.letters[i] in TEXT:
            body.append(i)
            gap = 0
        elif body or i - start > MAX_GAP:
            gap += 1
        if gap > MAX_GAP:
            break
    return body


def take_own(run: Run, found: Measures, units: list[Unit], columns: PageColumns) -> Unit | None:
    """Take the page's own story out of the items, if one of them is it, and return it.

    It is the first item when that has text, and neither text nor a label stands above it; else an item that holds more text
    than the rest of the page.
    """
    if not found.bodied or run.pattern == "H" or not units:
        return None
    if run.skipped is not None and "P" in columns.letters[run.skipped[1] : run.headers[0][0]]:
        return Unit(run.skipped, []) if _text_above(run.skipped[0], columns) < MAX_TEXT_BEFORE_OWN else None
    counts = [sum(columns.letters[i] == "P" for i in unit.body) for unit in units]
    most = max(counts)
    if most >= FULL_STORY_LINES and 2 * most > columns.letters.count("P") and most > FULL_STORY_RATIO * counts[0]:
        return units.pop(counts.index(most))
    if found.labelled or _is_teaser(units) or _text_above(run.headers[0][0], columns) >= MAX_TEXT_BEFORE_OWN:
        return None
    return units.pop(0)


def _is_teaser(units: list[Unit]) -> bool:
    """Return whether the first item has as few lines of text as most others."""
    size = len(units[0].body)
    shorter = sum(len(unit.body) < size for unit in units)
    return len(units) > 2 and size < FULL_STORY_LINES and 2 * shorter < len(units)


def _text_above(line: int, columns: PageColumns) -> int:
    """Return the number of characters of paragraphs above a line."""
    return sum(len(columns.lines[i].text) for i in range(line) if columns.letters[i] == "P")


def without_assigned(headers: list[LineSpan], letters: str) -> list[LineSpan]:
    """Return the headers of which no line is assigned."""
    if ASSIGNED not in letters[headers[0][0] : headers[-1][1]]:
        return headers
    return [header for header in headers if ASSIGNED not in letters[header[0] : header[1]]]
