"""Find the elements that a page hides at first, and a story that it shows later.

Called by `cleaners.html.looks` and `cleaners.html.render`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

# Styles of elements that are not drawn, or are for screen readers alone, and the usual classes of the latter.
_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(0|clip-path\s*:\s*inset\(50%)", re.IGNORECASE
)
_FOR_READERS = re.compile(r"(?:^|\s)(?:visually-?hidden|sr-only|screen-reader(?:-text|-only)?)(?:$|\s)", re.IGNORECASE)
READER_WORDS = frozenset(("visually", "visuallyhidden", "sr", "screen"))  # each class of the latter has one of them
_COUNT_CHARS = etree.XPath("string-length()")
MAX_HIDDEN_SHARE = 0.4  # of a page's text; a page that hides more shows it later, as soft paywalls do


def hides(style: str) -> bool:
    """Return whether a style hides an element at first."""
    return _HIDING.search(style) is not None


def is_for_readers(classes: str) -> bool:
    """Return whether an element with these classes is for readers of the screen alone."""
    return _FOR_READERS.search(classes) is not None


def hides_story(hidden: Iterable[etree._Element], tree: etree._Element) -> bool:
    """Return whether the `hidden` elements, none in another, hold so much of a page that they are a story shown later."""
    chars = sum(map(_count_text, hidden))
    return chars > 0 and chars > MAX_HIDDEN_SHARE * _count_text(tree)


def _count_text(element: etree._Element) -> int:
    """Return the number of characters of text, without code, in an element."""
    return int(_COUNT_CHARS(element)) - sum(len(code.text or "") for code in element.iter("script", "style"))
