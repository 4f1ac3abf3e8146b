"""Recognise the boxes of an HTML page that are no part of its story, however long: dialogs and the comments of readers.

Called by `cleaners.html.render`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from functools import cached_property, lru_cache

from lxml import etree

from cleaners.document.page import PagePart
from cleaners.html.page_parts import MAX_NAME_CHARS, MAX_REMEMBERED, WHOLE_TAGS

# Words in classes and ids. A box is one of BOX_WORDS, or a subject and a form of it beside each other, as in "cookie-banner".
BOX_WORDS = "modal popup lightbox cookiebanner cookiebar cookieconsent cookienotice gdpr ccpa"
CONSENT = "cookies? consent privacy cmp"
CONSENT_FORMS = "banner bar box consent dialog info layer manager message modal notice overlay policy popup prompt wall"
OFFERS = "welcome subscribe subscription newsletter signup login register registration"
OFFER_FORMS = "dialog lightbox modal overlay popup prompt"
THREAD_WORDS = "comments commentlist commentarea commentsection disqus talkback replies discussion"
COMMENT_WORDS = "comments? reply replies commentator commenter post"
DIALOG_ROLES = ("dialog", "alertdialog")
MIN_COMMENTS = 2  # elements in a thread that are comments
_CLASSED = etree.XPath("//*[@class]")
_STORY_PARTS = etree.XPath("//h1 | //main | //*[@itemprop = 'articleBody']")


def _words(words: str) -> str:
    return rf"(?:^|(?<=[\s_-]))(?:{'|'.join(words.split())})(?=$|[\s_-])"


def _pair(subjects: str, forms: str) -> str:
    return rf"(?:^|(?<=[\s_-]))(?:{'|'.join(subjects.split())})[_-]?(?:{'|'.join(forms.split())})(?=$|[\s_-])"


_DIALOG = re.compile(
    rf"{_words(BOX_WORDS)}|{_pair(CONSENT, CONSENT_FORMS)}|{_pair(OFFERS, OFFER_FORMS)}",
    re.IGNORECASE,
)
_THREAD = re.compile(_words(THREAD_WORDS), re.IGNORECASE)
_COMMENT = re.compile(_words(COMMENT_WORDS), re.IGNORECASE)


class Boxes:
    """The boxes of a page. What is asked of many elements, but on few pages, is looked up once, at the first of them."""

    def __init__(self, tree: etree._Element) -> None:
        self._tree = tree

    def kind_of(self, element: etree._Element, name: str) -> PagePart:
        """Return the part of the page in a box that is surely beside the story, "" for none.

        Such a box holds neither the title nor the body of a story.
        """
        if name in WHOLE_TAGS or not element.attrib:
            return ""
        kind = _box_named(f"{(element.get('class') or '')[:MAX_NAME_CHARS]} {(element.get('id') or '')[:MAX_NAME_CHARS]}")
        if name == "dialog" or element.get("role") in DIALOG_ROLES or element.get("aria-modal") == "true":
            kind = "frame"
        if not kind or element in self._story_holders or (kind == "comments" and element not in self._threads):
            return ""
        return kind

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


@lru_cache(maxsize=MAX_REMEMBERED)
def _box_named(names: str) -> PagePart:
    """Return the part that classes and an id name."""
    return "frame" if _DIALOG.search(names) else "comments" if _THREAD.search(names) else ""


def _is_comment(element: etree._Element) -> bool:
    """Return whether the classes of an element name a comment."""
    return _COMMENT.search(element.get("class")[:MAX_NAME_CHARS]) is not None
