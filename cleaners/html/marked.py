"""Read the times and the authors that the elements of a page are marked with: microdata, relations of links, and classes.

Called by `cleaners.html.metadata`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Literal, NamedTuple

from lxml import etree

from cleaners.html.page_parts import part_of

MAX_MARKED = 2_000  # elements looked at
MAX_DEPTH = 60  # elements around one of them
MAX_INSIDE = 200  # elements inside one of them, among which its name may be
MAX_TIME_CHARS = 60
MAX_NAME_CHARS = 120
MAX_NAMES = 10
TITLE_TAGS = frozenset(("h1", "time"))
NO_MARKS = frozenset(("meta", "link", "script", "style", "body", "html", "form", "input"))
Kind = Literal["published", "updated", "time", "author", "byline"]
_CLASSES = re.compile("uthor|yline|ate|ublish|posted|riter")
# The kinds of classes, by whole words in them: "entry-date", "postDate", "article__author-name".
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PUBLISHED = frozenset(["published", "publish", "pubdate", "posted"])
_UPDATED = frozenset(["updated", "update", "modified", "revised", "lastmod"])
_DATES = frozenset(["date", "dateline"])
_AUTHORS = frozenset(["author", "authors", "writer"])
_BYLINES = frozenset(["byline", "bylines"])
# Words of classes of elements that hold more than a name or a time, or those of something else.
_OTHERS = frozenset((
    "comment", "comments", "bio", "avatar", "image", "img", "photo", "picture", "social", "follow", "related", "card", "box",
    "widget", "sidebar", "footer", "title", "role", "job", "position", "description", "about", "link", "links", "icon", "share",
    "tooltip", "next", "previous", "prev", "nav", "expire", "expires", "event", "start", "end",
))  # fmt: skip
_NO_NAMES = frozenset(("comment", "comments", "related", "avatar", "image", "img", "prev", "next"))
_ITEMS: dict[str, Kind] = {
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "updated",
    "author": "author",
}


class MarkedMetadata(NamedTuple):
    """The values of marked elements, machine-readable where there is such a form, the nearest below the title first.

    `times` are times of no marked kind.
    """

    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def marked_metadata(tree: etree._Element) -> MarkedMetadata:
    """Return the times and the authors that the elements of a page are marked with, beside menus, lists and comments."""
    found: dict[Kind, list[tuple[bool, str, etree._Element]]] = {}
    beside: dict[Kind, list[tuple[bool, str, etree._Element]]] = {}
    candidates = list(islice(_candidates(tree), MAX_MARKED))
    title = next((element for element in candidates if element.tag == "h1"), None)
    around_title = set(_around(title))
    is_below = title is None
    for element in candidates:
        kind = _kind(element)
        if element is title:
            is_below = True
        elif kind is not None and (value := _value(element, kind)):
            if not _is_beside(element, around_title):
                found.setdefault(kind, []).append((not is_below, value, element))
            elif element.get("itemprop") or element.get("rel"):
                beside.setdefault(kind, []).append((not is_below, value, element))
    for values in found.values():
        values.sort(key=lambda value: value[0])  # those below the title first, each in the order of the page

    def times(kind: Kind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for _, value, _ in found.get(kind, ())))

    if "author" not in found and len({value for _, value, _ in beside.get("author", ())}) == 1:
        found["author"] = beside["author"]  # the page names no other
    authors = _neighbours(found.get("author") or found.get("byline") or [])
    return MarkedMetadata(times("published"), times("updated"), times("time"), tuple(dict.fromkeys(authors))[:MAX_NAMES])


def _candidates(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the titles, and the elements that may be marked."""
    may_be_marked = _CLASSES.search
    for element in tree.iter():
        name = element.tag
        if name in TITLE_TAGS:
            yield element
        elif name not in NO_MARKS:
            get = element.get
            classes = get("class")
            is_classed = classes is not None and may_be_marked(classes, 0, MAX_NAME_CHARS) is not None
            if is_classed or get("itemprop") is not None or get("rel") is not None:
                yield element


def _kind(element: etree._Element) -> Kind | None:
    """Return the kind of value that an element is marked with, None for none."""
    if element.tag == "h1":
        return None
    for item in (element.get("itemprop") or "").lower().split():
        if item in _ITEMS:
            return _ITEMS[item]
    if "author" in (element.get("rel") or "").lower().split():
        return "author"
    words = {word.lower() for word in _WORD.findall((element.get("class") or "")[:MAX_NAME_CHARS])}
    is_time = element.tag == "time"
    if words & _PUBLISHED and (is_time or words & _DATES or not words & _OTHERS):
        return "published"
    if words & _UPDATED and (is_time or words & _DATES):
        return "updated"
    if is_time or (words & _DATES and not words & _OTHERS):
        return "time"
    is_name = "name" in words and words & _AUTHORS and not words & _NO_NAMES
    if words & _OTHERS and not is_name:
        return None
    return "author" if words & _AUTHORS else "byline" if words & _BYLINES else None


def _value(element: etree._Element, kind: Kind) -> str:
    """Return the value of a marked element, "" for one that is too long for its kind."""
    if kind in ("author", "byline"):
        inside = islice(element.iter("*"), 1, MAX_INSIDE) if kind == "author" else ()
        inner = next((part for part in inside if part.get("itemprop") == "name"), None)
        if inner is not None:
            return (inner.get("content") or _text(inner, MAX_NAME_CHARS)).strip()[:MAX_NAME_CHARS]
        return (element.get("content") or _text(element, MAX_NAME_CHARS)).strip()
    machine = element.get("datetime") or element.get("content") or ""
    return machine.strip()[:MAX_TIME_CHARS] or _text(element, MAX_TIME_CHARS)


def _text(element: etree._Element, most: int) -> str:
    """Return the text of an element, its parts divided by blanks, "" when it is longer than `most`."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(" ".join(part.split()))
        length += len(parts[-1]) + 1
        if length > most or len(parts) > most:
            return ""
    return " ".join(filter(None, parts))


def _is_beside(element: etree._Element, around_title: Collection[etree._Element]) -> bool:
    """Return whether an element stands in a part of the page beside its story; no part that holds the title is one."""
    is_in_article = False
    parts: list[tuple[bool, str]] = []
    for around in _around(element):
        if around in around_title:
            is_in_article = is_in_article or around.tag == "article"
        elif part := part_of(around, around.tag):
            parts.append((around.tag == "footer", part))
    return any(not (is_footer and is_in_article) for is_footer, _ in parts)


def _around(element: etree._Element | None) -> Iterator[etree._Element]:
    """Yield an element and those around it, from the inside to the outside."""
    for _ in range(MAX_DEPTH):
        if element is None:
            return
        yield element
        element = element.getparent()


def _neighbours(found: list[tuple[bool, str, etree._Element]]) -> Iterator[str]:
    """Yield the first value, and the others in the same part of the page: authors of one story stand together."""
    if not found:
        return
    parts = list(_around(found[0][2]))[1:3]
    for _, value, element in found:
        if any(around is part for around in list(_around(element))[1:3] for part in parts):
            yield value
