"""Find the elements of an HTML page that are not shown at first."""

from __future__ import annotations

import re

from lxml import etree

MAX_HIDDEN_SHARE = 0.4  # of a page's text; a page that hides more shows it later, as soft paywalls do
MAX_STYLE_CHARS = 500
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MAYBE_HIDDEN = etree.XPath("//*[@style or @hidden or self::dialog]")
_COUNT_CHARS = etree.XPath("string-length()")


def hidden_elements(tree: etree._Element) -> set[etree._Element]:
    """Return the elements that are not shown at first; none when so much is hidden that it is a story to be shown later."""
    hidden: set[etree._Element] = set()
    inside: set[etree._Element] = set()  # of the last of them that is in no other; they come in the order of the page
    chars = 0
    for element in _MAYBE_HIDDEN(tree):
        if not _is_hidden(element):
            continue
        hidden.add(element)
        if element not in inside:
            inside = set(element.iterdescendants())
            chars += _count_text(element)
    return hidden if not hidden or chars <= MAX_HIDDEN_SHARE * _count_text(tree) else set()


def _is_hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None):
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style[:MAX_STYLE_CHARS]) is not None


def _count_text(element: etree._Element) -> int:
    """Return how many characters of text, not of code, an element holds."""
    return int(_COUNT_CHARS(element)) - sum(len(code.text or "") for code in element.iter("script", "style"))
