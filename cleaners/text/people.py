"""Read the names of people in the author fields of pages and rows.

Called by `cleaners.output.assemble`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from cleaners.document.page import MAX_NAMES

MAX_NAME_WORDS = 6
_PARTS = re.compile(r"\s*[;|•·、，\n]\s*|\s+/\s+|\s+[-–—]\s+|\s*&\s*")
_COMMA = re.compile(r"\s*,\s*")
_SIGNS = " \t.,:;|/•·–—-"
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")


class BylineWords(NamedTuple):
    """The words of bylines in lower case: those that open one ("by"), stand between names ("and"), or say what people do."""

    openers: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


def people(values: Iterable[str], words: BylineWords, publishers: Iterable[str] = ()) -> list[str]:
    """Return the names of people in the values of an author field, each once, without the other words of a byline.

    Addresses, brackets, roles and the names of `publishers` are left out. A value without a name stays as it is: a byline is
    worth more than none.

    >>> words = BylineWords(frozenset({"by"}), frozenset({"and"}), frozenset({"reporter"}))
    >>> people(["By Ina Varr and Ole Brandt, Chief Reporter"], words)
    ['Ina Varr', 'Ole Brandt']
    """
    others = {publisher.casefold() for publisher in publishers}
    found: dict[str, str] = {}
    for value in values:
        text = " ".join(html.unescape(value).split())
        names = [name for name in _names(text, words) if name.casefold() not in others]
        for name in names or ([text] if text and not _ADDRESS.fullmatch(text) else []):
            found.setdefault(name.casefold(), name)
    return list(found.values())[:MAX_NAMES]


def _names(text: str, words: BylineWords) -> Iterator[str]:
    """Yield the names in one value; of parts at commas, those after a name of several words need several words, too."""
    for part in _PARTS.split(_ADDRESS.sub(" ", _BRACKETS.sub(" ", text))):
        pieces = [_name(piece, words) for joined in _between_joiners(part, words) for piece in _COMMA.split(joined)]
        if len(pieces) == 2 and all(piece and " " not in piece for piece in pieces):
            yield f"{pieces[0]}, {pieces[1]}"  # a family name and a first name
            continue
        has_blank = any(" " in piece for piece in pieces)
        yield from (piece for piece in pieces if piece and (" " in piece or not has_blank))


def _between_joiners(text: str, words: BylineWords) -> Iterator[str]:
    """Yield the parts of a text between words such as "and"."""
    part: list[str] = []
    for word in text.split():
        if word.lower() in words.joiners and part:
            yield " ".join(part)
            part = []
        else:
            part.append(word)
    yield " ".join(part)


def _name(text: str, words: BylineWords) -> str:
    """Return the name in a part of a byline, "" for a part that is a role, a date or too long."""
    parts = text.strip(_SIGNS).split()
    opener = next((size for size in (2, 1) if " ".join(parts[:size]).lower().rstrip(":") in words.openers), 0)
    parts = parts[opener:]
    roles = [i for i, word in enumerate(parts) if _is_role(word, words.roles)]
    if roles:
        parts = parts[roles[-1] + 1 :]
    name = " ".join(parts).strip(_SIGNS)
    is_name = 0 < len(parts) <= MAX_NAME_WORDS and not any(map(str.isdecimal, name)) and any(map(str.isalpha, name))
    return name if is_name else ""


def _is_role(word: str, roles: Collection[str]) -> bool:
    """Return whether a word is a role, or a compound that ends in one, such as "Kurier-Redakteurin"."""
    folded = word.strip(_SIGNS).lower()
    return folded in roles or folded.rpartition("-")[2] in roles
