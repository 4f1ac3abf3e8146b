"""Templates: the pattern language of packs, compiled for a regular expression engine of linear time.

A template is plain text with fields in braces. `{a|b}` is one of several wordings, `{|a}` is optional; `{n}` is a number,
`{words}` a run of words within one sentence, `{rest}` the rest of a sentence with its end, `{tail}` at most 400 more
characters, `{code}` the rest of a line of program code; FIELDS lists all fields of phrases. `{{` and `}}` are literal braces.
`{? by {name}}` is optional, too, and may hold fields and wordings, in braces of their own. There is no other syntax, so no
pack can match "anywhere in a line" or make matching explode.

Called by `cleaners.grammar.match` for the lines of layouts, and by `cleaners.rules` for phrases and whole lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import inf, prod
from typing import Literal, NamedTuple, cast

import re2

from cleaners.text.normalize import composed

# The fields of layouts: values of a story, and a `number`, a `dated` body or an `other` line.
LayoutField = Literal[
    "title", "standfirst", "body", "source", "time", "category", "author", "tag", "number", "dated", "other",
]  # fmt: skip
PhraseField = Literal[
    "n", "price", "words", "name", "sentence", "domain", "word", "handle", "tail", "css", "rest", "code",
]  # fmt: skip
FieldName = LayoutField | PhraseField | Literal[""]
# The fields of phrases, with the pattern of their values.
FIELDS: dict[FieldName, str] = {
    "n": r"\p{Nd}+(?:[.,]\p{Nd}+)*",
    "price": r"[$€£¥₹]\s?\p{Nd}+(?:[.,]\p{Nd}+)*",
    "words": r"[^.!?。！？।؟]+?",
    "name": r"[\p{Lu}\p{Lt}\p{Lo}\p{Nd}][^.!?。！？।؟]*?",
    "sentence": r"[^.!?。！？।؟]+[.!?。！？।؟]",
    "domain": r"[\p{L}\p{Nd}-]+(?:\.[\p{L}\p{Nd}-]+)+(?:/\S{0,200})?",
    "word": r"\S+?",
    "handle": r"@[\w.]+",
    "tail": r".*",
    "css": r"[\w-]*\s*\{[^{}]*\}(?:\s*[.#][\w-]+\s*\{[^{}]*\})*",
    # A full stop inside a word, as in an address, ends no sentence.
    "rest": r"(?:[^.!?。！？।؟]|[.!?][^\s\"'”’)])*[.!?…。！？।؟]*[\"'”’)]*",
    "code": r".*",
}
# The longest value of these fields, in characters. Lengths are checked after a match: a pattern that counts characters takes
# a millisecond to compile, as each repetition is a state of its own.
MAX_CHARS: dict[FieldName, int] = {"words": 200, "name": 81, "sentence": 401, "word": 80, "handle": 61, "tail": 400}
MAX_BLANK_CHARS = 3  # of white space for one blank in a wording
# A literal brace, or an optional part with fields in it.
_OPTIONAL = re.compile(r"\{\{|\{\?((?:[^{}]|\{[^{}?][^{}]*\})+)\}")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use characters instead of literal braces while a template is split
MAX_SPELLINGS = 64
# A phrase is found by its opening words; shorter ones would be candidates everywhere.
MIN_OPENING = 4  # characters


class Piece(NamedTuple):
    """A part of a template: literal `text`, or a `field`."""

    text: str = ""
    field: FieldName = ""


def spell(template: str) -> list[str]:
    """Return all spellings of a template, with each combination of its alternatives.

    >>> spell("{a|an} hour{s|} ago {n}")
    ['a hours ago {n}', 'a hour ago {n}', 'an hours ago {n}', 'an hour ago {n}']
    """
    if "{" not in template and "}" not in template:
        return [template]
    parts = list(_choices(template))
    number = prod(map(len, parts))
    if number > MAX_SPELLINGS:
        raise ValueError(f"{template[:80]!r} stands for {number} wordings; {MAX_SPELLINGS} are allowed")
    return ["".join(choice) for choice in product(*parts)]


def has_optional_part(template: str) -> bool:
    """Return whether a template has an optional part that may hold fields.

    >>> has_optional_part("{source}{? / {category}}"), has_optional_part("Really{?|!}"), has_optional_part("{{?}}")
    (True, False, False)
    """
    return next(_optional_parts(template), None) is not None


def _optional_parts(template: str) -> Iterator[re.Match[str]]:
    """Yield the optional parts of a template; `{?|!}` is one of two wordings."""
    found = _OPTIONAL.finditer(template) if "{?" in template else iter(())
    return (part for part in found if part[1] is not None and ("|" not in part[1] or "{" in part[1]))


def _choices(template: str) -> Iterator[list[str]]:
    """Yield the alternatives of each part of a template; an optional part is there before it is missing."""
    at = 0
    for part in _optional_parts(template):
        yield from (_wordings(inner, is_field) for inner, is_field in _split(template[at : part.start()]))
        if "|" in re.sub(r"\{[^{}]*\}", "", part[1]):
            raise ValueError(f"{template!r}: the part in {{?...}} has a | outside of braces")
        yield [*spell(part[1]), ""]
        at = part.end()
    yield from (_wordings(inner, is_field) for inner, is_field in _split(template[at:]))


def _wordings(inner: str, is_field: bool) -> list[str]:
    """Return the alternatives of one part of a template."""
    if not is_field:
        return [inner.replace("{", "{{").replace("}", "}}")]
    return inner.split("|") if "|" in inner else [f"{{{inner}}}"]


def pieces(spelling: str) -> tuple[Piece, ...]:
    """Return the pieces of a template without alternatives; `check_fields` and `check_lines` refuse unknown fields."""
    if "{" not in spelling:
        return (Piece(spelling),) if spelling else ()
    parts = [(inner, is_field) for inner, is_field in _split(spelling) if inner]
    return tuple(Piece(field=cast("FieldName", inner)) if is_field else Piece(text=inner) for inner, is_field in parts)


def opening(spelling: str) -> str:
    """Return the literal text at the start of a template, "" when it begins with a field."""
    first = next(iter(pieces(spelling)), Piece())
    return first.text


def is_fixed(parts: Sequence[Piece]) -> bool:
    """Return whether a template without alternatives is fixed text and numbers, so that one look-up key decides."""
    return all(piece.text or piece.field == "n" for piece in parts)


def fixed_text(parts: Sequence[Piece]) -> str:
    """Return the text of a template of fixed text and numbers, each number as 0 and each doubled brace as one.

    >>> fixed_text(pieces("{n} more {{photos}}"))
    '0 more {photos}'
    """
    return "".join([piece.text or "0" for piece in parts])


class Pattern:
    """A compiled template without alternatives; a match may not be longer than all of its fields together."""

    def __init__(self, spelling: str, caseless: bool) -> None:
        parts = pieces(spelling)
        regexes = [FIELDS[piece.field] if piece.field else _literal(piece.text) for piece in parts]
        self._pattern = re2.compile(("(?i)" if caseless else "") + "".join(regexes))
        blanks = sum(piece.text.count(" ") for piece in parts)
        longest = sum(MAX_CHARS.get(piece.field, inf) if piece.field else len(piece.text) for piece in parts)
        self._longest = longest + blanks * MAX_BLANK_CHARS

    def fullmatch(self, text: str) -> re2._Match[str] | None:
        """Return the match of all of `text`, or None."""
        return self._pattern.fullmatch(text) if len(text) <= self._longest else None

    def match(self, text: str) -> re2._Match[str] | None:
        """Return the match at the beginning of `text`, or None."""
        return self._within_limit(self._pattern.match(text))

    def search(self, text: str) -> re2._Match[str] | None:
        """Return the first match in `text`, or None."""
        return self._within_limit(self._pattern.search(text))

    def _within_limit(self, found: re2._Match[str] | None) -> re2._Match[str] | None:
        """Return a match unless it is too long."""
        return found if found is not None and found.end() - found.start() <= self._longest else None


@cache
def pattern(spelling: str, caseless: bool) -> Pattern:
    """Return the compiled pattern of a template without alternatives; compiled once, at first use."""
    return Pattern(spelling, caseless)


def check_fields(spelling: str) -> None:
    """Raise ValueError when a template without alternatives is empty or uses an unknown field."""
    parts = pieces(spelling)
    if not parts:
        raise ValueError("a template is empty")
    for piece in parts:
        if piece.field and piece.field not in FIELDS:
            raise ValueError(f"{spelling!r} uses the unknown field {{{piece.field}}}; known are {', '.join(FIELDS)}")


def _literal(text: str) -> str:
    """Return a regular expression for literal text: a blank matches any white space, a straight quote any quote."""
    text = composed(text)
    quotes = {"'": "['‘’]", '"': '["“”„]'}
    return r"[\s\p{Z}]+".join("".join(quotes.get(char, re2.escape(char)) for char in word) for word in text.split(" "))


def _split(template: str) -> list[tuple[str, bool]]:
    """Return the parts of a template as (text, whether it is in braces); raises ValueError for a stray brace."""
    parts = []
    rest = template.replace("{{", _OPEN).replace("}}", _CLOSE)
    while rest:
        literal, brace, after = rest.partition("{")
        if "}" in literal:
            raise ValueError(f"{template!r} has a closing brace without an opening one")
        parts.append((literal.replace(_OPEN, "{").replace(_CLOSE, "}"), False))
        if not brace:
            break
        inner, closing, rest = after.partition("}")
        if not closing or "{" in inner:
            raise ValueError(f"{template!r} has an opening brace without a closing one")
        parts.append((inner, True))
    return [part for part in parts if part != ("", False)]
