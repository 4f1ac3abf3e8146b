"""Tell what an element says by its own tag and attributes: whether it is hidden, its names, and the part of a page it makes.

Called by `cleaners.html.render`. A page repeats its classes, and so do the pages of a site: the answers are remembered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from cleaners.document.page import PagePart
from cleaners.html.boxes import DIALOG_ROLES, NAMING_WORDS, box_named
from cleaners.html.hidden import READER_WORDS, hides, is_for_readers
from cleaners.html.names import MAX_CHARS, all_known, known_in, words_of
from cleaners.html.page_parts import BESIDE_TAGS, PART_WORDS, WHOLE_TAGS, part_named

# Elements within a line; every other begins and ends one, whatever its name. The parser leaves some empty ones open, and puts
# the text after them into them.
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "embed", "font", "i", "img",
    "input", "ins", "kbd", "map", "mark", "nobr", "q", "ruby", "rb", "rt", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "track", "tt", "u", "var", "wbr",
))  # fmt: skip
MAX_KIND_CHARS = 200  # of a class
MAX_REMEMBERED = 8_192  # looks, and classes and ids
_NO_WORDS: frozenset[str] = frozenset()
_TELLING = _NO_WORDS.union(*PART_WORDS.values(), NAMING_WORDS, READER_WORDS)
_RARE = frozenset(("hidden", "open", "role", "aria-modal"))


class Look(NamedTuple):
    """What an element says by itself; `part`, `box` and `kind` are those of blocks.

    `part` is the part beside the text that it makes, `box` the part surely beside the story, unless what it holds says
    otherwise. Blocks of the same `kind` have the same tag and classes.
    """

    is_block: bool
    is_hidden: bool
    names: tuple[str, ...]
    kind: tuple[str, str]
    part: PagePart
    box: PagePart


def look_of(element: etree._Element) -> Look:
    """Return what an element says by its tag and attributes."""
    name, items = element.tag, element.items()
    if not items:
        return _look(name)
    given = dict(items)
    get = given.get
    classes, own_id, style = get("class", "")[:MAX_CHARS], get("id", "")[:MAX_CHARS], get("style", "")[:MAX_CHARS]
    if name != "dialog" and _RARE.isdisjoint(given):
        return _look(name, classes, own_id, style)
    is_hidden = "hidden" in given or (name == "dialog" and "open" not in given)
    is_dialog = name == "dialog" or get("role") in DIALOG_ROLES or get("aria-modal") == "true"
    return _look(name, classes, own_id, style, is_hidden, is_dialog)


@lru_cache(maxsize=MAX_REMEMBERED)
def _look(
    name: str, classes: str = "", own_id: str = "", style: str = "", is_hidden: bool | None = None, is_dialog: bool = False
) -> Look:
    """Return what an element with these attributes says; `is_hidden` is None where no attribute of its own says so."""
    if is_hidden is None:
        is_hidden = name == "dialog"
    known, words = _read(classes)
    if own_id:
        known_in_id, words_in_id = _read(own_id)
        known, words = known | known_in_id, words | words_in_id
    is_hidden = is_hidden or (style != "" and hides(style)) or (not words.isdisjoint(READER_WORDS) and is_for_readers(classes))
    names = all_known(name, known)
    if name in INLINE:
        return Look(False, is_hidden, names, ("", ""), "", "")
    kind = (name, classes[:MAX_KIND_CHARS])
    if name in WHOLE_TAGS:
        return Look(True, is_hidden, names, kind, "", "")
    part = BESIDE_TAGS.get(name) or (part_named(words) if words else "")
    box: PagePart = "frame" if is_dialog else box_named(f"{classes} {own_id}", words) if words else ""
    return Look(True, is_hidden, names, kind, part, box)


@lru_cache(maxsize=MAX_REMEMBERED)
def _read(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the known names in a class or an id, and those of its words that say something of an element."""
    return (known_in(text), words_of(text) & _TELLING) if text else (_NO_WORDS, _NO_WORDS)


def forget_looks() -> None:
    """Forget all answers, as when the known names change."""
    _look.cache_clear()
    _read.cache_clear()
