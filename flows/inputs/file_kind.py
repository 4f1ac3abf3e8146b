"""Recognise the kind of a file by its content: a page, rows of JSON Lines, or a web archive.

Called by `flows.inputs.containers`, `flows.planning.shards` and `flows.report.page_texts`. A broken file of JSON is
distinguished from a page of text that looks like one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cleaners import BadPage
from flows.inputs.compression import decompressed, without_suffix
from flows.inputs.discovery import ARCHIVE_SUFFIXES, ROW_SUFFIXES, FileKind
from flows.inputs.jsonl import decode_json, page_of_row
from flows.inputs.raw_page import MAX_PAGE_BYTES
from flows.options import RowFields

FIRST_ROWS = 10
MAX_FIRST_LINES = 100_000  # read in search of the first rows, most of them blank
BLANK = b"\xef\xbb\xbf \t\r\n"
# The beginning of a row or document, also after another one: an object up to its first name, or an array of objects.
_BEGIN = re.compile(r'[\ufeff\s,]*+(?P<value>\[\s*+\{\s*+"|\{\s*+"(?:[^"\\\n]|\\.){0,200}+"\s*+:)')
_OBJECT = re.compile(rb'\{\s*"')
_ARRAY = re.compile(rb"\[\s*\{")
_DECODER = json.JSONDecoder()
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def first_rows(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the first lines of a file that are not blank, as many as it takes to recognise its kind."""
    stream.seek(0)
    count = length = 0
    for _ in range(MAX_FIRST_LINES):
        if count == FIRST_ROWS or length > MAX_PAGE_BYTES or not (line := stream.readline(MAX_PAGE_BYTES)):
            return
        length += len(line)
        if not line.strip(BLANK):
            continue
        yield line if count else line.lstrip(BLANK)
        count += 1


def are_rows(lines: Iterable[bytes], fields: RowFields) -> bool:
    """Return whether the first lines of a file are rows: the first holds a page, or enough of the others do.

    Enough are objects in half of the lines and pages in two of them; one page is enough, or two objects, when the first line
    begins like an object but is broken or holds no page. Indented objects are parts of a document.
    """
    count = objects = pages = 0
    begins = False
    for line in lines:
        count += 1
        is_object, is_page = _is_object_and_page(line, fields)
        if count == 1:
            if is_page:
                return True
            begins = _OBJECT.match(line) is not None
        objects += is_object
        pages += is_page
    return objects * 2 >= count and (pages > 1 or (begins and (pages > 0 or objects > 1)))


def is_document(stream: BinaryIO) -> bool:
    """Return whether a file is one JSON document: an array, also a broken one, or an object over several lines."""
    first = next(first_rows(stream), b"")
    if not first.startswith((b"[", b"{")) or (_OBJECT.match(first) and _is_json(first)):
        return False
    stream.seek(0)
    whole = stream.read(MAX_PAGE_BYTES + 1).lstrip(BLANK)
    return _is_json(whole) or (_ARRAY.match(whole) is not None and not _is_json(first))


def broken_json(raw: bytes) -> str:
    """Return the error of a page that begins like JSON and cannot be read as such, "" for any other page."""
    encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8"
    wrong_encoding = "JSON must be UTF-8, and this is UTF-16" if encoding == "utf-16" else ""
    if not wrong_encoding and not raw.lstrip(BLANK).startswith((b"[", b"{")):
        return ""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return ""
    end = 0
    while beginning := _BEGIN.match(text, end):
        try:
            _, end = _DECODER.raw_decode(text, beginning.start("value"))
        except (ValueError, RecursionError) as error:
            return wrong_encoding or f"the file begins like JSON and is none: {error}"
    return wrong_encoding if end and not text[end:].strip() else ""


def _is_object_and_page(line: bytes, fields: RowFields) -> tuple[bool, bool]:
    """Return whether a line is a JSON object, and whether it holds a page."""
    if not line.startswith(b"{"):
        return False, False
    try:
        page_of_row(line, "", fields)
    except BadPage:
        return _is_json(line), False
    return True, True


def _is_json(text: bytes) -> bool:
    try:
        decode_json(text)
    except BadPage:
        return False
    return True


WARC_BEGIN = re.compile(rb"WARC/\d+\.\d+\r?\n")


def kind_of(file: BinaryIO, name: str, fields: RowFields) -> FileKind:
    """Return the kind of a file; raises OSError."""
    file.seek(0)
    stream = decompressed(file)
    head = stream.read(64 * 1024)
    suffix = Path(without_suffix(name)).suffix.lower()
    if WARC_BEGIN.match(head.lstrip(BLANK)) or suffix in ARCHIVE_SUFFIXES:
        return "warc"
    if suffix in ROW_SUFFIXES:
        return "page" if _is_binary(head) or is_document(stream) else "rows"
    return "rows" if are_rows(first_rows(stream), fields) and not is_document(stream) else "page"


def _is_binary(head: bytes) -> bool:
    """Return whether a file is full of control characters, as in UTF-16 or an unknown compression."""
    return sum(head.count(bytes((code,))) for code in range(ord("\t"))) * 100 > len(head)
