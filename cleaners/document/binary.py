"""Refuse bytes that are certainly no text, by the name of their format.

Called by `cleaners.document.encoding` and `flows.inputs.containers`.
"""

from __future__ import annotations

import re

from cleaners.errors import BadPage

# The first bytes of formats that are no text, the longest of a kind first.
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf1", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "a gzip file inside a compressed one"),
    (b"\x28\xb5\x2f\xfd", "a zstd file inside a compressed one"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
    (b"ARROW1\0", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"OTTO\0", "a font"),
    (b"OggS\0", "a sound or film"),
    (b"fLaC\0", "a sound"),
    (b"\x1a\x45\xdf\xa3", "a film"),
)
# Formats that begin with another's bytes or a length, by a pattern of their first bytes.
_SHAPES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "a WebP image"),
    (re.compile(rb"RIFF....(?:WAVE|AVI )", re.DOTALL), "a sound or film"),
    (re.compile(rb"\0\0..ftyp(?:avif|avis|hei[cx]|mif1|msf1)", re.DOTALL), "an AVIF or HEIC image"),
    (re.compile(rb"\0\0..ftyp", re.DOTALL), "a film"),
    (re.compile(rb"ID3[\2-\4]"), "a sound"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "a BMP image"),
    (re.compile(rb"MZ.{58}.{2}\0\0", re.DOTALL), "a program"),
    (re.compile(rb".{257}ustar[\0 ]", re.DOTALL), "a tar archive"),
)
# A zip archive is named by the first of these that its first bytes hold.
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"application/epub+zip", "an EPUB book"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"[Content_Types].xml", "an Office document"),
)
# Above this share of NULs in its first 64 KiB a file is no text: stray NULs come singly, binary formats and
# UTF-16 without a mark come with many.
MAX_NUL_SHARE = 0.02
SAMPLE_BYTES = 65_536
ZIP_HEAD_BYTES = 16_384  # in which an archive names its first files


def format_of(raw: bytes) -> str:
    """Return the format of bytes that are no text, as in "a PDF document", "" when they have no known one.

    >>> format_of(b"%PDF-1.7 ..."), format_of(b"A title")
    ('a PDF document', '')
    """
    found = next((name for beginning, name in BEGINNINGS if raw.startswith(beginning)), "")
    found = found or next((name for shape, name in _SHAPES if shape.match(raw)), "")
    if found == "a zip archive":
        return next((name for sign, name in _ZIPPED if sign in raw[:ZIP_HEAD_BYTES]), found)
    return found


def refuse_binary(raw: bytes) -> None:
    """Raise BadPage with the reason `binary` when `raw` is certainly no text."""
    if name := format_of(raw):
        raise BadPage("binary", f"the file is {name}, no page of text or HTML")
    sample = raw[:SAMPLE_BYTES]
    if sample.count(0) > MAX_NUL_SHARE * len(sample):
        raise BadPage("binary", f"{sample.count(0)} of the first {len(sample)} bytes are NUL")
