"""What a file holds, told by its content: one page, rows of JSON Lines, or a web archive; and the pages in it."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from cleaners import BadPage
from flows.inputs.capture_time import provenance
from flows.inputs.compression import decompressed, is_complete, problem_of, without_suffix
from flows.inputs.discovery import ROW_SUFFIXES, Source
from flows.inputs.file_kind import BLANK, broken_json, kind_of
from flows.inputs.jsonl import read_document, read_rows
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, Unread
from flows.inputs.storage import open_file
from flows.options import RowFields


def read_pages(
    source: Source, fields: RowFields, option: str, not_pages: Counter[str], opened: Callable[[BinaryIO], None] | None = None
) -> Iterator[RawPage | Unread]:
    """Yield the pages of a source as they are stored, and what of it cannot be read with the reason.

    `option` says how to know when a page was captured that does not say so itself. What an archive holds beside pages is
    counted in `not_pages`; `opened` is called with the file, for whoever wants to know how far it is read.
    """
    try:
        captured_at, url = provenance(option, source.file)
        with open_file(source.file) as file:
            if opened:
                opened(file)
            for found in pages_in(file, source, fields, not_pages):
                if isinstance(found, RawPage):
                    own_url = url if found.name == source.name else ""
                    found = replace(found, captured_at=found.captured_at or captured_at, url=found.url or own_url)
                yield found
    except Exception as problem:  # one bad file must not sink its shard, whatever is wrong with it
        yield Unread(source.name, problem, source.size)


def pages_in(file: BinaryIO, source: Source, fields: RowFields, not_pages: Counter[str]) -> Iterator[RawPage | Unread]:
    """Yield the pages in an open file that can seek; raises OSError where the file itself cannot be read."""
    kind = source.kind or kind_of(file, source.name, fields)
    file.seek(0)
    if kind == "warc":
        from flows.inputs.warc import read_warc  # few runs need it

        yield from read_warc(file, source.start, source.end, source.name, not_pages)
        return
    stream = decompressed(file)
    if kind == "rows":
        stream.seek(source.start)
        yield from read_rows(stream, source.start, source.end, source.name, fields)
    else:
        page = _whole_page(file, stream, source)
        yield from _rows_of(page, source.name, fields) if isinstance(page, RawPage) else [page] if page else []
    if problem := problem_of(stream):
        yield Unread(source.name, BadPage("compressed", f"the file cannot be unpacked to its end: {problem}"), source.size)


def _rows_of(page: RawPage, name: str, fields: RowFields) -> list[RawPage | Unread]:
    """Return the rows in a file that is JSON as a whole, or the page that it is."""
    if page.raw.lstrip(BLANK).startswith((b"[", b"{")) and (rows := list(read_document(page.raw, name, fields))):
        return rows
    problem = broken_json(page.raw)
    if not problem and Path(without_suffix(name)).suffix.lower() in ROW_SUFFIXES:
        problem = "the file is no JSON Lines in UTF-8"
    if problem:
        return [Unread(name, BadPage("row", problem), len(page.raw), hashlib.sha256(page.raw).hexdigest())]
    return [page]


def _whole_page(file: BinaryIO, stream: BinaryIO, source: Source) -> RawPage | Unread | None:
    """Return the page that a file is, None where it is cut off."""
    raw = stream.read(MAX_PAGE_BYTES + 1)
    if len(raw) <= MAX_PAGE_BYTES:
        return RawPage(source.name, raw) if is_complete(stream) else None
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    problem = BadPage("too-large", f"{size} bytes, or more when unpacked; a page may have {MAX_PAGE_BYTES}")
    return Unread(source.name, problem, size, hashlib.file_digest(cast(io.BufferedReader, file), "sha256").hexdigest())
