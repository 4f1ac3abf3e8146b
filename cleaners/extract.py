"""Ask other extractors for the main text of an HTML page: a quick one always, trafilatura where that leaves doubt."""

from __future__ import annotations

import logging

from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

# Trafilatura takes many seconds for larger pages, and recurses into the elements of a page.
MAX_ELEMENTS = 50_000
MAX_DEPTH = 500


def extract_quickly(html: str) -> str:
    """Return the main text that resiliparse finds on a page, in a tenth of the time that trafilatura takes."""
    return extract_plain_text(
        HTMLTree.parse(html), main_content=True, alt_texts=False, links=False, form_fields=False, comments=False
    )


def extract(tree: etree._Element) -> str:
    """Return the main text that trafilatura finds on a page, "" when it finds none or the page is too much for it.

    The tree is taken apart.
    """
    from trafilatura import extract as trafilatura_extract  # takes a third of a second to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it says of a page is for its own developers
    return "" if _is_too_much(tree) else trafilatura_extract(tree, include_comments=False) or ""


def _is_too_much(tree: etree._Element) -> bool:
    """Say whether a page has too many elements, or too deeply nested ones; counted without recursion."""
    elements = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            return True
    return False
