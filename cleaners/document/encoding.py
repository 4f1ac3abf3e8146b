"""Decode the bytes of text and HTML pages: by their mark, as UTF-8, by a declaration, else by a guess.

Called by `flows.inputs.raw_page` and `cleaners.html.reader`; `decode` is public in `cleaners`.
"""

from __future__ import annotations

import codecs
import re

from cleaners.document.binary import refuse_binary
from cleaners.errors import BadPage

# Byte order marks, longest first: the UTF-32 little-endian mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD_BYTES = 4_096  # where a page declares its encoding; browsers look at 1,024
SAMPLE_BYTES = 65_536  # for guessing the encoding, and for counting control characters
# The largest share of broken characters, among those beyond ASCII, in UTF-8 that was cut off or pieced together.
MAX_BROKEN_SHARE = 0.05
GUESSED_FLAG = "encoding-guessed"
MAX_CONTROL_SHARE = 0.02  # of all characters of a text
# Encodings that are decoded as a larger one, which pages that declare them often use: Encoding Standard, section 4.2.
LARGER = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874"}
WIDE = ("utf-16-le", "utf-16-be", "utf-16", "utf-32")  # a declaration in ASCII markup cannot be in one of these
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3}")
_CONTROLS = bytes([*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20)])


def decode(raw: bytes) -> str:
    """Return the text of a page in UTF-8, or in the encoding of its byte order mark; the mark is left out.

    Raises BadPage with the reason `empty`, `binary` or `undecodable`.
    """
    mark, encoding = _byte_order_mark(raw)
    encoding = encoding or "utf-8"
    if not mark:
        refuse_binary(raw)
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = len(mark) + error.start
        raise BadPage("undecodable", f"not valid {encoding.upper()} at byte {offset} ({error.reason})") from None
    if not text or text.isspace():
        raise BadPage("empty", "the page holds no visible character")
    return text


def decode_text(raw: bytes, charset: str = "") -> tuple[str, bool]:
    """Return the text of a page without markup, and whether its encoding is a guess.

    It is read as by `decode`, else by the `charset` that a server declared, else as the bytes look. Raises BadPage with the
    reason `empty` or `binary`, or `undecodable` when the guess gives no text.
    """
    try:
        return decode(raw), False
    except BadPage as problem:
        if problem.reason != "undecodable" or _byte_order_mark(raw)[0]:
            raise
        if codec := _codec(charset):
            return raw.decode(codec, "replace"), False
        text = raw.decode("utf-8" if _is_utf_8(raw) else _guessed(raw), "replace")
        if _has_many_controls(text) or not _WORD.search(text):
            raise
        return text, True


def decode_html(raw: bytes, charset: str = "") -> str:
    """Return the text of an HTML page: by its byte order mark, as UTF-8, by its declaration, else by a guess.

    A `charset` declared by a server comes before the page's own declaration. UTF-8 comes before both, because bytes in other
    encodings seldom look like it, and declarations are often wrong. Bytes that cannot be decoded become U+FFFD. Raises
    BadPage with the reason `empty` or `binary`.
    """
    mark, encoding = _byte_order_mark(raw)
    if not mark:
        refuse_binary(raw)
    try:
        text = raw[len(mark) :].decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if not mark:
            encoding = "utf-8" if _is_utf_8(raw) else _codec(charset) or _declared(raw) or _guessed(raw)
        text = raw[len(mark) :].decode(encoding, "replace")
    if not text or text.isspace():
        raise BadPage("empty", "the page holds no visible character")
    if _has_many_controls(text):
        raise BadPage("binary", "too many control characters for a text in any encoding")
    return text


def refuse_surrogates(text: str) -> None:
    """Raise BadPage when `text` holds a lone surrogate, as JSON escapes can make; no file can hold one."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadPage("undecodable", f"the character at {error.start} is half of a surrogate pair") from None


def _byte_order_mark(raw: bytes) -> tuple[bytes, str]:
    """Return the byte order mark at the start of `raw` and its encoding, both empty when there is none."""
    return next((known for known in BYTE_ORDER_MARKS if raw.startswith(known[0])), (b"", ""))


def _has_many_controls(text: str) -> bool:
    """Return whether control characters and replacement characters (U+FFFD) make up too much of a text's beginning."""
    sample = text[:SAMPLE_BYTES]
    encoded = sample.encode()
    count = len(encoded) - len(encoded.translate(None, delete=_CONTROLS)) + sample.count("\ufffd")
    return count > MAX_CONTROL_SHARE * len(sample) + 1


def _is_utf_8(raw: bytes) -> bool:
    """Return whether bytes are UTF-8 with at most a few broken characters."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(not char.isascii() for char in text) if broken else 0
    return broken == 0 or broken <= 1 + MAX_BROKEN_SHARE * beyond_ascii < beyond_ascii


def _declared(raw: bytes) -> str:
    """Return the codec of the encoding that a page declares, "" for none or an impossible one."""
    found = _DECLARED.search(raw[:HEAD_BYTES])
    return _codec(found[1].decode("ascii", "replace")) if found else ""


def _codec(charset: str) -> str:
    """Return the codec for the name of an encoding, "" for UTF-8 (already tried), a wide or an unknown one."""
    if not charset:
        return ""
    from resiliparse.parse.encoding import map_encoding_to_html5  # few pages are not UTF-8

    codec = map_encoding_to_html5(charset) or ""
    return "" if codec == "utf-8" or codec in WIDE else LARGER.get(codec, codec)


def _guessed(raw: bytes) -> str:
    """Return the codec of the likeliest encoding, Windows-1252 when no other is likely."""
    from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5  # few pages are not UTF-8

    codec = map_encoding_to_html5(detect_encoding(raw[:SAMPLE_BYTES]) or "") or "cp1252"
    return "cp1252" if codec in WIDE else LARGER.get(codec, codec)
