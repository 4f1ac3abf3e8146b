"""Ask other extractors for the main text of an HTML page: a quick one first, slower ones where that leaves doubt."""

from __future__ import annotations

import logging

from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from cleaners.html.render import render

# The slower extractors take many seconds for larger pages, and recurse into the elements of a page.
MAX_ELEMENTS = 50_000
MAX_DEPTH = 500
MAX_DEPTHS = 1_500_000  # of all elements together
NO_TEXT = ("head", "link", "meta", "noscript", "script", "style", "svg")


def by_resiliparse(html: str) -> str:
    """Return the main text that resiliparse finds on a page, in a millisecond."""
    return extract_plain_text(
        HTMLTree.parse(html), main_content=True, alt_texts=False, links=False, form_fields=False, comments=False
    )


def by_readability(tree: etree._Element) -> str:
    """Return the main text that the readability algorithm finds, in two milliseconds; the tree is taken apart."""
    if _is_too_much(tree):
        return ""
    from trafilatura.external import try_readability  # takes a third of a second to import

    etree.strip_elements(
        tree, *NO_TEXT, with_tail=False
    )  # it would do so in Python, and look at the rest of them again and again
    return "\n".join(text for text, _ in render(try_readability(tree)))


def by_trafilatura(tree: etree._Element) -> str:
    """Return the main text that trafilatura finds, in ten milliseconds; the tree is taken apart."""
    if _is_too_much(tree):
        return ""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it says of a page is for its own developers
    return extract(tree, include_comments=False) or ""


def _is_too_much(tree: etree._Element) -> bool:
    """Say whether a page has too many elements, or too deeply nested ones; counted without recursion."""
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
