"""Recognise HTML in a field of text, as the content of a page in a row: with its tags as they are, or escaped.

Called by `flows.inputs.row_fields`.
"""

from __future__ import annotations

import html
import re

_MARKUP = re.compile(
    r"\s*<(?:p|div|h[1-6]|article|section|ul|table|figure|html|body)\b[^<>]*>.*</[a-z0-9]+>\s*\Z", re.DOTALL | re.IGNORECASE
)
_ESCAPED_TAG = re.compile(r"\s*(?:&amp;|&)lt;[a-z!]", re.IGNORECASE)
_BLOCK = r"</?(?:p|div|h[1-6]|li|ul|ol|blockquote|figure)(?:\s[^<>]*)?>|<br\s*/?>"
_BLOCK_TAG = re.compile(_BLOCK, re.IGNORECASE)
_BESIDE_BLOCK = re.compile(rf"\s*(?:{_BLOCK})|.*(?:{_BLOCK})\s*\Z", re.IGNORECASE)
_ENDS = (*".!?…。！？>\"'”’»)", "")  # before a tag between sentences; nothing stands before the first one
NEAR_CHARS = 50  # looked at before a tag
MIN_BLOCKS = 2
LONG_CHARS = 60  # of a line of prose
MIN_MARKED = 0.8  # of the long lines of a fragment begin or end with a tag of a block


def fragment_of(text: str) -> str:
    """Return the HTML in a text that is HTML as a whole, "" for any other text.

    Its lines of prose begin or end with tags of blocks, and in one line tags stand between sentences. A text that only quotes
    tags has them inside sentences, and other lines as well.

    >>> fragment_of("The ferry is back.<br>It sails at nine.<br>"), fragment_of("&lt;p&gt;The ferry.&lt;/p&gt;")
    ('The ferry is back.<br>It sails at nine.<br>', '<p>The ferry.</p>')
    """
    if "<" not in text and _ESCAPED_TAG.match(text):
        once = html.unescape(text)
        text = once if "<" in once else html.unescape(once)
        return text if _MARKUP.match(text) else ""
    if _MARKUP.match(text):
        return text
    tags = [*_BLOCK_TAG.finditer(text)]
    lines = [line for line in text.splitlines() if len(line) >= LONG_CHARS]
    if len(tags) < MIN_BLOCKS:
        return ""
    if len(lines) > 1:
        marked = [_BESIDE_BLOCK.match(line) is not None for line in lines]
    else:
        marked = [text[max(0, tag.start() - NEAR_CHARS) : tag.start()].rstrip()[-1:] in _ENDS for tag in tags]
    return text if sum(marked) >= MIN_MARKED * len(marked) else ""
