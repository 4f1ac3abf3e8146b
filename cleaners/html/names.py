"""Read the names that a page gives its elements: words of classes and ids, and the elements that part a page.

Called by `cleaners.html.looks` and `cleaners.html.render`; the names with a fitted weight are known, all others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from cleaners.fitted.main_lines import shipped_main_lines

MAX_CHARS = 500  # of a class or an id
MAX_KNOWN_CHARS = 200  # of it in which known names are looked for
MAX_NAMES = 50  # around a word; the outer ones are left out
MAX_REMEMBERED = 4_096  # classes and ids
NOT_NAMED = ("html", "body")  # their classes are those of the whole site
PARTS = frozenset((
    "figure", "article", "main", "section", "header", "footer", "aside", "blockquote", "ul", "ol", "table", "form", "nav",
    "picture", "details", "dl", "address",
))  # fmt: skip
_KNOWN_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
# The letters beyond ASCII that patterns without regard to case take for letters of ASCII.
_LOWER = str.maketrans({"\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i"})
_NO_NAMES: frozenset[str] = frozenset()


def all_known(tag: str, own: frozenset[str]) -> tuple[str, ...]:
    """Return the known names of an element, those in its classes and its id among them, in order."""
    if tag in NOT_NAMED:
        return ()
    if tag in PARTS and f"<{tag}>" in known_names():
        own |= {f"<{tag}>"}
    return tuple(sorted(own)) if own else ()


def known_in(text: str) -> frozenset[str]:
    """Return the known names in a class or an id."""
    known = known_names()
    words = _KNOWN_WORD.findall(text, 0, MAX_KNOWN_CHARS)
    return frozenset([name for name in map(str.lower, words) if name in known]) if words else _NO_NAMES


@lru_cache(maxsize=MAX_REMEMBERED)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a class or an id, parted by white space, hyphens and underscores, in lower case."""
    text = text[:MAX_CHARS].replace("-", " ").replace("_", " ")
    return frozenset((text if text.isascii() else text.translate(_LOWER)).lower().split())


def all_names(outer: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names around the words of an element: those around the element, and its own."""
    return (outer + own)[-MAX_NAMES:]


def known_names() -> Container[str]:
    """Return the names with a weight."""
    return shipped_main_lines().names
