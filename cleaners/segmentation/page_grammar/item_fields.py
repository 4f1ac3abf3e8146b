"""The fields of the items of a list: the meaning of each column, and the parts of glued lines.

Called by `find`. A column is judged over all items: names that differ are sources, words of the page's menu are categories,
and a text that is equal in all items is a label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.page_grammar.bodies import Unit
from cleaners.segmentation.page_grammar.candidates import title_place
from cleaners.segmentation.page_grammar.line_classes import PageColumns
from cleaners.segmentation.page_grammar.line_times import (
    MAX_BESIDE_WORDS,
    Part,
    divided,
    edge_time,
    parted,
    stripped,
    time_part,
)
from cleaners.segmentation.page_grammar.menus import Menu, column_vector, source_odds
from cleaners.segmentation.page_grammar.model import FieldSpan, Item

Role = Literal["source", "category", "author", "label", "repeat"]
MIN_CONSTANT_ITEMS = 3
MAX_FAR_TIME = 3  # lines after its text in which the time of an item may stand
_DIGITS = re.compile(r"\d+")
FORM_NAMES = {
    "H": "title", "T": "time", "B": "author", "N": "number", "D": "title", "d": "source", "b": "text", "s": "source",
    "G": "title and time",
}  # fmt: skip


class FieldReader:
    """Reads the fields of the items of one list; the page's `menu` is only looked for when a column needs it."""

    def __init__(
        self, pattern: str, units: Sequence[Unit], columns: PageColumns, ruleset: Ruleset, menu: Callable[[], Menu]
    ) -> None:
        self.pattern, self.columns, self.ruleset, self.menu = pattern, columns, ruleset, menu
        self.roles = self._roles_of_short_lines(units)
        self.before, self.after = self._roles_beside_times(units)
        self.has_suffix = self._have_suffixes(units)

    def item(self, unit: Unit, until: int, *, truncated: bool) -> Item:
        """Return the item of a unit with its fields; what stands before line `until` may belong to it."""
        first, end = unit.header
        index = self.columns.index
        body = [index[i] for i in unit.body]
        item = Item(index[first], max([index[end - 1], *body]), body=body, truncated=truncated)
        for at, field in enumerate(self.pattern):
            line = first + at
            if line >= end or line >= len(self.columns.lines):
                break
            text = self.columns.lines[line].text
            if field == "H":
                self._add_title(item, line)
            elif field == "G":
                self._add_glued(item, line)
            elif field == "T":
                self._add_time(item, line)
            elif field == "B":
                item.author = self._span(line, self._without_by(text, (0, len(text))))
            elif field == "N":
                item.number = self._span(line, (0, len(text)))
            elif field in "Dd":
                item.repeats.append(index[line])
            elif field == "s" and self.columns.letters[line] in "uT" and item.time is None:
                self._add_time(item, line)
            elif field == "s":
                self._add(item, self.roles.get(at, "source"), line, (0, len(text)))
        if item.time is None:
            times = [i for i in range(end, min(until, end + len(unit.body) + MAX_FAR_TIME)) if self.columns.letters[i] == "T"]
            if len(times) == 1:
                self._add_time(item, times[0])
        return item

    def form(self, has_text: bool) -> str:
        """Return the names of the fields in order, such as "time / source / title / text"."""
        names = [self.roles.get(at, FORM_NAMES[field]) for at, field in enumerate(self.pattern)]
        return " / ".join([*names, "text"] if has_text else names)

    def _span(self, line: int, part: Part) -> FieldSpan:
        offset = self.columns.lines[line].offset
        return FieldSpan(self.columns.index[line], offset + part[0], offset + part[1])

    def _add(self, item: Item, role: Role, line: int, part: Part) -> None:
        if role == "repeat":
            item.repeats.append(self.columns.index[line])
        elif role != "label" and getattr(item, role) is None:
            setattr(item, role, self._span(line, part))

    def _add_time(self, item: Item, line: int) -> None:
        """Add the time of a line, and the names glued to it on either side."""
        text = self.columns.lines[line].text
        time, before, after = parted(text, self.ruleset)
        item.time = self._span(line, time)
        for part, role in ((before, self.before), (after, self.after)):
            if part[0] < part[1]:
                named = self._without_by(text, part)
                self._add(item, "author" if named != part else role, line, named)

    def _add_title(self, item: Item, line: int) -> None:
        """Add the title of a line, and the source glued to it when all titles of the list have one."""
        text = self.columns.lines[line].text
        start, end = divided(text)[-1]
        if not self.has_suffix or not start:
            item.title = self._span(line, (0, len(text)))
            return
        item.title = self._span(line, stripped(text, 0, start))
        item.source = item.source or self._span(line, (start, end))

    def _have_suffixes(self, units: Sequence[Unit]) -> bool:
        """Return whether all titles end in a name behind a sign that divides."""
        at = self.pattern.find("H")
        if at < 0 or len(units) < MIN_CONSTANT_ITEMS:
            return False
        texts = (self.columns.lines[unit.header[0] + at].text for unit in units)
        ends = ((divided(text)[-1], text) for text in texts)
        return all(start and 0 < len(text[start:end].split()) <= MAX_BESIDE_WORDS for (start, end), text in ends)

    def _add_glued(self, item: Item, line: int) -> None:
        """Add the fields of a line that holds a title and a time: the longest part between divisions is the title."""
        text = self.columns.lines[line].text
        time = edge_time(text, self.ruleset) or time_part(text, self.ruleset)
        sides = ((0, time[0]), (time[1], len(text)))
        parts = [stripped(text, side + start, side + end) for side, stop in sides for start, end in divided(text[side:stop])]
        title = max(parts, key=lambda part: part[1] - part[0])
        item.title = self._span(line, title)
        item.time = self._span(line, time)
        for part in parts:
            if part != title and part[0] < part[1]:
                role: Role = "category" if text[slice(*part)].casefold() in self.menu() else "source"
                self._add(item, role, line, part)

    def _without_by(self, text: str, part: Part) -> Part:
        """Return a part without the byline word at its start, such as "by"."""
        first, blank, _ = text[part[0] : part[1]].partition(" ")
        if blank and first.casefold().rstrip(":") in self.ruleset.byline_words:
            return stripped(text, part[0] + len(first), part[1])
        return part

    def _roles_of_short_lines(self, units: Sequence[Unit]) -> dict[int, Role]:
        """Return the role of each column of short lines."""
        roles: dict[int, Role] = {}
        columns: dict[int, list[str]] = {}
        for at, field in enumerate(self.pattern):
            if field != "s":
                continue
            values = [self.columns.lines[unit.header[0] + at].text for unit in units]
            role = self._role(values, is_before=at < title_place(self.pattern))
            alike = next((place for place, column in columns.items() if _are_alike(values, column)), None)
            if alike is not None:
                roles[alike] = "source" if roles[alike] == "label" else roles[alike]
                role = "repeat"
            elif role in roles.values() and role in ("source", "category"):
                role = "category" if role == "source" else "label"
            roles[at] = role
            columns[at] = values
        return roles

    def _roles_beside_times(self, units: Sequence[Unit]) -> tuple[Role, Role]:
        """Return the roles of the names before and after the times."""
        at = self.pattern.find("T")
        if at < 0:
            return "source", "source"
        before, after = [], []
        for unit in units:
            text = self.columns.lines[unit.header[0] + at].text
            _, left, right = parted(text, self.ruleset)
            before.append(text[left[0] : left[1]])
            after.append(text[right[0] : right[1]])
        return (
            self._role([value for value in before if value], is_before=False),
            self._role([value for value in after if value], is_before=False),
        )

    def _role(self, values: Sequence[str], *, is_before: bool) -> Role:
        """Return the role of a column by its values in all items."""
        if not values:
            return "source"
        if any(value in self.ruleset.context.sources for value in values):
            return "source"
        prefixes = {value.partition(":")[0] for value in values if ":" in value}
        if len(values) > 1 and len(prefixes) == 1 and all(":" in value for value in values):
            return "author" if prefixes.pop().casefold() in self.ruleset.byline_words else "label"
        keys = {_DIGITS.sub("0", value.casefold()) for value in values}
        if len(values) >= MIN_CONSTANT_ITEMS and len(keys) == 1:
            return "label"
        return (
            "source"
            if source_odds(column_vector(values, self.menu(), is_before), self.ruleset.reading.grammar.source) > 0
            else "category"
        )


def _are_alike(values: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether a column repeats another."""
    return 2 * sum(value == other for value, other in zip(values, others, strict=True)) > len(values)
