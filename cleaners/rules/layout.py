"""Layouts of pages, embedded stories, headers and paid cards: their TOML model and its checks.

Part of the model of packs, `cleaners.rules.model`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

from cleaners.grammar.template import LayoutField, pieces, spell
from cleaners.rules.page_template import Evidence, Id, Sureness, Texts

# What a layout describes: a page (article, listing), an embedded story, the header of a page's own story, the first line of
# its text (opening), or a paid card.
LayoutRole = Literal["article", "listing", "story", "header", "opening", "paid"]
LAYOUT_FIELDS = frozenset(get_args(LayoutField))
# Limits on the time of matching, which grows with the fields of a line and with the optional lines.
MAX_LINE_FIELDS = 4
MAX_OPTIONAL_LINES = 6
MAX_PARAGRAPHS = 200
# The roles that may use a field, for the fields that are not for all roles.
ONLY_IN: dict[LayoutField, tuple[LayoutRole, ...]] = {
    "tag": ("article", "listing"),
    "standfirst": ("header",),
    "body": ("article", "listing", "story", "opening", "paid"),
    "dated": ("story", "opening"),
    "number": ("story", "header", "paid"),
    "other": ("story", "header", "paid"),
}
# The fields of which a role needs at least one.
NEEDED: dict[str, tuple[LayoutField, ...]] = {
    "header": ("title",),
    "opening": ("body", "dated"),
    "repeated story": ("title", "body", "dated"),
}


def check_lines(where: str, lines: Texts) -> None:
    """Raise ValueError when the line patterns of a grammar are not sound, or would take too long to match."""
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
    """A layout: one pattern a line, with named fields; a field that stands twice must have equal values.

    A line in square brackets is optional. An `article` or `listing` describes a page, a `story` an embedded story, a `header`
    the lines before the text of the page's own story, an `opening` the first line of that text, a `paid` card an
    advertisement that imitates a story.

    A layout with `repeats` is for any site: it needs so many stories in a row, with titles that look like titles and bodies
    that look like prose; with `labelled` it also needs the label of a list above, and `below_text` is for those below the first
    prose of a page alone. A text may go on over so many `paragraphs`. `within` names the page layouts that may
    hold a story's layout, none for all; `seen` holds the first and the last day on which the layout was observed.
    `template` names the only templates of pages that the layout is for; `evidence` and `sureness` are told by a learner.
    """

    id: Id
    role: LayoutRole
    lines: Annotated[Texts, msgspec.Meta(min_length=1)]
    repeats: int = 0
    labelled: bool = False
    below_text: bool = False
    paragraphs: Annotated[int, msgspec.Meta(ge=1, le=MAX_PARAGRAPHS)] = 1
    within: Texts = ()
    seen: Annotated[Texts, msgspec.Meta(max_length=2)] = ()
    template: Texts = ()
    evidence: Evidence | None = None
    sureness: Sureness | None = None

    def check(self) -> None:
        """Raise ValueError when the layout is not sound."""
        check_lines(self.id, self.lines)
        if self.evidence is not None:
            self.evidence.check(self.id)
        if self.repeats < 0 or ((self.labelled or self.below_text or self.paragraphs > 1) and not self.repeats):
            raise ValueError(
                f"{self.id}: `repeats` says how many stories in a row it takes; `labelled`, `below_text` and `paragraphs` need "
                "one or more"
            )
        if (self.role == "paid" and not self.repeats) or (self.repeats and self.role not in ("story", "paid")):
            raise ValueError(f"{self.id}: a paid card needs `repeats`; of the others only a story may have it")
        named = [_fields_in(spelling) for line in self.lines for spelling in spell(line)]
        for name, roles in ONLY_IN.items():
            if self.role not in roles and any(name in fields for fields in named):
                raise ValueError(f"{self.id}: the field {{{name}}} has no meaning for the role {self.role}")
        if all(any(name in fields for fields in named) for name in ("body", "dated")):
            raise ValueError(f"{self.id}: {{dated}} is a {{body}} that opens with a place; a layout has one of them")
        needed = NEEDED.get("repeated story" if self.role == "story" and self.repeats else self.role, ())
        if needed and not any(name in always for name in needed for line in self.lines if (always := _always_in(line))):
            names = " or ".join(f"{{{name}}}" for name in needed)
            raise ValueError(f"{self.id}: the role {self.role} needs {names} in a line that may not be missing")


def _fields_in(spelling: str) -> frozenset[str]:
    return frozenset(piece.field for piece in pieces(spelling) if piece.field)


def _always_in(line: str) -> frozenset[str]:
    """Return the fields of a line that no match lacks: none of a line in brackets, none of a part that may be missing."""
    return frozenset() if line.startswith("[") else frozenset.intersection(*map(_fields_in, spell(line)))
