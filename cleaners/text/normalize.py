"""Fold lines to the keys under which rules look them up, so that one dictionary look-up decides most lines."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_REMEMBERED = 4_096  # keys of short texts: each line is looked up several times, and menus stand on every page of a site
MAX_KEY_CHARS = 300  # no line that is longer, as it is printed, is taken for a fixed one
NO_KEY = "\n"  # no key holds a line end
_QUOTES = {**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″", '"')}
_DIGIT_RUN = re.compile(r"0(?:[.,]?0)*")


class _Folding(dict[int, str]):
    """A table for str.translate that works out each character once, when it is first met."""

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
    """Return `text` in Unicode's form C, in which a letter and its mark are one wherever they can be."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def shape(text: str) -> str:
    """Return `text` composed and caseless, quotes and dashes alike, blanks single, every digit of any script as 0.

    >>> shape("  ٢٢-٠٧-٢٠٢٥ ")
    '00-00-0000'
    """
    if not text.isascii():  # in English and the like, quotes and dashes are all that is not
        for char, plain in _TYPOGRAPHIC:
            text = text.replace(char, plain)
    folded = text.lower().translate(_ASCII) if text.isascii() else composed(text).casefold().translate(_FOLDING)
    return " ".join(folded.split()) if "  " in folded or folded[:1] == " " or folded[-1:] == " " else folded


@lru_cache(maxsize=MAX_REMEMBERED)
def key(text: str) -> str:
    """Return the shape of `text` with every number as a single 0: "3,041 comments" and "7 comments" are one key.

    >>> key("No comments yet…") == key("NO COMMENTS  YET...")
    True
    >>> key("3,041 comments")
    '0 comments'
    """
    return collapse_numbers(shape(text))


def line_key(text: str) -> str:
    """Return the key of a line by which fixed ones are looked up, NO_KEY for a line too long to be one."""
    return key(text) if len(text) <= MAX_KEY_CHARS else NO_KEY


def collapse_numbers(shaped: str) -> str:
    """Return a shape with each number as a single 0."""
    return _DIGIT_RUN.sub("0", shaped) if "00" in shaped or "0." in shaped or "0," in shaped else shaped
