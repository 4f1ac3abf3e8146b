"""Normalise lines to look-up keys, so that one dictionary look-up decides most lines.

Called by `cleaners.rules`, `cleaners.grammar.match` and `cleaners.segmentation`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_REMEMBERED = 4_096  # keys: each line is looked up several times, and menus recur on every page of a site
MAX_KEY_CHARS = 300  # a longer line equals no fixed text
NO_KEY = "\n"  # equals no key, as keys hold no line end
_QUOTES = {**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″", '"')}
_DIGIT_RUN = re.compile(r"0(?:[.,]?0)*")


class _Folding(dict[int, str]):
    """A table for str.translate that computes the folding of each character at its first use."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind == "Nd":
            folded = "0"
        elif kind == "Pd":
            folded = "-"
        elif kind in ("Zs", "Zl", "Zp") or char in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85":
            folded = " "
        elif kind in ("Cf", "Cc"):
            folded = ""
        elif char == "…":
            folded = "..."
        else:
            folded = _QUOTES.get(char, char)
        self[code] = folded
        return folded


_FOLDING = _Folding()
_TYPOGRAPHIC = tuple((char, _FOLDING[ord(char)]) for char in "’‘“”–—\xa0…")
_ASCII = str.maketrans({chr(code): _FOLDING[code] for code in range(128)})


def composed(text: str) -> str:
    """Return `text` in Unicode normalisation form C."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return `text` composed and caseless, with uniform quotes, dashes and single blanks, and each digit of any script as 0.

    >>> fold("  ٢٢-٠٧-٢٠٢٥ ")
    '00-00-0000'
    """
    if not text.isascii():  # in English and the like only quotes and dashes are not
        for char, plain in _TYPOGRAPHIC:
            text = text.replace(char, plain)
    folded = text.lower().translate(_ASCII) if text.isascii() else composed(text).casefold().translate(_FOLDING)
    return " ".join(folded.split()) if "  " in folded or folded[:1] == " " or folded[-1:] == " " else folded


def lookup_key(text: str) -> str:
    """Return `text` folded, with every number as a single 0: "3,041 comments" and "7 comments" are one key.

    >>> lookup_key("No comments yet…") == lookup_key("NO COMMENTS  YET...")
    True
    >>> lookup_key("3,041 comments")
    '0 comments'
    """
    return _remembered(text) if len(text) <= MAX_KEY_CHARS else new_key(text)


def new_key(text: str) -> str:
    """Return the look-up key of a text that is not looked up again, and so not worth a place in the memo."""
    return collapse_numbers(fold(text))


_remembered = lru_cache(maxsize=MAX_REMEMBERED)(new_key)


def line_key(text: str) -> str:
    """Return the look-up key of a line, NO_KEY for a line longer than any fixed text."""
    return _remembered(text) if len(text) <= MAX_KEY_CHARS else NO_KEY


def collapse_numbers(folded: str) -> str:
    """Return a folded text with each number as a single 0."""
    has_long_number = "00" in folded or "0." in folded or "0," in folded
    return _DIGIT_RUN.sub("0", folded) if has_long_number else folded
