"""Distinguish tables of data, whose rows are lines, from tables that lay out a page, whose cells hold blocks of text.

Called by `cleaners.html.render`.
"""

from __future__ import annotations

from lxml import etree

CELLS = ("td", "th")
# Elements that only cells of a layout hold.
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "input", "main", "nav", "ol", "pre", "section", "select", "table", "textarea", "ul",
))  # fmt: skip
PARAGRAPHS = ("p", "div", "br")
MAX_PARAGRAPHS = 2  # in a cell
MAX_CELL_CHARS = 300
MIN_ROWS = 2  # of two cells with text
MAX_LINKED = 0.9  # of the text; a table of links is a menu


def is_data_table(table: etree._Element) -> bool:
    """Return whether the rows of a table are records: two rows have several cells, and no cell holds blocks of text.

    Reads up to the first table inside this one, so that a page of nested tables is read once.
    """
    if table.get("role") in ("presentation", "none"):
        return False
    rows = paragraphs = chars = all_chars = links = linked = filled = 0
    for event, element in etree.iterwalk(table, events=("start", "end")):
        name = element.tag
        if event == "start":
            if element is not table and name in BLOCKS:
                return False
            if name in CELLS:
                paragraphs = chars = 0
            elif name == "tr":
                filled = 0
            elif name in PARAGRAPHS:
                paragraphs += 1
            links += name == "a"
            length = len((element.text or "").strip())
        else:
            links -= name == "a"
            length = len((element.tail or "").strip())
            if name in CELLS:
                filled += chars > 0
                all_chars += chars
                if paragraphs > MAX_PARAGRAPHS or chars > MAX_CELL_CHARS:
                    return False
            elif name == "tr":
                rows += filled > 1
        chars += length
        linked += length if links else 0
    return rows >= MIN_ROWS and linked <= MAX_LINKED * all_chars
