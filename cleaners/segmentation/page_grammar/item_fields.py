"""The fields of the items of a list: the meaning of each column, and the parts of glued lines.

Called by `find`. A column is judged over all items: names that differ are sources, words of the page's menu are categories,
and a text that is equal in all items is a label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.page_grammar.bodies import Unit
from cleaners.segmentation.page_grammar.candidates import title_place
from cleaners.segmentation.page_grammar.column_parts import Cell, cells_of
from cleaners.segmentation.page_grammar.column_roles import MIN_CONSTANT_ITEMS, Role, are_alike, column_odds, column_role
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
from cleaners.segmentation.page_grammar.menus import Menu
from cleaners.segmentation.page_grammar.model import FieldSpan, Item

MAX_FAR_TIME = 3  # lines after its text in which the time of an item may stand
FORM_NAMES = {
    "H": "title", "T": "time", "B": "author", "N": "number", "D": "title", "d": "source", "b": "text", "s": "source",
    "G": "title and time",
}  # fmt: skip
WHOLE, BEFORE, AFTER = "whole", "before", "after"
BEFORE_TIME = frozenset("PqSHa")  # lines of an item, above its time
Place = tuple[int, str]  # of a column of names: the field of the pattern, and the part of its lines


class FieldReader:
    """Reads the fields of the items of one list; the page's `menu` is only looked for when a column needs it."""

    def __init__(
        self, pattern: str, units: Sequence[Unit], columns: PageColumns, ruleset: Ruleset, menu: Callable[[], Menu]
    ) -> None:
        self.pattern, self.columns, self.ruleset, self.menu = pattern, columns, ruleset, menu
        self.first = units[0] if units else None
        self.cells = self._cells(units)
        self.roles = self._roles(units)
        self.has_suffix = self._have_suffixes(units)
        self.times_after = self._are_times_after(units)
        self.times_above = self._times_above(units)

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
            if field == "H":
                self._add_title(item, line)
            elif field == "G":
                self._add_glued(item, line)
            elif field == "N":
                item.number = self._span(line, (0, len(self.columns.lines[line].text)))
            elif field in "Dd":
                item.repeats.append(index[line])
            elif self.times_after and not at:
                if unit is self.first:
                    item.repeats.append(index[line])
            elif field in "TBs":
                self._add_cell(item, at, line)
        if item.time is None and self.times_above:
            if first in self.times_above:
                self._add_time(item, self.times_above[first])
        elif item.time is None:
            after = range(end, min(until + self.times_after, end + len(unit.body) + MAX_FAR_TIME, len(self.columns.letters)))
            times = [i for i in after if self.columns.letters[i] == "T" or self._is_next_time(i)]
            if len(times) == 1:
                self._add_time(item, times[0])
        return item

    def form(self, has_text: bool) -> str:
        """Return the names of the fields in order, such as "time / source / title / text"."""
        names = [self.roles.get((at, WHOLE), FORM_NAMES[field]) for at, field in enumerate(self.pattern)]
        return " / ".join([*names, "text"] if has_text else names)

    def _span(self, line: int, part: Part) -> FieldSpan:
        offset = self.columns.lines[line].offset
        return FieldSpan(self.columns.index[line], offset + part[0], offset + part[1])

    def _add(self, item: Item, role: Role, line: int, part: Part) -> None:
        if role == "repeat":
            item.repeats.append(self.columns.index[line])
        elif role == "author":
            item.author = item.author or self._span(line, self._without_by(self.columns.lines[line].text, part))
        elif role != "label" and getattr(item, role) is None:
            setattr(item, role, self._span(line, part))

    def _add_cell(self, item: Item, at: int, line: int) -> None:
        """Add the time and the names of a line of a column."""
        cell = self.cells[line]
        if cell.time is None:
            role = self.roles.get((at, WHOLE))
            if role is not None:
                self._add(item, role, line, cell.before)
            return
        item.time = item.time or self._span(line, cell.time)
        for place, part in ((BEFORE, cell.before), (AFTER, cell.after)):
            role = self.roles.get((at, place))
            if part[0] < part[1] and role is not None:
                named = self._without_by(self.columns.lines[line].text, part)
                self._add(item, "author" if named != part else role, line, part)

    def _add_time(self, item: Item, line: int) -> None:
        """Add the time of a line that stands after the text of an item."""
        time, _, _ = parted(self.columns.lines[line].text, self.ruleset)
        item.time = self._span(line, time)

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

    def _second_role(self, roles: dict[Place, Role], columns: dict[Place, list[str]], place: Place, named: list[str]) -> Role:
        """Return the role of a second column of sources: of the two that with greater odds remains one."""
        first = next(other for other, role in roles.items() if role == "source")
        odds, others = [
            column_odds([value for value in values if value], self.ruleset, self.menu, is_before=self._is_before(at))
            for at, values in ((place, named), (first, columns[first]))
        ]
        if odds <= others:
            return "category"
        roles[first] = "category"
        return "source"

    def _is_before(self, place: Place) -> bool:
        """Return whether a column of whole lines stands before the titles."""
        return place[1] == WHOLE and place[0] < title_place(self.pattern)

    def _is_next_time(self, line: int) -> bool:
        """Return whether the time above the next item belongs to the item before it."""
        cell = self.cells.get(line)
        return self.times_after and cell is not None and cell.time is not None

    def _are_times_after(self, units: Sequence[Unit]) -> bool:
        """Return whether times stand after the items, not before: one follows the last item, and text is above the first."""
        if not units:
            return False
        first, last = units[0].header[0], units[-1].last + 1
        letters = self.columns.letters
        return self.pattern[0] == "T" and letters[last : last + 1] == "T" and first > 0 and letters[first - 1] in BEFORE_TIME

    def _times_above(self, units: Sequence[Unit]) -> dict[int, int]:
        """Return the line of the time above each header when the headers hold none and one stands right above the first."""
        letters = self.columns.letters
        if "T" in self.pattern or not units or letters[units[0].header[0] - 1 : units[0].header[0]] != "T":
            return {}
        found = {units[0].header[0]: units[0].header[0] - 1}
        for unit, following in pairwise(units):
            first = following.header[0]
            times = [i for i in range(unit.last + 1, first) if letters[i] == "T"]
            if len(times) == 1:
                found[first] = times[0]
        return found

    def _cells(self, units: Sequence[Unit]) -> dict[int, Cell]:
        """Return the parts of each line that is a time, a byline or a short line, by the column it stands in."""
        found: dict[int, Cell] = {}
        for at, field in enumerate(self.pattern):
            if field in "TBs":
                lines = [unit.header[0] + at for unit in units]
                cells = cells_of([self.columns.lines[i].text for i in lines], self.ruleset, is_time=field == "T")
                found.update(zip(lines, cells, strict=True))
        return found

    def _roles(self, units: Sequence[Unit]) -> dict[Place, Role]:
        """Return the role of each column of names: short lines, bylines, and the names beside times."""
        roles: dict[Place, Role] = {}
        columns: dict[Place, list[str]] = {}
        for at, field in enumerate(self.pattern):
            if field not in "TBs":
                continue
            lines = [unit.header[0] + at for unit in units]
            for place in (WHOLE, BEFORE, AFTER):
                values = [self._name(line, place) for line in lines]
                if any(values):
                    self._add_role(roles, columns, (at, place), values, is_byline=field == "B")
        return roles

    def _name(self, line: int, place: str) -> str:
        """Return the name of a line in one of its places, "" for none."""
        cell = self.cells[line]
        if (cell.time is None) != (place == WHOLE):
            return ""
        return self.columns.lines[line].text[slice(*(cell.after if place == AFTER else cell.before))]

    def _add_role(
        self, roles: dict[Place, Role], columns: dict[Place, list[str]], place: Place, values: list[str], *, is_byline: bool
    ) -> None:
        """Add the role of a column; one that repeats another is a repeat, and two columns are not both sources."""
        is_before = self._is_before(place)
        named = [value for value in values if value]
        if is_byline:
            role: Role = "author"
        elif place[1] == WHOLE and 2 * len(named) <= len(values):  # beside times
            role = "label"
        else:
            role = column_role(named, self.ruleset, self.menu, is_before=is_before, is_first=is_before and not place[0])
        alike = next((other for other, column in columns.items() if are_alike(values, column)), None)
        if alike is not None:
            roles[alike] = "source" if roles[alike] == "label" else roles[alike]
            role = "repeat" if place[1] == WHOLE else "label"
        elif role in roles.values() and role in ("source", "category"):
            role = self._second_role(roles, columns, place, named) if role == "source" else "label"
        roles[place] = role
        columns[place] = values
