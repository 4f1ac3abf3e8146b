"""Line grammars: match neighbouring lines of a page against a list of line patterns.

Called by `cleaners.segmentation`; patterns are compiled by `cleaners.rules.compiled`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.grammar.fields import MAX_STRUCTURED_CHARS, FieldContext, is_field_value, may_follow, split_line
from cleaners.grammar.template import FieldName, LayoutField, Piece, pieces, spell
from cleaners.text.normalize import line_key, lookup_key

# A fixed line cut off at the end of the page is recognised by this many characters.
MIN_CUT_CHARS = 5
# The fixed texts of each spelling of each required line, for lines with fixed text in all of their spellings.
Needed = tuple[tuple[tuple[str, ...], ...], ...]
NO_FIELDS: Mapping[FieldName, Line] = MappingProxyType({})


class LinePattern(msgspec.Struct, frozen=True, gc=False):
    """One line of a grammar: its spellings as pieces, and whether it is `optional`.

    `keys` are the look-up keys of its spellings of fixed text, `loose` the other spellings; `lone_field` is its field when it
    has nothing else, else "". `is_plain` is true for a required line that a text can follow in at most one way. With
    `frees_other`, the field `other` may have another value each time it stands in a grammar.
    """

    spellings: tuple[tuple[Piece, ...], ...]
    optional: bool
    keys: frozenset[str]
    lone_field: LayoutField | Literal[""]
    loose: tuple[tuple[Piece, ...], ...]
    is_plain: bool
    frees_other: bool = False

    @property
    def fields(self) -> frozenset[FieldName]:
        """Return all fields of the line."""
        return frozenset(piece.field for spelling in self.spellings for piece in spelling if piece.field)


class Match(msgspec.Struct, frozen=True, gc=False):
    """A match of a grammar on the lines from `first` up to, not including, `last`.

    `fields` holds the first occurrence of each field, `repeats` the later ones, `literals` the fixed text between them;
    `others` the values of `other` that need not be equal.
    `firm` counts the lines recognised by fixed text, a time or a repeat; `cut` is true when the page ends inside the grammar.
    """

    first: int
    last: int
    fields: Mapping[FieldName, Line] = NO_FIELDS
    repeats: tuple[Line, ...] = ()
    literals: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
    firm: int = 0
    cut: bool = False


def line_pattern(text: str, *, frees_other: bool = False) -> LinePattern:
    """Compile one line of a grammar: a template, in square brackets when the line is optional."""
    optional = text.startswith("[") and text.endswith("]")
    spellings = tuple(pieces(spelling) for spelling in spell(text[1:-1] if optional else text))
    literal = frozenset(lookup_key(line[0].text) for line in spellings if len(line) == 1 and line[0].text)
    only = spellings[0]
    is_field = len(spellings) == len(only) == 1 and only[0].field != ""
    lone_field = cast("LayoutField", only[0].field) if is_field else ""
    loose = tuple(line for line in spellings if len(line) > 1 or not line[0].text)
    is_plain = not optional and (lone_field != "" or not loose)
    return LinePattern(spellings, optional, literal, lone_field, loose, is_plain, frees_other)


def match_lines(
    patterns: Sequence[LinePattern], lines: Sequence[Line], at: int, context: FieldContext, *, final: bool = False
) -> Match | None:
    """Return the match of `patterns` on `lines` from index `at`, or None; an optional line is matched where it is present.

    With `final`, the lines end where the page was cut off: they may stop inside the grammar, even inside a line.
    """
    may_begin = at >= len(lines) - 1 or _may_begin(patterns, lines[at])
    return _match(tuple(patterns), lines, Match(at, at), context, final) if may_begin else None


def _may_begin(patterns: Sequence[LinePattern], line: Line) -> bool:
    """Return whether a grammar may begin with a line, by its fixed lines alone: a cheap check that refuses most lines."""
    for pattern in patterns:
        if pattern.loose or line_key(line.text) in pattern.keys:
            return True
        if not pattern.optional:
            return False
    return True


def _match(
    todo: tuple[LinePattern, ...], lines: Sequence[Line], so_far: Match, context: FieldContext, final: bool
) -> Match | None:
    """Return `so_far` continued by the patterns `todo` on the next lines, or None."""
    while todo and so_far.last < len(lines) - 1 and todo[0].is_plain:
        step = next(_match_line(todo[0], lines[so_far.last], so_far, context), None)
        if step is None:
            return None
        todo, so_far = todo[1:], step
    if not todo:
        return so_far
    if so_far.last == len(lines):
        if all(pattern.optional for pattern in todo):
            return so_far
        return replace(so_far, cut=True) if final and so_far.last > so_far.first else None
    pattern, rest = todo[0], todo[1:]
    if final and pattern.optional and so_far.last == len(lines) - 1:
        cut = _match(rest, lines, so_far, context, final)  # a cut line is not matched as an optional field
        if cut is not None and cut.firm > so_far.firm:
            return cut
    for step in _match_line(pattern, lines[so_far.last], so_far, context):
        found = _match(rest, lines, step, context, final)
        if found is not None:
            return found
    if final and so_far.last == len(lines) - 1 and _is_cut_line(pattern, lines[-1].text, so_far, context):
        line = lines[-1]
        return replace(so_far, last=len(lines), literals=(*so_far.literals, line), firm=so_far.firm + 1, cut=True)
    return _match(rest, lines, so_far, context, final) if pattern.optional else None


def _match_line(pattern: LinePattern, line: Line, so_far: Match, context: FieldContext) -> Iterator[Match]:
    """Yield `so_far` with one more line, for each way in which `line` follows `pattern`."""
    if pattern.lone_field:
        if is_field_value(pattern.lone_field, line.text, context):
            step = _add_field(pattern, pattern.lone_field, line, so_far)
            if step is not None:
                yield step
        return
    if pattern.keys and line_key(line.text) in pattern.keys:
        yield replace(so_far, last=so_far.last + 1, literals=(*so_far.literals, line), firm=so_far.firm + 1)
    for spelling in pattern.loose:
        is_too_long = len(spelling) > 1 and len(line.text) > MAX_STRUCTURED_CHARS
        if is_too_long or not _may_repeat(spelling, line.text, so_far.fields) or not may_follow(spelling, line.text, context):
            continue
        for parts in split_line(spelling, line.text, 0, context):
            step = _add_parts(pattern, parts, line, so_far)
            if step is not None:
                yield step


def _may_repeat(spelling: tuple[Piece, ...], text: str, fields: Mapping[FieldName, Line]) -> bool:
    """Return whether a line may end with a repeat of an earlier field, by the last word of that field."""
    earlier = fields.get(spelling[-1].field)
    return earlier is None or text.endswith(earlier.text.rsplit(None, 1)[-1])


def needed_texts(patterns: Sequence[LinePattern]) -> Needed:
    """Return the fixed text inside required lines; see `Needed`."""
    needed = []
    for pattern in patterns:
        texts = tuple(tuple(piece.text for piece in spelling if piece.text) for spelling in pattern.spellings)
        if not pattern.optional and not pattern.keys and all(texts):
            needed.append(texts)
    return tuple(needed)


def may_occur(needed: Needed, text: str) -> bool:
    """Return whether lines joined to `text` can follow a grammar, by the fixed text that it needs."""
    return all(any(all(part in text for part in texts) for texts in wordings) for wordings in needed)


def _add_field(pattern: LinePattern, name: FieldName, line: Line, so_far: Match) -> Match | None:
    """Return `so_far` with one more line that is a field as a whole, or None when a repeat differs from the first value."""
    if name == "other" and pattern.frees_other:
        return replace(so_far, last=so_far.last + 1, others=(*so_far.others, line))
    first = so_far.fields.get(name)
    if first is None:
        fields = {**so_far.fields, name: line}
        return replace(so_far, last=so_far.last + 1, fields=fields, firm=so_far.firm + (name == "time"))
    if first.text != line.text and first.text.split() != line.text.split():
        return None
    return replace(so_far, last=so_far.last + 1, repeats=(*so_far.repeats, line), firm=so_far.firm + 1)


def _add_parts(pattern: LinePattern, parts: list[tuple[Piece, int, int]], line: Line, so_far: Match) -> Match | None:
    """Return `so_far` with the parts of one more line, or None when a repeat differs from the first value."""
    fields = dict(so_far.fields)
    repeats, literals, others = list(so_far.repeats), list(so_far.literals), list(so_far.others)
    firm = False
    for piece, start, end in parts:
        part = Line(line.start + start, line.start + end, line.text[start:end])
        if piece.text:
            literals.append(part)
            firm = True
        elif piece.field == "other" and pattern.frees_other:
            others.append(part)
        elif piece.field not in fields:
            fields[piece.field] = part
            firm = firm or piece.field == "time"
        elif fields[piece.field].text.split() == part.text.split():
            repeats.append(part)
            firm = True
        else:
            return None
    return Match(
        so_far.first, so_far.last + 1, fields, tuple(repeats), tuple(literals), tuple(others), so_far.firm + firm, so_far.cut
    )  # fmt: skip


def _is_cut_line(pattern: LinePattern, text: str, so_far: Match, context: FieldContext) -> bool:
    """Return whether `text`, the last line of a page, can be the beginning of a line that follows `pattern`."""
    if pattern.keys:
        cut = line_key(text)
        if any(known.startswith(cut) for known in pattern.keys):
            return so_far.firm > 0 or len(text) >= MIN_CUT_CHARS
    return so_far.last > so_far.first and any(_begins(text, spelling, so_far, context) for spelling in pattern.spellings)


def _begins(text: str, spelling: tuple[Piece, ...], so_far: Match, context: FieldContext) -> bool:
    """Return whether `text` can be the beginning of a spelling, given the values of the fields so far."""
    whole = ""
    for piece in spelling:
        if piece.field == "time" and piece.field not in so_far.fields and text.startswith(whole):
            return context.times.is_cut_time(text[len(whole) :])
        if piece.field and piece.field not in so_far.fields:
            return False
        whole += piece.text or so_far.fields[piece.field].text
        if whole.startswith(text):
            return True
    return False
