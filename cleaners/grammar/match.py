"""Line grammars: find the neighbouring lines of a page that follow a list of line patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.grammar.fields import MAX_STRUCTURED_CHARS, FieldContext, is_possible, may_be, split_line
from cleaners.grammar.template import Piece, pieces, spell
from cleaners.text.normalize import key, line_key

# A page cut off inside a fixed line still shows which line it was when it left this many characters of it.
MIN_CUT_CHARS = 5
# Of each line that must be there and has fixed text in all of its spellings: the texts inside each of those.
Needed = tuple[tuple[tuple[str, ...], ...], ...]
NO_FIELDS: Mapping[str, Line] = MappingProxyType({})


class LinePattern(msgspec.Struct, frozen=True, gc=False):
    """One line of a grammar: its spellings as pieces, whether it may be missing, and its field when it is nothing else.

    `keys` are those of its spellings that are fixed text, `loose` the other spellings. `is_plain` says that it must be there,
    and that a line follows it in one way at most.
    """

    spellings: tuple[tuple[Piece, ...], ...]
    optional: bool
    keys: frozenset[str]
    lone_field: str
    loose: tuple[tuple[Piece, ...], ...]
    is_plain: bool

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of all fields of the line."""
        return frozenset(piece.field for spelling in self.spellings for piece in spelling if piece.field)


class Match(msgspec.Struct, frozen=True, gc=False):
    """Lines `first` up to, not including, `last` follow a grammar.

    `fields` holds the first place of each field, `repeats` its later ones, `literals` the fixed text between them.
    `firm` counts the lines that were known by fixed text, a time or a repeat; `cut` says that the page ended inside.
    """

    first: int
    last: int
    fields: Mapping[str, Line] = NO_FIELDS
    repeats: tuple[Line, ...] = ()
    literals: tuple[Line, ...] = ()
    firm: int = 0
    cut: bool = False


def line_pattern(text: str) -> LinePattern:
    """Compile one line of a grammar: a template, in square brackets when the line may be missing."""
    optional = text.startswith("[") and text.endswith("]")
    spellings = tuple(pieces(spelling) for spelling in spell(text[1:-1] if optional else text))
    literal = frozenset(key(line[0].text) for line in spellings if len(line) == 1 and line[0].text)
    only = spellings[0]
    lone_field = only[0].field if len(spellings) == len(only) == 1 else ""
    loose = tuple(line for line in spellings if len(line) > 1 or not line[0].text)
    return LinePattern(spellings, optional, literal, lone_field, loose, not optional and (lone_field != "" or not loose))


def match_lines(
    patterns: Sequence[LinePattern], lines: Sequence[Line], at: int, words: FieldContext, *, final: bool = False
) -> Match | None:
    """Return how `lines` from index `at` on follow `patterns`, or None; optional lines are taken where they stand.

    With `final`, the lines end where the page was cut off: they may stop inside the grammar, even inside a line.
    """
    may_begin = at >= len(lines) - 1 or _may_begin(patterns, lines[at])
    return _match(tuple(patterns), lines, Match(at, at), words, final) if may_begin else None


def _may_begin(patterns: Sequence[LinePattern], line: Line) -> bool:
    """Say whether a grammar may begin with a line, by its fixed lines alone, which most lines are not."""
    for pattern in patterns:
        if pattern.loose or line_key(line.text) in pattern.keys:
            return True
        if not pattern.optional:
            return False
    return True


def _match(
    todo: tuple[LinePattern, ...], lines: Sequence[Line], so_far: Match, words: FieldContext, final: bool
) -> Match | None:
    while todo and so_far.last < len(lines) - 1 and todo[0].is_plain:
        step = next(_match_line(todo[0], lines[so_far.last], so_far, words), None)
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
        cut = _match(rest, lines, so_far, words, final)  # a line cut off is no value of a field that may be missing
        if cut is not None and cut.firm > so_far.firm:
            return cut
    for step in _match_line(pattern, lines[so_far.last], so_far, words):
        found = _match(rest, lines, step, words, final)
        if found is not None:
            return found
    if final and so_far.last == len(lines) - 1 and _is_cut_line(pattern, lines[-1].text, so_far, words):
        line = lines[-1]
        return replace(so_far, last=len(lines), literals=(*so_far.literals, line), firm=so_far.firm + 1, cut=True)
    return _match(rest, lines, so_far, words, final) if pattern.optional else None


