"""Recognise HTML in a field of text, as the content of a page in a row: with its tags as they are, or escaped.

Called by `flows.inputs.row_fields`.
"""

from __future__ import annotations

import html
import re
from collections import Counter

_MARKUP = re.compile(
    r"\s*<(?:p|div|h[1-6]|article|section|ul|table|figure|html|body)\b[^<>]*>.*</[a-z0-9]+>\s*\Z", re.DOTALL | re.IGNORECASE
)
_ESCAPED_TAG = re.compile(r"\s*(?:&amp;|&)lt;[a-z!]", re.IGNORECASE)
_BLOCK = r"</?(?:p|div|h[1-6]|li|ul|ol|blockquote|figure)(?:\s[^<>]*)?>|<br\s*/?>"
_BLOCK_TAG = re.compile(_BLOCK, re.IGNORECASE)
_BESIDE_BLOCK = re.compile(rf"\s*(?:{_BLOCK})|.*(?:{_BLOCK})\s*\Z", re.IGNORECASE)
_ENDS = (*".!?…。！？>\"'”’»)", "")  # before a tag between sentences; nothing stands before the first one
NEAR_CHARS = 50  # looked at before a tag
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)>")
_INLINE = frozenset(
    ("a", "abbr", "b", "big", "cite", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u")
)
MIN_PAIRS = 3  # of inline tags in a text without a link
MIN_BLOCKS = 2
LONG_CHARS = 60  # of a line of prose
MIN_MARKED = 0.8  # of the characters of a fragment are in long lines, and of these begin or end with a tag of a block


def fragment_of(text: str) -> str:
    """Return the HTML in a text that is HTML as a whole, "" for any other text.

    Its lines of prose begin or end with tags of blocks, and in one line tags stand between sentences; or its lines are
    paragraphs with links and emphasis in them, as editors store them. A text that only quotes tags has them inside sentences,
    and other lines as well.

    >>> fragment_of("The ferry is back.<br>It sails at nine.<br>"), fragment_of("&lt;p&gt;The ferry.&lt;/p&gt;")
    ('The ferry is back.<br>It sails at nine.<br>', '<p>The ferry.</p>')
    """
    if "<" not in text and _ESCAPED_TAG.match(text):
        once = html.unescape(text)
        text = once if "<" in once else html.unescape(once)
        return text if _MARKUP.match(text) else ""
    if _MARKUP.match(text):
        return text
    lines = [line for line in text.splitlines() if len(line) >= LONG_CHARS] or [text]
    if sum(map(len, lines)) < MIN_MARKED * len(text.strip()):
        return ""  # a page with code among its short lines
    if paragraphs := _paragraphs(text):
        return paragraphs
    tags = [*_BLOCK_TAG.finditer(text)]
    if len(tags) < MIN_BLOCKS:
        return ""
    if len(lines) > 1:
        marked = [_BESIDE_BLOCK.match(line) is not None for line in lines]
    else:
        marked = [text[max(0, tag.start() - NEAR_CHARS) : tag.start()].rstrip()[-1:] in _ENDS for tag in tags]
    return text if sum(marked) >= MIN_MARKED * len(marked) else ""


def _paragraphs(text: str) -> str:
    """Return the lines of a text whose only tags are inline ones, in pairs and inside prose, as paragraphs of HTML; else ""."""
    if "</" not in text or "`" in text:
        return ""
    lines = text.splitlines()
    found = [(line, tag) for line in lines if "<" in line for tag in _TAG.finditer(line)]
    opened = Counter(tag[2].lower() for _, tag in found if not tag[1])
    closed = Counter(tag[2].lower() for _, tag in found if tag[1])
    links = sum(tag[2].lower() == "a" and "href" in tag[3].lower() for _, tag in found)
    if opened != closed or not opened.keys() <= _INLINE or not (links or opened.total() >= MIN_PAIRS):
        return ""
    in_prose = sum(len(line) >= LONG_CHARS for line, _ in found)
    return "\n".join(f"<p>{line}</p>" for line in lines) if in_prose >= MIN_MARKED * len(found) else ""
