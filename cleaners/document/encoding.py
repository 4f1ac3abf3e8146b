"""Tell in which encoding the bytes of an HTML page are."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

from cleaners.errors import BadPage

HEAD_BYTES = 4_096  # a page declares its encoding within so many; browsers look at 1,024
SAMPLE_BYTES = 65_536  # of a page without a declaration that holds
# Of the characters beyond ASCII, so few may be broken in what is UTF-8 all the same: a page cut off or pieced together.
MAX_BROKEN_SHARE = 0.05
MAX_CONTROL_SHARE = 0.02  # of all characters, in what is text at all
# What pages that declare an encoding are in, where that is one with more characters: Encoding Standard, section 4.2.
LARGER = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874"}
WIDE = ("utf-16-le", "utf-16-be", "utf-16", "utf-32")  # none of them holds ASCII markup in which it could be declared
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_CONTROLS = bytes([*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20)])


def decode_html(raw: bytes, charset: str = "") -> str:
    """Return the text of an HTML page: by its byte order mark, as UTF-8, by its declaration, else by a guess.

    `charset` is what a server declared, which comes before what the page declares.

    UTF-8 comes before the declaration because bytes that are no UTF-8 seldom look like it, and declarations are often
    wrong. What an encoding cannot decode becomes U+FFFD. Raises BadPage with the reason `empty` or `binary`.
    """
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if raw.startswith(known[0])), (b"", ""))
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
    sample = text[:SAMPLE_BYTES]
    if _count_controls(sample) > MAX_CONTROL_SHARE * len(sample) + 1:
        raise BadPage("binary", "too many control characters for a text in any encoding")
    return text


def _count_controls(text: str) -> int:
    """Return how many characters of a text are control characters or could not be decoded."""
    encoded = text.encode()
    return len(encoded) - len(encoded.translate(None, delete=_CONTROLS)) + text.count("\ufffd")


def decode_text(raw: bytes, charset: str = "") -> str:
    """Return the text of a page without markup: as `decode`, and what is no UTF-8 by the encoding that it was sent with."""
    try:
        return decode(raw)
    except BadPage as problem:
        codec = _codec(charset)
        if problem.reason != "undecodable" or not codec:
            raise
        return raw.decode(codec, "replace")


def _is_utf_8(raw: bytes) -> bool:
    """Say whether bytes are UTF-8, but perhaps for a few: most of what is beyond ASCII is whole."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = sum(not char.isascii() for char in text) if broken else 0
    return broken == 0 or broken <= 1 + MAX_BROKEN_SHARE * beyond < beyond


def _declared(raw: bytes) -> str:
    """Return the codec of the encoding that a page declares, "" for none that can be."""
    found = _DECLARED.search(raw[:HEAD_BYTES])
    return _codec(found[1].decode("ascii", "replace")) if found else ""


def _codec(charset: str) -> str:
    """Return the codec of an encoding's name, "" for none that can be."""
    codec = map_encoding_to_html5(charset) or "" if charset else ""
    return "" if codec == "utf-8" or codec in WIDE else LARGER.get(codec, codec)


def _guessed(raw: bytes) -> str:
    codec = map_encoding_to_html5(detect_encoding(raw[:SAMPLE_BYTES]) or "") or "cp1252"
    return "cp1252" if codec in WIDE else LARGER.get(codec, codec)


# Byte order marks, longest first: the UTF-32 little-endian mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Above this share of NULs in its first 64 KiB a file is no text: stray NULs come singly, binary formats and
# UTF-16 without a mark come with many.
BINARY_NUL_SHARE = 0.02
BINARY_SAMPLE = 65_536
BINARY_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\x28\xb5\x2f\xfd",
)


def decode(raw: bytes) -> str:
    """Decode a page's bytes: UTF-8, or what a byte order mark says; the mark itself is not part of the text.

    Raises BadPage with the reason `empty`, `binary` or `undecodable`.
    """
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if raw.startswith(known[0])), (b"", "utf-8"))
    if not mark:
        refuse_binary(raw)
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        place = len(mark) + error.start
        raise BadPage("undecodable", f"not valid {encoding.upper()} at byte {place} ({error.reason})") from None
    if not text or text.isspace():
        raise BadPage("empty", "the page holds no visible character")
    return text


def refuse_binary(raw: bytes) -> None:
    """Raise BadPage when `raw` is plainly no text."""
    if raw.startswith(BINARY_MAGIC):
        raise BadPage("binary", "the file begins like an image, archive, program or PDF, not like text")
    sample = raw[:BINARY_SAMPLE]
    if sample.count(0) > BINARY_NUL_SHARE * len(sample):
        raise BadPage("binary", f"{sample.count(0)} of the first {len(sample)} bytes are NUL")


def refuse_surrogates(text: str) -> None:
    """Raise BadPage when `text` holds half a character, which no file can hold; JSON escapes can make such text."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadPage("undecodable", f"the character at {error.start} is half of a surrogate pair") from None
