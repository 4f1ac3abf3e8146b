"""Recognise the boxes of an HTML page that are no part of its story, however long: dialogs and the comments of readers.

Called by `cleaners.html.looks` and `cleaners.html.render`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from functools import cached_property
from itertools import product

from lxml import etree

from cleaners.document.page import PagePart
from cleaners.html.names import words_of

# Words in classes and ids. A box is one of BOX_WORDS, or a subject and a form of it beside each other, as in "cookie-banner".
BOX_WORDS = frozenset(
    ("modal", "popup", "lightbox", "cookiebanner", "cookiebar", "cookieconsent", "cookienotice", "gdpr", "ccpa")
)
CONSENT = ("cookie", "cookies", "consent", "privacy", "cmp")
CONSENT_FORMS = (
    "banner", "bar", "box", "consent", "dialog", "info", "layer", "manager", "message", "modal", "notice", "overlay", "policy",
    "popup", "prompt", "wall",
)  # fmt: skip
OFFERS = ("welcome", "subscribe", "subscription", "newsletter", "signup", "login", "register", "registration")
OFFER_FORMS = ("dialog", "lightbox", "modal", "overlay", "popup", "prompt")
THREAD_WORDS = frozenset((
    "comments", "commentlist", "commentarea", "commentsection", "disqus", "talkback", "replies", "discussion",
))  # fmt: skip
COMMENT_WORDS = frozenset(("comment", "comments", "reply", "replies", "commentator", "commenter", "post"))
DIALOG_ROLES = ("dialog", "alertdialog")
MIN_COMMENTS = 2  # elements in a thread that are comments
_CLASSED = etree.XPath("//*[@class]")
_STORY_PARTS = etree.XPath("//h1 | //main | //*[@itemprop = 'articleBody']")


def _pair(subjects: Iterable[str], forms: Iterable[str]) -> str:
    return rf"(?:^|(?<=[\s_-]))(?:{'|'.join(subjects)})[_-]?(?:{'|'.join(forms)})(?=$|[\s_-])"


_PAIR = re.compile(f"{_pair(CONSENT, CONSENT_FORMS)}|{_pair(OFFERS, OFFER_FORMS)}", re.IGNORECASE)
# A subject and a form of it have one of these words, as each begins and ends at the bounds of words.
_PAIR_WORDS = frozenset((
    *CONSENT, *OFFERS, *map("".join, product(CONSENT, CONSENT_FORMS)), *map("".join, product(OFFERS, OFFER_FORMS)),
))  # fmt: skip
NAMING_WORDS = BOX_WORDS | THREAD_WORDS | _PAIR_WORDS  # without one of them, nothing names a box


def box_named(names: str, words: frozenset[str]) -> PagePart:
    """Return the part that the classes and the id of an element name; `words` are those in them."""
    if not words.isdisjoint(BOX_WORDS) or (not words.isdisjoint(_PAIR_WORDS) and _PAIR.search(names) is not None):
        return "frame"
    return "" if words.isdisjoint(THREAD_WORDS) else "comments"


class Boxes:
    """The boxes of a page. What is asked of many elements, but on few pages, is looked up once, at the first of them."""

    def __init__(self, tree: etree._Element) -> None:
        self._tree = tree

    def is_beside(self, element: etree._Element, kind: PagePart) -> bool:
        """Return whether an element that names a box of a kind is one: it holds neither the title nor the body of a story."""
        return element not in self._story_holders and (kind != "comments" or element in self._threads)

    @cached_property
    def _story_holders(self) -> Container[etree._Element]:
        """The elements around the title or the body of a story."""
        return _around(_STORY_PARTS(self._tree), 1)

    @cached_property
    def _threads(self) -> Container[etree._Element]:
        """The elements around several comments, each in an element of its own."""
        return _around(filter(_is_comment, _CLASSED(self._tree)), MIN_COMMENTS)


def _around(elements: Iterable[etree._Element], least: int) -> Container[etree._Element]:
    """Return the elements around at least so many of these ones; climbs each element of a page `least` times at most."""
    counts: Counter[etree._Element] = Counter()
    for element in elements:
        for around in element.iterancestors():
            if counts[around] == least:  # and so have those around it
                break
            counts[around] += 1
    return {element for element, count in counts.items() if count == least}


def _is_comment(element: etree._Element) -> bool:
    """Return whether the classes of an element name a comment."""
    return not words_of(element.get("class", "")).isdisjoint(COMMENT_WORDS)
