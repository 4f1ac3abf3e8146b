"""What a file holds, told by its content: one page, rows of JSON Lines, or a web archive; and the pages in it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from cleaners import BadPage
from flows.capture import provenance
from flows.compression import BROKEN, decompressed, without_suffix
from flows.pages import MAX_PAGE_BYTES, RawPage, Unread
from flows.rows import RowFields, are_rows, read_document, read_rows
from flows.sources import ROW_SUFFIXES, Source
from flows.storage import open_file

FIRST_ROWS = 2
HEAD_BYTES = 4 * 1024 * 1024  # read at a time until the first rows are whole
WARC_BEGIN = re.compile(rb"WARC/\d\.\d\r?\n")
_BLANK = b"\xef\xbb\xbf \t\r\n"


def kind_of(file: BinaryIO, name: str, fields: RowFields) -> str:
    """Return what a file holds, `page`, `rows` or `warc`; raises OSError or what BROKEN names."""
    file.seek(0)
    stream = decompressed(file)
    head = stream.read(64 * 1024)
    if WARC_BEGIN.match(head.lstrip(_BLANK)):
        return "warc"
    if Path(without_suffix(name)).suffix.lower() in ROW_SUFFIXES:
        return "rows"
    if head.lstrip(_BLANK).startswith(b"{"):
        while head.count(b"\n") < FIRST_ROWS and len(head) <= MAX_PAGE_BYTES and (more := stream.read(HEAD_BYTES)):
            head += more
        lines = head.lstrip(_BLANK).split(b"\n", FIRST_ROWS)[:FIRST_ROWS]
        return "rows" if are_rows([line for line in lines if line.strip()], fields) else "page"
    return "page"


def read_pages(source: Source, fields: RowFields, option: str, not_pages: Counter[str]) -> Iterator[RawPage | Unread]:
    """Yield the pages of a source as they are stored, and what of it cannot be read with the reason.

    `option` says how to know when a page was captured that does not say so itself. What an archive holds beside pages is
    counted in `not_pages`.
    """
    try:
        captured_at, url = provenance(option, source.file)
        with open_file(source.file) as file:
            for found in pages_in(file, source, fields, not_pages):
                if isinstance(found, RawPage):
                    own_url = url if found.name == source.name else ""
                    found = replace(found, captured_at=found.captured_at or captured_at, url=found.url or own_url)
                yield found
    except Exception as problem:  # one bad file must not sink its shard, whatever is wrong with it
        yield Unread(source.name, problem, source.size)


def pages_in(file: BinaryIO, source: Source, fields: RowFields, not_pages: Counter[str]) -> Iterator[RawPage | Unread]:
    """Yield the pages in an open file that can seek; raises OSError where the file itself cannot be read."""
    try:
        kind = source.kind or kind_of(file, source.name, fields)
        file.seek(0)
        stream = decompressed(file)
        if kind == "page":
            page = _whole_page(file, stream, source)
            rows: list[RawPage | Unread] = []
            if isinstance(page, RawPage) and page.raw.lstrip(_BLANK).startswith((b"[", b"{")):
                rows = list(read_document(page.raw, source.name, fields))
            yield from rows or [page]
        elif kind == "rows":
            stream.seek(source.start)
            yield from read_rows(stream, source.start, source.end, source.name, fields)
        else:
            from flows.warc import read_warc  # few runs need it

            yield from read_warc(file, source.start, source.end, source.name, not_pages)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        yield Unread(source.name, BadPage("compressed", f"the file is cut off or broken: {error}"), source.size)


def _whole_page(file: BinaryIO, stream: BinaryIO, source: Source) -> RawPage | Unread:
    """Return the page that a file is."""
    if stream is not file or source.size <= MAX_PAGE_BYTES:
        raw = stream.read(MAX_PAGE_BYTES + 1)
        if len(raw) <= MAX_PAGE_BYTES:
            return RawPage(source.name, raw)
    file.seek(0)
    problem = BadPage("too-large", f"{source.size} bytes, or more when unpacked; a page may have {MAX_PAGE_BYTES}")
    return Unread(source.name, problem, source.size, hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest())
