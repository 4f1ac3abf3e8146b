"""Split the text of one line into the fields of a line template, and check values of fields.

Called by `cleaners.grammar.match` and `cleaners.segmentation.candidates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from math import inf

import msgspec

from cleaners.dates.find import DateFinder
from cleaners.grammar.template import FieldName, Piece
from cleaners.text.line_shape import CLOSERS, OPENERS, SENTENCE_ENDS

# The longest value of each field, in characters: well above usual lengths, so that only wrong matches are refused.
MAX_FIELD_CHARS: dict[FieldName, int] = {"title": 400, "source": 80, "category": 60, "author": 120, "tag": 100, "time": 40}
MAX_STRUCTURED_CHARS = 600  # a longer line is prose, not a header line of several pieces
MAX_SPLITS = 16  # ends tried for a field before fixed text; a source with more dashes is none
# A title before a body on the same line, in words.
MIN_TITLE_WORDS = 3
MAX_TITLE_WORDS = 20


class FieldContext(msgspec.Struct, frozen=True, gc=False):
    """The knowledge from packs with which grammars check values: the finder of times, and the known sources.

    `openers` are lower-case words that open sentences. `accepts`, if given, must return True for each field and its value:
    on pages of unknown layout only the shape of a line distinguishes a title from a body.
    """

    times: DateFinder
    sources: frozenset[str]
    openers: frozenset[str] = frozenset()
    accepts: Callable[[FieldName, str], bool] | None = None


@cache
def max_chars(spelling: tuple[Piece, ...]) -> float:
    """Return the largest number of characters of a line that follows a spelling."""
    return sum(len(piece.text) if piece.text else MAX_FIELD_CHARS.get(piece.field, inf) for piece in spelling)


def may_follow(spelling: tuple[Piece, ...], text: str, context: FieldContext) -> bool:
    """Return whether a line may follow a spelling, by cheap checks: its length, its fixed text, a time."""
    if len(text) > max_chars(spelling):
        return False
    for piece in spelling:
        if piece.text and piece.text not in text:
            return False
    return not has_time(spelling) or context.times.first(text) is not None


@cache
def has_time(spelling: tuple[Piece, ...]) -> bool:
    """Return whether a spelling has a time that is not glued to a word before it."""
    before = ""
    for piece in spelling:
        if piece.field == "time" and not before[-1:].isalnum():
            return True
        before = piece.field or piece.text
    return False


def split_line(
    spelling: tuple[Piece, ...], text: str, at: int, context: FieldContext
) -> Iterator[list[tuple[Piece, int, int]]]:
    """Yield each split of `text` from `at` to its end into the pieces of a spelling, as (piece, start, end)."""
    piece, rest = spelling[0], spelling[1:]
    if piece.text:
        end = at + len(piece.text)
        if text.startswith(piece.text, at) and (rest or end == len(text)):
            for tail in split_line(rest, text, end, context) if rest else ([],):
                yield [(piece, at, end), *tail]
        return
    for end in _field_ends(spelling, text, at, context):
        if not is_field_value(piece.field, text[at:end], context):
            continue
        for tail in split_line(rest, text, end, context) if rest else ([],):
            yield [(piece, at, end), *tail]


def _field_ends(spelling: tuple[Piece, ...], text: str, at: int, context: FieldContext) -> Iterator[int]:
    """Yield each possible end of the first field of a spelling, which begins at `at`."""
    rest = spelling[1:]
    if not rest:
        yield len(text)
    elif is_glued_title(spelling):
        end = title_end(text, at, context.openers)
        if end is not None:
            yield end
    elif rest[0].text:
        end = at
        if spelling[0].field == "time":
            first = context.times.first(text[at:])
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
            before = text[: len(text) - len(after)]
            yield from sorted(context.times.glued_starts(before), key=lambda end: text[at:end] not in context.sources)


def _glued_ends(text: str, at: int) -> Iterator[int]:
    """Yield each offset after `at` where two values may be glued: before a capital, not after a capital or a blank."""
    for i in range(at + 1, len(text)):
        if text[i].isupper() and not (text[i - 1].isupper() or text[i - 1].isspace()):
            yield i


def is_glued_title(spelling: tuple[Piece, ...]) -> bool:
    """Return whether a spelling begins with a title and its body, separated only by a blank."""
    return [piece.field or piece.text for piece in spelling[:3]] == ["title", " ", "body"]


def is_field_value(name: FieldName, value: str, context: FieldContext) -> bool:
    """Return whether `value` can be the value of the field `name`."""
    if not value or value != value.strip() or len(value) > MAX_FIELD_CHARS.get(name, len(value)):
        return False
    if context.accepts is not None and not context.accepts(name, value):
        return False
    if name == "time":
        return context.times.read(value) is not None
    if name == "tag":
        return not any(char.isspace() for char in value)
    return name in ("title", "body") or any(char.isalnum() for char in value)


def title_end(text: str, at: int, openers: frozenset[str]) -> int | None:
    """Return the end of the title that begins at `at`, or None when the words leave it open.

    A capitalised word without punctuation before it begins the text, or is a name in the title. It begins the text when it is
    one of the `openers` and at least half of the words before it are lower-case; else when it is the only such word of the
    first sentence, and the word before it is lower-case and none of the openers, as no title ends with one.

    >>> title_end("Ferry sails at night again The council said on Monday", 0, frozenset({"the", "at", "on"}))
    26
    """
    candidates: list[int] = []
    offset = at
    lower_case = 0
    before = ""
    for count, word in enumerate(text[at:].split(" ")[: MAX_TITLE_WORDS + 1]):
        bare = word.lstrip(OPENERS)
        if count >= MIN_TITLE_WORDS and bare[:1].isupper() and before[-1:].isalnum():
            if bare.casefold() in openers and lower_case * 2 >= count:
                return offset - 1
            if before[0].islower() and before not in openers:
                candidates.append(offset - 1)
        if word.rstrip(CLOSERS)[-1:] in tuple(SENTENCE_ENDS):
            break
        lower_case += word[:1].islower()
        offset += len(word) + 1
        before = word
    return candidates[0] if len(candidates) == 1 else None


def opens_text(text: str, openers: frozenset[str]) -> bool:
    """Return whether a text begins with one of the `openers`, so that the text before it is a title."""
    return text.lstrip(OPENERS).partition(" ")[0].casefold() in openers
