"""Find the elements of an HTML page that are not shown at first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

MAX_HIDDEN_SHARE = 0.4  # of a page's text; a page that hides more shows it later, as soft paywalls do
MAX_STYLE_CHARS = 500
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_COUNT_CHARS = etree.XPath("string-length()")


def is_hidden(element: etree._Element) -> bool:
    """Say whether an element is not shown at first."""
    style = element.get("style")
    if style is not None and _HIDING.search(style[:MAX_STYLE_CHARS]):
        return True
    return element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None)


def hide_a_story(hidden: Iterable[etree._Element], tree: etree._Element) -> bool:
    """Say whether so much of a page is in its `hidden` elements, none of them in another, that it is a story shown later."""
    chars = sum(map(_count_text, hidden))
    return chars > 0 and chars > MAX_HIDDEN_SHARE * _count_text(tree)


def _count_text(element: etree._Element) -> int:
    """Return how many characters of text, not of code, an element holds."""
    return int(_COUNT_CHARS(element)) - sum(len(code.text or "") for code in element.iter("script", "style"))