def _match_line(pattern: LinePattern, line: Line, so_far: Match, words: FieldContext) -> Iterator[Match]:
    """Yield each way in which `line` follows `pattern`."""
    if pattern.lone_field:
        step = _take_whole(pattern.lone_field, line, so_far) if may_be(pattern.lone_field, line.text, words) else None
        if step is not None:
            yield step
        return
    if pattern.keys and line_key(line.text) in pattern.keys:
        yield replace(so_far, last=so_far.last + 1, literals=(*so_far.literals, line), firm=so_far.firm + 1)
    for spelling in pattern.loose:
        if len(spelling) > 1 and len(line.text) > MAX_STRUCTURED_CHARS:
            continue
        if not _may_repeat(spelling, line.text, so_far.fields) or not is_possible(spelling, line.text, words):
            continue
        for parts in split_line(spelling, line.text, 0, words):
            step = _bind(parts, line, so_far)
            if step is not None:
                yield step


def _may_repeat(spelling: tuple[Piece, ...], text: str, fields: Mapping[str, Line]) -> bool:
    """Say whether a line may say at its end what it must say again, by the last word of that."""
    said = fields.get(spelling[-1].field)
    return said is None or text.endswith(said.text.rsplit(None, 1)[-1])


def needed_texts(patterns: Sequence[LinePattern]) -> Needed:
    """Return the fixed text inside lines that must be there."""
    needed = []
    for pattern in patterns:
        texts = tuple(tuple(piece.text for piece in spelling if piece.text) for spelling in pattern.spellings)
        if not pattern.optional and not pattern.keys and all(texts):
            needed.append(texts)
    return tuple(needed)


def may_occur(needed: Needed, text: str) -> bool:
    """Say whether lines that are joined to `text` can follow a grammar, by the fixed text that it needs."""
    return all(any(all(part in text for part in texts) for texts in wordings) for wordings in needed)


def _take_whole(name: str, line: Line, so_far: Match) -> Match | None:
    """Return the match with one more line that is nothing but a field, or None when that differs from its first place."""
    known = so_far.fields.get(name)
    if known is None:
        fields = {**so_far.fields, name: line}
        return replace(so_far, last=so_far.last + 1, fields=fields, firm=so_far.firm + (name == "time"))
    if known.text != line.text and known.text.split() != line.text.split():
        return None
    return replace(so_far, last=so_far.last + 1, repeats=(*so_far.repeats, line), firm=so_far.firm + 1)


def _bind(parts: list[tuple[Piece, int, int]], line: Line, so_far: Match) -> Match | None:
    """Return the match with the fields of one more line, or None when a field differs from its first place."""
    fields = dict(so_far.fields)
    repeats, literals = list(so_far.repeats), list(so_far.literals)
    firm = False
    for piece, start, end in parts:
        place = Line(line.start + start, line.start + end, line.text[start:end])
        if piece.text:
            literals.append(place)
            firm = True
        elif piece.field not in fields:
            fields[piece.field] = place
            firm = firm or piece.field == "time"
        elif fields[piece.field].text.split() == place.text.split():
            repeats.append(place)
            firm = True
        else:
            return None
    return Match(
        so_far.first, so_far.last + 1, fields, tuple(repeats), tuple(literals), so_far.firm + firm, so_far.cut
    )  # fmt: skip


def _is_cut_line(pattern: LinePattern, text: str, so_far: Match, words: FieldContext) -> bool:
    """Say whether `text`, the last line of a page, can be the beginning of a line that follows `pattern`."""
    if pattern.keys:
        cut = line_key(text)
        if any(known.startswith(cut) for known in pattern.keys):
            return so_far.firm > 0 or len(text) >= MIN_CUT_CHARS
    return so_far.last > so_far.first and any(_begins(text, spelling, so_far, words) for spelling in pattern.spellings)


def _begins(text: str, spelling: tuple[Piece, ...], so_far: Match, words: FieldContext) -> bool:
    """Say whether `text` is the beginning of what a spelling can stand for, given the fields known so far."""
    whole = ""
    for piece in spelling:
        if piece.field == "time" and piece.field not in so_far.fields and text.startswith(whole):
            return words.times.begins(text[len(whole) :])
        if piece.field and piece.field not in so_far.fields:
            return False
        whole += piece.text or so_far.fields[piece.field].text
        if whole.startswith(text):
            return True
    return False
