"""Tell the further pictures of a gallery, hidden until a reader turns to them, from other hidden elements.

Called by `cleaners.html.render`.
"""

from __future__ import annotations

from lxml import etree

CAPTION = "figcaption"


def is_next_picture(element: etree._Element) -> bool:
    """Return whether an element holds a picture with a caption, right behind one of the same kind with another caption."""
    before = element.getprevious()
    if before is None or before.tag != element.tag:
        return False
    caption = _caption(element)
    return caption != "" and _caption(before) not in ("", caption)


def _caption(element: etree._Element) -> str:
    """Return the text of the first caption in an element, "" for none."""
    found = next(element.iter(CAPTION), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())
