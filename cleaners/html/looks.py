"""Tell what an element says by its own tag and attributes: whether it is hidden, its names, and the part of a page it makes.

Called by `cleaners.html.render`. A page repeats its classes, and so do the pages of a site: the answers are remembered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from cleaners.document.page import PagePart
from cleaners.html.boxes import DIALOG_ROLES, box_named
from cleaners.html.hidden import hides
from cleaners.html.names import MAX_CHARS, known_in, known_names_of, words_of
from cleaners.html.page_parts import BESIDE_TAGS, WHOLE_TAGS, part_named

# Elements within a line; every other begins and ends one, whatever its name. The parser leaves some empty ones open, and puts
# the text after them into them.
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "embed", "font", "i", "img",
    "input", "ins", "kbd", "map", "mark", "nobr", "q", "ruby", "rb", "rt", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "track", "tt", "u", "var", "wbr",
))  # fmt: skip
MAX_KIND_CHARS = 200  # of a class
MAX_REMEMBERED = 8_192
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
    words = words_of(classes) | words_of(own_id)
    is_hidden = is_hidden or hides(style, classes, words)
    names = known_names_of(name, classes, own_id)
    if name in INLINE:
        return Look(False, is_hidden, names, ("", ""), "", "")
    part = BESIDE_TAGS.get(name) or ("" if name in WHOLE_TAGS else part_named(words))
    box: PagePart = "" if name in WHOLE_TAGS else "frame" if is_dialog else box_named(f"{classes} {own_id}", words)
    return Look(True, is_hidden, names, (name, classes[:MAX_KIND_CHARS]), part, box)


def forget_looks() -> None:
    """Forget all answers, as when the known names change."""
    for remembered in (_look, known_in, words_of):
        remembered.cache_clear()
