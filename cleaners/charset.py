"""Tell in which encoding the bytes of an HTML page are."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

from cleaners.page import BYTE_ORDER_MARKS, BadPage, refuse_binary

HEAD_BYTES = 4_096  # a page declares its encoding within so many; browsers look at 1,024
SAMPLE_BYTES = 65_536  # of a page without a declaration that holds
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


def decode_html(raw: bytes) -> str:
    """Return the text of an HTML page: by its byte order mark, as UTF-8, by its declaration, else by a guess.

    UTF-8 comes before the declaration because bytes that are no UTF-8 seldom look like it, and declarations are often
    wrong. What an encoding cannot decode becomes U+FFFD. Raises BadPage with the reason `empty` or `binary`.
    """
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if raw.startswith(known[0])), (b"", ""))
    if mark:
        return _not_empty(raw[len(mark) :].decode(encoding, "replace"))
    refuse_binary(raw)
    try:
        return _not_empty(raw.decode())
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(raw[:HEAD_BYTES])
    name = declared[1].decode("ascii", "replace") if declared else ""
    for guess in (name, detect_encoding(raw[:SAMPLE_BYTES]) or "", "windows-1252"):
        if _is_encoding(guess):
            return _not_empty(raw.decode(guess, "replace"))
    return _not_empty(raw.decode("utf-8", "replace"))


def _is_encoding(name: str) -> bool:
    """Say whether Python knows an encoding of text by this name, and it is not UTF-8, which was tried."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return known.name != "utf-8" and known._is_text_encoding


def _not_empty(text: str) -> str:
    if not text or text.isspace():
        raise BadPage("empty", "the page holds no visible character")
    return text
