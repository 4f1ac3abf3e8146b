"""Recognise the boxes of an HTML page that are no part of its story, however long: dialogs and the comments of readers.

Called by `cleaners.html.render`.
"""

from __future__ import annotations

import re
from functools import lru_cache

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
_HAS_STORY = etree.XPath("boolean(.//h1 | .//main | .//*[@itemprop = 'articleBody'])")
_COMMENTS = etree.XPath(".//*[@class]")


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


def box_of(element: etree._Element, name: str) -> PagePart:
    """Return the part of the page in a box that is surely beside the story, "" for none.

    Such a box holds neither the title nor the body of a story.
    """
    if name in WHOLE_TAGS or not element.attrib:
        return ""
    names = f"{(element.get('class') or '')[:MAX_NAME_CHARS]} {(element.get('id') or '')[:MAX_NAME_CHARS]}"
    kind = _box_named(names)
    if name == "dialog" or element.get("role") in DIALOG_ROLES or element.get("aria-modal") == "true":
        kind = "frame"
    if not kind or _HAS_STORY(element) or (kind == "comments" and not _is_thread(element)):
        return ""
    return kind


@lru_cache(maxsize=MAX_REMEMBERED)
def _box_named(names: str) -> PagePart:
    """Return the part that classes and an id name."""
    return "frame" if _DIALOG.search(names) else "comments" if _THREAD.search(names) else ""


def _is_thread(element: etree._Element) -> bool:
    """Return whether an element holds comments, each in an element of its own."""
    comments = 0
    for inner in _COMMENTS(element):
        comments += _COMMENT.search(inner.get("class")[:MAX_NAME_CHARS]) is not None
        if comments >= MIN_COMMENTS:
            return True
    return False
