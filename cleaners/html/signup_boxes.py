"""Find the boxes of a page that take the e-mail address of a reader: to send a newsletter, to log in, to comment.

Called by `cleaners.html.render`. Their text invites to do so and belongs to no story.
"""

from __future__ import annotations

from itertools import islice

from lxml import etree

from cleaners.html.page_parts import WHOLE_TAGS

NO_TEXT = ("script", "style", "noscript", "template")
MAX_INPUTS = 50  # of a page that are looked at
MAX_ELEMENTS = 200  # of a box
MAX_CHARS = 600  # of the text of a box


def signup_boxes(tree: etree._Element) -> set[etree._Element]:
    """Return the largest elements around each input for an e-mail address that hold little text."""
    boxes = set()
    for field in islice(filter(_takes_address, tree.iter("input")), MAX_INPUTS):
        box = None
        for parent in field.iterancestors():
            if parent.tag in WHOLE_TAGS or not _is_small(parent):
                break
            box = parent
        if box is not None:
            boxes.add(box)
    return boxes


def _takes_address(field: etree._Element) -> bool:
    """Return whether an input is for an e-mail address, by its type or name."""
    kind = field.get("type", "text").casefold()
    names = (field.get("name", ""), field.get("id", ""), field.get("placeholder", ""))
    return kind == "email" or (kind == "text" and any("mail" in name.casefold() for name in names))


def _is_small(element: etree._Element) -> bool:
    """Return whether an element holds few elements and little text; reads no more of it than that."""
    chars = 0
    for number, inner in enumerate(element.iter()):
        chars += len((inner.text or "").strip()) if inner.tag not in NO_TEXT else 0
        chars += len((inner.tail or "").strip()) if inner is not element else 0
        if chars > MAX_CHARS or number > MAX_ELEMENTS:
            return False
    return True
