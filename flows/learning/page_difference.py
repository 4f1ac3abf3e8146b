"""The difference between two readings of a page, line by line, with unchanged stretches folded.

Called by `flows.learning.review`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

import msgspec

from cleaners.document.page import Line, split_lines
from cleaners.learning.example_pages import ExamplePage
from cleaners.learning.line_changes import OWN, LineChange, LineFate, line_changes, line_fates
from cleaners.output.record import Cleaned

CONTEXT = 2  # unchanged lines shown on either side of a changed one
MOST_CHANGED = 120  # lines of a page
MOST_FOLDED = 200  # lines of a page
MOST_OF_STRETCH = 20  # lines of a folded stretch
# The mark of a line: kept in both readings, removed in both, removed or kept by the second alone, or kept as something else.
Mark = Literal["kept", "gone", "newly-removed", "newly-kept", "title", "record", "field"]
MARKS: dict[LineChange, Mark] = {
    "removed": "newly-removed", "kept": "newly-kept", "title": "title", "record": "record", "field": "field",
}  # fmt: skip
# The marks in words, none for a line kept in both readings.
MARK_WORDS: dict[Mark, str] = {
    "kept": "",
    "gone": "removed before, too",
    "newly-removed": "newly removed",
    "newly-kept": "newly kept",
    "title": "title changed",
    "record": "other record",
    "field": "other field",
}


class ShownLine(msgspec.Struct, frozen=True):
    """A line with its mark, and the fates before and after in words where these differ."""

    text: str
    mark: Mark
    words: str
    note: str = ""


class Stretch(msgspec.Struct, frozen=True):
    """Neighbouring lines: changed ones with the lines around them, or unchanged ones, folded; `left` counts those not shown."""

    is_folded: bool
    lines: list[ShownLine]
    left: int = 0

    @property
    def size(self) -> int:
        """Return the number of lines, with those not shown."""
        return len(self.lines) + self.left


class PageDifference(msgspec.Struct, frozen=True):
    """A page as it was read without a group of rules and with it; the titles are those of its own story, "" for none.

    `changes` has for each mark of a changed line its words and the number of lines; `left` counts changed lines not shown.
    """

    path: str
    url: str
    title_before: str
    title_after: str
    records_before: int
    records_after: int
    changes: list[tuple[str, int]]
    stretches: list[Stretch]
    left: int


def page_difference(example: ExamplePage) -> PageDifference:
    """Return the difference between the two readings of an example page."""
    lines = split_lines(example.page.text)
    before, after = line_fates(lines, example.without), line_fates(lines, example.with_it)
    changes = line_changes(before, after)
    counts = Counter(MARKS[change] for change in changes if change)
    at = [i for i, change in enumerate(changes) if change]
    end = at[MOST_CHANGED] if len(at) > MOST_CHANGED else len(lines)
    shown = [_shown(*one) for one in zip(lines[:end], before, after, changes, strict=False)]
    return PageDifference(
        example.page.path,
        example.page.url,
        _own_title(example.without),
        _own_title(example.with_it),
        _size(example.without),
        _size(example.with_it),
        [(MARK_WORDS[mark], counts[mark]) for mark in MARK_WORDS if counts[mark]],
        list(_stretches(shown, at[:MOST_CHANGED])),
        max(0, len(at) - MOST_CHANGED),
    )


def _shown(line: Line, before: LineFate, after: LineFate, change: LineChange) -> ShownLine:
    """Return a line as it is shown."""
    if not change:
        mark: Mark = "kept" if after.is_kept else "gone"
        return ShownLine(line.text, mark, MARK_WORDS[mark])
    return ShownLine(line.text, MARKS[change], MARK_WORDS[MARKS[change]], f"{_in_words(before)} → {_in_words(after)}")


def _in_words(fate: LineFate) -> str:
    """Return the fate of a line in a few words."""
    if not fate.is_kept:
        return f"removed by {fate.rule}" if fate.rule else "not read, as the page was refused"
    owner = "the page's own story" if fate.kind == OWN else f"{fate.kind} {fate.position}"
    return f"{fate.field} of {owner}"


def _stretches(lines: Sequence[ShownLine], changed: Sequence[int]) -> Iterator[Stretch]:
    """Yield the lines of a page in stretches; of folded ones, a limited number of lines."""
    near = {i for at in changed for i in range(at - CONTEXT, at + CONTEXT + 1)}
    room = MOST_FOLDED
    for is_near, group in groupby(enumerate(lines), lambda item: item[0] in near):
        found = [line for _, line in group]
        most = len(found) if is_near else min(MOST_OF_STRETCH, room)
        yield Stretch(not is_near, found[:most], max(0, len(found) - most))
        room -= 0 if is_near else len(found[:most])


def _own_title(cleaned: Cleaned | None) -> str:
    """Return the title of the page's own story, "" for none."""
    return next((record.title for record in cleaned.records if record.kind == OWN), "") if cleaned is not None else ""


def _size(cleaned: Cleaned | None) -> int:
    return len(cleaned.records) if cleaned is not None else 0
