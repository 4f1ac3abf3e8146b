"""Layouts: how a site prints a page, a story or a card, as data."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cleaners.grammar.template import pieces, spell

Texts = tuple[str, ...]
# Of a rule or a layout: what stands in reports, in terminals and on command lines.
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=100)]
LAYOUT_FIELDS = frozenset(
    ("title", "standfirst", "body", "source", "time", "category", "author", "tag", "number", "dated", "other")
)
# What keeps matching a grammar short: the number of ways grows with the fields of a line and the lines that may be missing.
MAX_LINE_FIELDS = 4
MAX_OPTIONAL_LINES = 6
# The roles in which a field has a meaning, for those that have none in all.
ONLY_IN = {
    "tag": ("article", "listing"),
    "standfirst": ("header",),
    "body": ("article", "listing", "story", "paid"),
    "dated": ("story",),
    "number": ("story", "header", "paid"),
    "other": ("story", "header", "paid"),
}
# The fields of which a role needs one.
NEEDED = {"header": ("title",), "repeated story": ("title", "body", "dated")}


def check_lines(where: str, lines: Texts) -> None:
    """Raise ValueError when the line patterns of a grammar are not sound, or are more than can be matched in short time."""
    optional = 0
    for line in lines:
        is_optional = line.startswith("[") and line.endswith("]")
        optional += is_optional
        for spelling in spell(line[1:-1] if is_optional else line):
            fields = [piece.field for piece in pieces(spelling) if piece.field]
            unknown = sorted(set(fields) - LAYOUT_FIELDS)
            if unknown:
                raise ValueError(f"{where}: unknown field {{{unknown[0]}}}; known are {', '.join(sorted(LAYOUT_FIELDS))}")
            if len(fields) > MAX_LINE_FIELDS or not spelling.strip():
                raise ValueError(f"{where}: a line must hold something, and {MAX_LINE_FIELDS} fields at most: {line!r}")
    if lines and (optional == len(lines) or optional > MAX_OPTIONAL_LINES):
        raise ValueError(f"{where}: {optional} of {len(lines)} lines are in brackets; {MAX_OPTIONAL_LINES} may be, but not all")


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a site prints a story: a pattern a line, with named fields; a field that stands twice must be equal.

    A line in square brackets may be missing. An `article` or `listing` says how a page is made, a `story` how one embedded
    in it, a `header` what stands before the text of the page's own, a `paid` card what mimics a story and is none.

    A layout with `repeats` is for any site: it holds where so many stories of that form follow each other, and only when
    titles look like titles and bodies like prose; `labelled`: only under the label of a list. `within` names the page
    layouts on which a story's layout stands, none for all; `seen` holds the first and the last day on which the layout was
    seen.
    """

    id: Id
    role: Literal["article", "listing", "story", "header", "paid"]
    lines: Annotated[Texts, msgspec.Meta(min_length=1)]
    repeats: int = 0
    labelled: bool = False
    within: Texts = ()
    seen: Annotated[Texts, msgspec.Meta(max_length=2)] = ()

    def check(self) -> None:
        """Raise ValueError when it is not sound."""
        check_lines(self.id, self.lines)
        if self.repeats < 0 or (self.labelled and not self.repeats):
            raise ValueError(f"{self.id}: `repeats` says how many stories in a row it takes; `labelled` needs one or more")
        if (self.role == "paid" and not self.repeats) or (self.repeats and self.role not in ("story", "paid")):
            raise ValueError(f"{self.id}: a paid card needs `repeats`; of the others only a story may have it")
        for name, roles in ONLY_IN.items():
            if self.role not in roles and any(f"{{{name}}}" in line for line in self.lines):
                raise ValueError(f"{self.id}: the field {{{name}}} has no meaning for the role {self.role}")
        if all(any(f"{{{name}}}" in line for line in self.lines) for name in ("body", "dated")):
            raise ValueError(f"{self.id}: {{dated}} is a {{body}} that opens with a place; a layout has one of them")
        needed = NEEDED.get("repeated story" if self.role == "story" and self.repeats else self.role, ())
        if needed and not any(f"{{{name}}}" in line for name in needed for line in self.lines if line[0] != "["):
            names = " or ".join(f"{{{name}}}" for name in needed)
            raise ValueError(f"{self.id}: the role {self.role} needs {names} in a line that may not be missing")
