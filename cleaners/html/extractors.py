"""Extractors of other libraries: resiliparse for the main text of every page, slower ones where its answer is in doubt.

Called by `cleaners.html.reader`, the slower ones through `Page.extractors` and `Page.find_day`.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module

from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from cleaners.html.render import render

# The slower extractors take many seconds for larger pages, and recurse into the elements of a page.
MAX_ELEMENTS = 50_000
MAX_DEPTH = 500
MAX_DEPTHS = 1_500_000  # the sum over all elements
MAX_CACHED_CHARS = 32_000_000  # of markup, after which the caches of other libraries are emptied
LAST_DAY = datetime(2100, 1, 1, tzinfo=UTC)  # of a page whose time of capture is unknown
_COUNT, _IS_DEEP = etree.XPath("count(//*)"), etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
COMMENT, MAX_COMMENTS = "<!--", 100  # beginnings of comments in the value of an attribute
_WITH_COMMENT = etree.XPath(f"//*[@*[contains(., '{COMMENT}')]]")
NO_TEXT = ("head", "link", "meta", "noscript", "script", "style", "svg")


def by_resiliparse(html: str) -> str:
    """Return the main text that resiliparse finds on a page, in a millisecond."""
    return extract_plain_text(
        HTMLTree.parse(html), main_content=True, alt_texts=False, links=False, form_fields=False, comments=False
    )


def by_readability(tree: etree._Element) -> str:
    """Return the main text that the readability algorithm finds, in two milliseconds; it changes the tree."""
    if _is_too_large(tree):
        return ""
    from trafilatura.external import try_readability  # takes a third of a second to import

    # readability would drop these in Python, and search the rest of them many times.
    etree.strip_elements(tree, *NO_TEXT, with_tail=False)
    return "\n".join(text for text, _ in render(try_readability(tree)))


def by_trafilatura(tree: etree._Element) -> str:
    """Return the main text that trafilatura finds, in ten milliseconds; it changes the tree."""
    if _is_too_large(tree):
        return ""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its messages about pages are for its own developers
    return extract(tree, include_comments=False) or ""


def by_htmldate(tree: etree._Element, captured_at: datetime | None) -> str:
    """Return the day of publication that htmldate finds by its patterns, as ISO 8601, "" for none; it changes the tree.

    A day in the title is that of what the story is about.
    Its slower search is left out: it finds a day on almost every page, and parses some against today. Its bounds are given, as
    the usual one is today.
    """
    if _is_too_large(tree):
        return ""
    from htmldate import find_date  # takes a tenth of a second to import

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    etree.strip_elements(tree, "title", "h1", with_tail=False)
    _drop_values_of_comments(tree)
    latest = (captured_at.astimezone(UTC) + timedelta(days=1) if captured_at is not None else LAST_DAY).replace(tzinfo=None)
    try:
        return find_date(tree, extensive_search=False, original_date=True, max_date=latest) or ""
    except ValueError:  # it moves text about, and lxml writes none with control characters, a form feed among them
        return ""


def _drop_values_of_comments(tree: etree._Element) -> None:
    """Drop attributes with very many beginnings of comments.

    htmldate writes the tree as text, and for each of them libxml2 looks for its end in all the rest of the value.
    """
    for element in _WITH_COMMENT(tree):
        for name, value in element.items():
            if value.count(COMMENT) > MAX_COMMENTS:
                del element.attrib[name]


class LibraryCaches:
    """The caches of the other libraries. They hold a number of texts of any length, so they are emptied from time to time."""

    def __init__(self) -> None:
        self._chars = 0

    def add_page(self, chars: int) -> None:
        """Count a page, and empty the caches after MAX_CACHED_CHARS of pages."""
        self._chars += chars
        if self._chars > MAX_CACHED_CHARS:
            self._chars = 0
            for library in ("htmldate", "trafilatura"):
                if library in sys.modules:
                    import_module(f"{library}.meta").reset_caches()


CACHES = LibraryCaches()


def _is_too_large(tree: etree._Element) -> bool:
    """Return whether a page has too many elements or too deeply nested ones."""
    if _COUNT(tree) * MAX_DEPTH <= MAX_DEPTHS:
        return bool(_IS_DEEP(tree))
    return is_too_large_by_count(tree)


def is_too_large_by_count(tree: etree._Element) -> bool:
    """Return whether a page has too many elements or too deeply nested ones; counts without recursion."""
    elements = depth = depths = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        elements, depth = elements + 1, depth + 1
        depths += depth
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS or depths > MAX_DEPTHS:
            return True
    return False
