"""Clean what one file holds outside any run: a page, or all pages of a container, or the one at a place in it."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import msgspec

from cleaners import BadPage, Cleaned, Page, clean_page
from flows.capture import FILE_TIME, SIDECAR, read_option
from flows.containers import pages_in, read_pages
from flows.errors import Failed, UsageError
from flows.pages import PLACE, RawPage, Unread, page_of
from flows.rows import USUAL, RowFields
from flows.rules import load_library, read_packs
from flows.shard import audit_line
from flows.sources import Source
from flows.stdin import STDIN
from flows.storage import is_url

SPOOL_BYTES = 64 * 1024 * 1024  # of standard input, kept in memory; more goes to the disk


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options of a command ask for."""

    url: str = ""
    strict: bool = False
    site_packs: bool = True
    packs: str = ""
    captured_at: str = ""
    fields: RowFields = USUAL


def clean_pages(name: str, asked: Asked) -> Iterator[tuple[Page, Cleaned] | Failed]:
    """Yield each page of a file and what becomes of it, or why it could not be cleaned; `-` is standard input.

    A name such as `pages.jsonl#4096` is one page of a container, as its records name it.
    """
    library = load_library(read_packs(asked.packs), strict=asked.strict, site_packs=asked.site_packs)
    option = read_option(asked.captured_at)
    for found in _found(name, asked.fields, option):
        try:
            if isinstance(found, Unread):
                raise found.problem
            page = page_of(replace(found, url=asked.url or found.url), library.selectors)
            yield page, clean_page(page, library)
        except BadPage as error:
            yield Failed(f"{found.name or name} was not cleaned: {error.detail} ({error.reason})")


def clean_one_page(name: str, asked: Asked) -> tuple[Page, Cleaned]:
    """Return the only page of a file, or the one at the place that is named, and what becomes of it."""
    pages = clean_pages(name, asked)
    found, more = next(pages, None), next(pages, None)
    if found is None:
        raise UsageError(f"{name} holds no page")
    if isinstance(found, Failed):
        raise found
    if more is not None:
        raise UsageError(f"{name} holds several pages; name one of them, as in: {name}#{found[0].path.rpartition('#')[2]}")
    return found


def _found(name: str, fields: RowFields, option: str) -> Iterator[RawPage | Unread]:
    if name == STDIN:
        return _in_stdin(fields, option)
    file, place = name, ""
    if not is_url(name) and not Path(name).exists() and (found := PLACE.search(name)):
        file, place = name[: found.start()], found[1]
    if not is_url(file) and not Path(file).is_file():
        raise UsageError(f"{file} is no file; name a page, or - for standard input")
    if is_url(file) and option in (FILE_TIME, SIDECAR):
        raise UsageError(f"--captured-at {option} needs a file on this machine; give a time instead")
    size = 0 if is_url(file) else Path(file).stat().st_size
    source = Source(file, Path(file).name, size, start=int(place.partition("-")[0]) if place else 0)
    pages = read_pages(source, fields, option, Counter())
    return _at(pages, f"{source.name}#{place}", name) if place else pages


def _at(found: Iterator[RawPage | Unread], wanted: str, asked: str) -> Iterator[RawPage | Unread]:
    """Yield the page of that name alone."""
    page = next((page for page in found if page.name == wanted), None)
    if page is None:
        raise UsageError(f"{asked}: there is no page at that place")
    yield page


def _in_stdin(fields: RowFields, option: str) -> Iterator[RawPage | Unread]:
    if option in (FILE_TIME, SIDECAR):
        raise UsageError(f"--captured-at {option} needs a file; standard input has none")
    moment = datetime.fromisoformat(option) if option else None
    with SpooledTemporaryFile(SPOOL_BYTES) as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled, 1024 * 1024)
        size = spooled.tell()
        spooled.seek(0)
        for found in pages_in(cast(BinaryIO, spooled), Source("", "", size), fields, Counter()):
            yield replace(found, captured_at=found.captured_at or moment) if isinstance(found, RawPage) else found


def as_lines(page: Page, cleaned: Cleaned, *, audit: bool) -> bytes:
    """Return the records of a page, or with `audit` its ledger, as JSON Lines."""
    rows = [audit_line(page, cleaned)] if audit else cleaned.records
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
