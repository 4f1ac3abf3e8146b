"""Read the pages of a file, be it one page, rows of JSON, a feed, a page saved by a browser, or a web archive.

Called by `flows.execution.shard`, `flows.inspect.verify`, `flows.report.page_texts` and `flows.inputs.single_file`.
"""

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
from flows.inputs.mhtml import is_mhtml, read_mhtml
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, UnreadablePage
from flows.inputs.storage import open_file
from flows.inputs.xml_kind import FEED_ROOTS, root_of, why_no_page
from flows.options import RowFields


def read_pages(
    source: Source,
    fields: RowFields,
    captured_at: str,
    not_pages: Counter[str],
    on_open: Callable[[BinaryIO], None] | None = None,
) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of a source as they are stored, and in their place the parts that cannot be read.

    `captured_at`, in the form of `parse_captured_at`, dates pages that are not dated by themselves. Contents of an archive
    other than pages are counted in `not_pages`. `on_open` is called with the open file, whose position shows the progress.
    """
    try:
        capture_time, url = provenance(captured_at, source.file)
        with open_file(source.file) as file:
            if on_open:
                on_open(file)
            for page in pages_in(file, source, fields, not_pages):
                if isinstance(page, RawPage):
                    own_url = url if page.name == source.name else ""
                    if (capture_time and not page.captured_at) or (own_url and not page.url):  # a copy takes microseconds
                        page = replace(page, captured_at=page.captured_at or capture_time, url=page.url or own_url)
                yield page
    except Exception as problem:  # one bad file must not sink its shard, whatever is wrong with it
        yield UnreadablePage(source.name, problem, source.size)


def pages_in(file: BinaryIO, source: Source, fields: RowFields, not_pages: Counter[str]) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages in an open file that can seek; raises OSError when the file itself cannot be read."""
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
        yield from _pages_of(page, source.name, fields) if isinstance(page, RawPage) else [page] if page else []
    if problem := problem_of(stream):
        error = BadPage("compressed", f"the file cannot be unpacked to its end: {problem}")
        yield UnreadablePage(source.name, error, source.size)


def _pages_of(page: RawPage, name: str, fields: RowFields) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages in the content of a file: the rows of JSON, the items of a feed, a saved page, or the file itself."""
    raw = page.raw
    may_be_json = raw.lstrip(BLANK).startswith((b"[", b"{")) or without_suffix(name).lower().endswith(".json")
    rows = read_document(raw, name, fields) if may_be_json else iter(())
    if (first := next(rows, None)) is not None:  # a list of the others would hold all pages of the file at once
        yield first
        yield from rows
        return
    root = root_of(raw)
    if root in FEED_ROOTS:
        from flows.inputs.feed import read_feed  # few runs need it

        yield from read_feed(raw, name)
    elif is_mhtml(raw):
        yield read_mhtml(raw, name)
    elif problem := _why_no_page(raw, name, root):
        yield UnreadablePage(name, problem, len(raw), hashlib.sha256(raw).hexdigest())
    else:
        yield page


def _why_no_page(raw: bytes, name: str, root: str) -> BadPage | None:
    """Return the error of a file that holds no page of any kind, None for any other."""
    if why := why_no_page(root):
        return BadPage("not-a-page", why)
    if why := broken_json(raw):
        return BadPage("row", why)
    if Path(without_suffix(name)).suffix.lower() in ROW_SUFFIXES:
        return BadPage("row", "the file is no JSON Lines in UTF-8")
    return None


def _whole_page(file: BinaryIO, stream: BinaryIO, source: Source) -> RawPage | UnreadablePage | None:
    """Return a file as one page, None when its compressed content is cut off."""
    raw = stream.read(MAX_PAGE_BYTES + 1)
    if len(raw) <= MAX_PAGE_BYTES:
        return RawPage(source.name, raw) if is_complete(stream) else None
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    problem = BadPage("too-large", f"{size} bytes, or more when unpacked; a page may have {MAX_PAGE_BYTES}")
    return UnreadablePage(source.name, problem, size, hashlib.file_digest(cast(io.BufferedReader, file), "sha256").hexdigest())
