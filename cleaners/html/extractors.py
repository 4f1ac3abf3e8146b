"""Main-text extractors of other libraries: resiliparse for every page, slower ones where its answer is in doubt.

Called by `cleaners.html.reader`, the slower ones through `Page.extractors`.
"""

from __future__ import annotations

import logging

from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from cleaners.html.render import render

# The slower extractors take many seconds for larger pages, and recurse into the elements of a page.
MAX_ELEMENTS = 50_000
MAX_DEPTH = 500
MAX_DEPTHS = 1_500_000  # the sum over all elements
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


def _is_too_large(tree: etree._Element) -> bool:
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
