"""Read the names that a page gives its elements: words of classes and ids, and the elements that part a page.

Called by `cleaners.html.render`; the names with a fitted weight are known, all others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from lxml import etree

from cleaners.document.page import Around
from cleaners.fitted.main_lines import shipped_main_lines

MAX_CHARS = 200  # of a class or an id
MAX_NAMES = 50  # around a word; the outer ones are left out
MAX_REMEMBERED = 4_096  # elements with the same classes and ids
NOT_NAMED = ("html", "body")  # their classes are those of the whole site
PARTS = frozenset((
    "figure", "article", "main", "section", "header", "footer", "aside", "blockquote", "ul", "ol", "table", "form", "nav",
    "picture", "details", "dl", "address",
))  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")


class Numbered:
    """The blocks of a page and their kinds, numbered from 1 on as they are met."""

    def __init__(self) -> None:
        self._blocks = 0
        self._kinds: dict[tuple[str, str], int] = {}

    def around(self, element: etree._Element, outer: Around, *, is_block: bool) -> Around:
        """Return what is around the words of an element: the element itself, and all around it."""
        tag, classes, own_id = element.tag, element.get("class", "")[:MAX_CHARS], element.get("id", "")[:MAX_CHARS]
        known = _known_names(tag, classes, own_id) if classes or own_id or tag in PARTS else ()
        names = (outer.names + known)[-MAX_NAMES:] if known else outer.names
        if not is_block:
            return outer._replace(names=names) if known else outer
        self._blocks += 1
        kind = self._kinds.setdefault((tag, classes), len(self._kinds) + 1)
        return Around(names, self._blocks, outer.block, outer.parent, kind)


@lru_cache(maxsize=MAX_REMEMBERED)
def _known_names(tag: str, classes: str, own_id: str) -> tuple[str, ...]:
    """Return the known names of an element, in order."""
    if tag in NOT_NAMED:
        return ()
    names = {word.lower() for word in _WORD.findall(f"{classes} {own_id}")}
    if tag in PARTS:
        names.add(f"<{tag}>")
    return tuple(sorted(name for name in names if name in known_names()))


def known_names() -> Container[str]:
    """Return the names with a weight."""
    return shipped_main_lines().names
