"""Make invisible characters visible: some of them reverse the text that follows, or hide it.

Called for all that shows scraped text as HTML: `cleaners.output.html_view`, `flows.report` and `flows.learning.review`.
"""

from __future__ import annotations


def visible(text: str, most: int) -> str:
    r"""Return text cut to a length, with invisible characters as numbers.

    >>> visible("a\u202eb", 80), visible("long", 2)
    ('a[U+202E]b', 'lo…')
    """
    shown = visible_chars(text[:most])
    return shown if len(shown) <= most and len(text) <= most else f"{shown[:most]}…"


def visible_chars(text: str) -> str:
    r"""Return text with invisible characters as numbers, and a blank for white space.

    >>> visible_chars("a\u202eb\tc")
    'a[U+202E]b c'
    """
    return text if text.isprintable() else "".join(map(_visible_char, text))


def _visible_char(char: str) -> str:
    return char if char.isprintable() else " " if char in "\n\t\xa0" else f"[U+{ord(char):04X}]"
