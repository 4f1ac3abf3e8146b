"""Ask trafilatura for the main text of an HTML page."""

from __future__ import annotations

import logging

from lxml import etree
from trafilatura import extract as trafilatura_extract

MAX_DEPTH = 500  # trafilatura recurses into the elements of a page

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it says of a page is for its own developers


def extract(tree: etree._Element) -> str:
    """Return the main text that trafilatura finds on a page, "" when it finds none or the page is too deep for it."""
    if _depth(tree) > MAX_DEPTH:
        return ""
    return trafilatura_extract(tree, include_comments=False) or ""


def _depth(tree: etree._Element) -> int:
    """Return how deep the elements of a tree are nested, counted without recursion."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
