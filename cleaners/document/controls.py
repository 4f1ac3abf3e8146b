"""Control characters, which no field of a record holds: a terminal would obey them.

Called by `cleaners.document.page` for the values of heads and rows; in the text of a page a rule removes them.
"""

from __future__ import annotations

# Those but the tab and the line end, each with what stands in its place: a blank for white space.
_REPLACED = {
    code: " " if chr(code).isspace() else None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}


def without_controls(text: str) -> str:
    r"""Return `text` without control characters but tabs and line ends.

    >>> without_controls("Quay\x9b Post\x00"), without_controls("Quay\x1fPost")
    ('Quay Post', 'Quay Post')
    """
    return text if text.isprintable() else text.translate(_REPLACED)
