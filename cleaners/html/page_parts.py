"""Tell which part of a page beside its text an element makes: a frame, a list of other pages, or comments.

Called by `cleaners.html.looks`, `cleaners.html.render` and `cleaners.html.marked`.
"""

from __future__ import annotations

from lxml import etree

from cleaners.document.page import PagePart
from cleaners.html.names import words_of

WHOLE_TAGS = ("body", "html", "article", "main")  # no part beside the text, whatever their classes
# Elements, and words in classes and ids, that make a part of the page beside its text.
BESIDE_TAGS: dict[str, PagePart] = {"nav": "frame", "footer": "frame", "form": "frame", "button": "frame", "aside": "list"}
PART_WORDS: dict[PagePart, frozenset[str]] = {
    "comments": frozenset(("comment", "comments", "disqus", "talkback", "replies")),
    "frame": frozenset((
        "nav", "navbar", "navigation", "menu", "footer", "foot", "breadcrumb", "breadcrumbs", "share", "sharing", "social",
        "newsletter", "subscribe", "advert", "advertisement", "ad", "ads", "cookie", "popup", "modal", "taglist", "login",
        "signup", "toolbar", "promo", "sponsored",
    )),
    "list": frozenset((
        "sidebar", "related", "recommend", "recommended", "recommendation", "recommendations", "widget", "trending",
        "popular", "outbrain", "taboola", "rail",
    )),
}  # fmt: skip


def part_of(element: etree._Element, name: str) -> PagePart:
    """Return the part beside the text that an element makes, "" for none."""
    if name in BESIDE_TAGS and not (name == "aside" and _is_box_of_facts(element)):
        return BESIDE_TAGS[name]
    if name in WHOLE_TAGS:
        return ""
    return part_named(words_of(element.get("class", "")) | words_of(element.get("id", "")))


def part_named(words: frozenset[str]) -> PagePart:
    """Return the part beside the text that the words in an element's classes and id name, "" for none."""
    return next((part for part, names in PART_WORDS.items() if not names.isdisjoint(words)), "")


def _is_box_of_facts(aside: etree._Element) -> bool:
    """Return whether an aside has a list without links, as a box of facts inside a story."""
    return next(aside.iter("ul", "ol", "dl"), None) is not None and next(aside.iter("a", "input", "button"), None) is None
