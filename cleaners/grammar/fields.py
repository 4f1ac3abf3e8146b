"""How the pieces of one line of a grammar are laid over the text of a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from math import inf

import msgspec

from cleaners.dates.find import DateFinder
from cleaners.grammar.template import Piece
from cleaners.text.line_shape import CLOSERS, OPENERS, SENTENCE_ENDS

# The longest value each field may have, in characters: wide of what is usual, so that only a wrong match is turned down.
MAX_FIELD_CHARS = {"title": 400, "source": 80, "category": 60, "author": 120, "tag": 100, "time": 40}
MAX_STRUCTURED_CHARS = 600  # a longer line is prose, not a header line of several pieces
MAX_SPLITS = 16  # so many places are tried for the fixed text after a field; a source with more dashes is none


class FieldContext(msgspec.Struct, frozen=True, gc=False):
    """What a grammar must know beside its patterns: how times are worded and which sources there are.

    `openers` are small words with which sentences open. `looks`, where it is given, must hold for each field and its
    value: on pages of no known layout the look of a line is what tells a title from a body.
    """

    times: DateFinder
    sources: frozenset[str]
    openers: frozenset[str] = frozenset()
    looks: Callable[[str, str], bool] | None = None


@cache
def longest(spelling: tuple[Piece, ...]) -> float:
    """Return how many characters a line that follows a spelling has at most."""
    return sum(len(piece.text) if piece.text else MAX_FIELD_CHARS.get(piece.field, inf) for piece in spelling)


def is_possible(spelling: tuple[Piece, ...], text: str, words: FieldContext) -> bool:
    """Say whether a line can follow a spelling, by what is seen at a glance; it may still not."""
    if len(text) > longest(spelling):
        return False
    for piece in spelling:
        if piece.text and piece.text not in text:
            return False
    return not has_time(spelling) or words.times.first(text) is not None


@cache
def has_time(spelling: tuple[Piece, ...]) -> bool:
    """Say whether a line that follows a spelling holds a time that stands by itself, not glued to a word before it."""
    before = ""
    for piece in spelling:
        if piece.field == "time" and not before[-1:].isalnum():
            return True
        before = piece.field or piece.text
    return False


def split_line(spelling: tuple[Piece, ...], text: str, at: int, words: FieldContext) -> Iterator[list[tuple[Piece, int, int]]]:
    """Yield each way to lay the pieces of a spelling over `text` from `at` to its end."""
    piece, rest = spelling[0], spelling[1:]
    if piece.text:
        end = at + len(piece.text)
        if text.startswith(piece.text, at) and (rest or end == len(text)):
            for tail in split_line(rest, text, end, words) if rest else ([],):
                yield [(piece, at, end), *tail]
        return
    for end in _field_ends(spelling, text, at, words):
        if not may_be(piece.field, text[at:end], words):
            continue
        for tail in split_line(rest, text, end, words) if rest else ([],):
            yield [(piece, at, end), *tail]


def _field_ends(spelling: tuple[Piece, ...], text: str, at: int, words: FieldContext) -> Iterator[int]:
    """Yield each place where the first field of a spelling, which begins at `at`, may end."""
    rest = spelling[1:]
    if not rest:
        yield len(text)
    elif is_glued_title(spelling):
        end = title_end(text, at, words.openers)
        if end is not None:
            yield end
    elif rest[0].text:
        end = at
        if spelling[0].field == "time":
            first = words.times.first(text[at:])
            if first is None:
                return
            end += first.start
        for _ in range(MAX_SPLITS):
            end = text.find(rest[0].text, end + 1)
            if end < 0:
                return
            yield end
    elif rest[0].field != "time":
        yield from islice(_glued_ends(text, at), MAX_SPLITS)
    else:
        after = "".join(piece.text for piece in rest[1:])
        if all(piece.text for piece in rest[1:]) and text.endswith(after):
            timed = text[: len(text) - len(after)]
            yield from sorted(words.times.glued(timed), key=lambda end: text[at:end] not in words.sources)


def _glued_ends(text: str, at: int) -> Iterator[int]:
    """Yield each place after `at` where two values may be glued: before a capital, after what is neither one nor a blank."""
    for i in range(at + 1, len(text)):
        if text[i].isupper() and not (text[i - 1].isupper() or text[i - 1].isspace()):
            yield i


def is_glued_title(spelling: tuple[Piece, ...]) -> bool:
    """Say whether a spelling begins with a title that nothing but a blank parts from its body."""
    return [piece.field or piece.text for piece in spelling[:3]] == ["title", " ", "body"]


def may_be(name: str, value: str, words: FieldContext) -> bool:
    """Say whether `value` can be the value of the field `name`."""
    if not value or value != value.strip() or len(value) > MAX_FIELD_CHARS.get(name, len(value)):
        return False
    if words.looks is not None and not words.looks(name, value):
        return False
    if name == "time":
        return words.times.read(value) is not None
    if name == "tag":
        return not any(char.isspace() for char in value)
    return name in ("title", "body") or any(char.isalnum() for char in value)


MIN_TITLE_WORDS = 3
MAX_TITLE_WORDS = 20


def title_end(text: str, at: int, openers: frozenset[str]) -> int | None:
    """Return where the title that begins at `at` ends, or None when the words do not tell.

    In the middle of a sentence a capital is a name's, so one with no sign before it begins the text or is a name. It begins
    the text when the word is one of the `openers`, small words with which sentences open, and small ones are usual before
    it; else when no other word of the first sentence has one and none of the openers, with which no title ends, precedes it.

    >>> title_end("Ferry sails at night again The council said on Monday", 0, frozenset({"the", "at", "on"}))
    26
    """
    names: list[int] = []
    place = at
    small = 0
    before = ""
    for count, word in enumerate(text[at:].split(" ")[: MAX_TITLE_WORDS + 1]):
        bare = word.lstrip(OPENERS)
        if count >= MIN_TITLE_WORDS and bare[:1].isupper() and before[-1:].isalnum():
            if bare.casefold() in openers and small * 2 >= count:
                return place - 1
            if before[0].islower() and before not in openers:
                names.append(place - 1)
        if word.rstrip(CLOSERS)[-1:] in tuple(SENTENCE_ENDS):
            break
        small += word[:1].islower()
        place += len(word) + 1
        before = word
    return names[0] if len(names) == 1 else None


def opens_text(text: str, openers: frozenset[str]) -> bool:
    """Say whether a text begins with a word that shows the start of a sentence, so that what is before it is a title."""
    return text.lstrip(OPENERS).partition(" ")[0].casefold() in openers
