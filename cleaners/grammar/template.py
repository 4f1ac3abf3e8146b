"""Templates: the small language in which packs write phrases, compiled for an engine whose time is linear.

A template is plain text with fields in braces. `{a|b}` is one of several wordings, `{|a}` may be left out; `{n}` is a
number, `{words}` a run of words within one sentence, `{rest}` the rest of a sentence with its end, `{tail}` at most 400
characters more, `{code}` the rest of a line that is no language; FIELDS lists them all.
`{{` and `}}` are braces that stand in the text.

There is no other syntax, so a pack cannot say "anywhere in a line" and cannot make matching explode.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from math import inf, prod
from typing import NamedTuple

import re2

from cleaners.text.normalize import composed

FIELDS = {
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
# How many characters the values of these have at most. They are counted when a text has matched: a pattern that counts them
# itself takes a millisecond to compile, as each repetition is a state of its own.
MAX_CHARS = {"words": 200, "name": 81, "sentence": 401, "word": 80, "handle": 61, "tail": 400}
MAX_BLANK_CHARS = 3  # that stand for one blank in a wording
_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters that hold the place of braces in the text
MAX_SPELLINGS = 64
# A rule inside a line is looked for by its opening words; shorter ones would be candidates everywhere.
MIN_OPENING = 4


class Piece(NamedTuple):
    """A part of a template: literal `text`, or a `field` by its name."""

    text: str = ""
    field: str = ""


def spell(template: str) -> list[str]:
    """Return every wording that a template's alternatives stand for.

    >>> spell("{a|an} hour{s|} ago {n}")
    ['a hours ago {n}', 'a hour ago {n}', 'an hours ago {n}', 'an hour ago {n}']
    """
    if "{" not in template and "}" not in template:
        return [template]
    parts = [_wordings(inner, is_field) for inner, is_field in _split(template)]
    number = prod(map(len, parts))
    if number > MAX_SPELLINGS:
        raise ValueError(f"{template[:80]!r} stands for {number} wordings; {MAX_SPELLINGS} are allowed")
    return ["".join(choice) for choice in product(*parts)]


def _wordings(inner: str, is_field: bool) -> list[str]:
    if not is_field:
        return [inner.replace("{", "{{").replace("}", "}}")]
    return inner.split("|") if "|" in inner else [f"{{{inner}}}"]


def pieces(spelling: str) -> tuple[Piece, ...]:
    """Return the pieces of a template without alternatives."""
    if "{" not in spelling:
        return (Piece(spelling),) if spelling else ()
    return tuple(Piece(field=inner) if is_field else Piece(text=inner) for inner, is_field in _split(spelling) if inner)


def opening(spelling: str) -> str:
    """Return the literal text with which a template begins."""
    first = next(iter(pieces(spelling)), Piece())
    return first.text


class Pattern:
    """A template without alternatives, compiled; it finds nothing that is longer than its fields may be together."""

    def __init__(self, spelling: str, caseless: bool) -> None:
        found = pieces(spelling)
        parts = [FIELDS[piece.field] if piece.field else _literal(piece.text) for piece in found]
        self._pattern = re2.compile(("(?i)" if caseless else "") + "".join(parts))
        blanks = sum(piece.text.count(" ") for piece in found)
        longest = sum(MAX_CHARS.get(piece.field, inf) if piece.field else len(piece.text) for piece in found)
        self._longest = longest + blanks * MAX_BLANK_CHARS

    def fullmatch(self, text: str) -> re2._Match[str] | None:
        """Return how all of `text` follows the template, or None."""
        return self._pattern.fullmatch(text) if len(text) <= self._longest else None

    def match(self, text: str) -> re2._Match[str] | None:
        """Return how the beginning of `text` follows the template, or None."""
        return self._short(self._pattern.match(text))

    def search(self, text: str) -> re2._Match[str] | None:
        """Return the first part of `text` that follows the template, or None."""
        return self._short(self._pattern.search(text))

    def _short(self, found: re2._Match[str] | None) -> re2._Match[str] | None:
        return found if found is not None and found.end() - found.start() <= self._longest else None


@cache
def pattern(spelling: str, caseless: bool) -> Pattern:
    """Compile a template without alternatives, once and only when a text calls for it."""
    return Pattern(spelling, caseless)


def check_fields(spelling: str) -> None:
    """Raise ValueError when a template without alternatives is empty or uses a field that does not exist."""
    parts = pieces(spelling)
    if not parts:
        raise ValueError("a template is empty")
    for piece in parts:
        if piece.field and piece.field not in FIELDS:
            raise ValueError(f"{spelling!r} uses the unknown field {{{piece.field}}}; known are {', '.join(FIELDS)}")


def _literal(text: str) -> str:
    """Return a pattern for literal text in which a blank stands for any white space and quotes match each other."""
    text = composed(text)
    quotes = {"'": "['‘’]", '"': '["“”„]'}
    return r"[\s\p{Z}]+".join("".join(quotes.get(char, re2.escape(char)) for char in word) for word in text.split(" "))


def _split(template: str) -> list[tuple[str, bool]]:
    """Return the parts of a template as (text, whether it stood in braces); raises ValueError for a stray brace."""
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
