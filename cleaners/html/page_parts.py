"""Tell which part of a page beside its text an element makes: a frame, a list of other pages, or comments.

Called by `cleaners.html.render` and `cleaners.html.marked`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from cleaners.document.page import PagePart

WHOLE_TAGS = ("body", "html", "article", "main")  # no part beside the text, whatever their classes
# Elements, and words in classes and ids, that make a part of the page beside its text.
BESIDE_TAGS: dict[str, PagePart] = {"nav": "frame", "footer": "frame", "form": "frame", "button": "frame", "aside": "list"}
PART_WORDS: dict[PagePart, str] = {
    "comments": "comments? disqus talkback replies",
    "frame": "nav navbar navigation menu footer foot breadcrumbs? share sharing social newsletter subscribe advert(?:isement)? "
    "ads? cookie popup modal taglist login signup toolbar promo sponsored",
    "list": "sidebar related recommend(?:ed|ations?)? widget trending popular outbrain taboola rail",
}
_PART_PATTERNS = {
    part: re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?:$|[\s_-])", re.IGNORECASE)
    for part, words in PART_WORDS.items()
}
MAX_NAME_CHARS = 500  # of a class or an id
MAX_REMEMBERED = 4_096  # classes and ids, as one text, with their parts


def part_of(element: etree._Element, name: str) -> PagePart:
    """Return the part beside the text that an element makes, "" for none."""
    if name in BESIDE_TAGS and not (name == "aside" and _is_box_of_facts(element)):
        return BESIDE_TAGS[name]
    classes, own_id = element.get("class"), element.get("id")
    if not (classes or own_id) or name in WHOLE_TAGS:
        return ""
    return _part_named(f"{(classes or '')[:MAX_NAME_CHARS]} {(own_id or '')[:MAX_NAME_CHARS]}")


def _is_box_of_facts(aside: etree._Element) -> bool:
    """Return whether an aside has a list without links, as a box of facts inside a story."""
    return next(aside.iter("ul", "ol", "dl"), None) is not None and next(aside.iter("a", "input", "button"), None) is None


@lru_cache(maxsize=MAX_REMEMBERED)
def _part_named(names: str) -> PagePart:
    """Return the part of an element with these classes and id; a site has few different ones."""
    return next((part for part, pattern in _PART_PATTERNS.items() if pattern.search(names)), "")
