"""Clean one page outside any run: a file or standard input."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import msgspec

from cleaners import BadPage, Cleaned, Page, clean_page
from flows.capture import FILE_TIME, SIDECAR, provenance, read_option
from flows.errors import Failed, UsageError
from flows.pages import page_of
from flows.rules import load_library, read_packs
from flows.shard import audit_line


def clean_one_page(
    file: str, url: str, *, strict: bool, site_packs: bool, packs: str, captured_at: str
) -> tuple[Page, Cleaned]:
    """Return a page and what becomes of it; `-` is standard input."""
    library = load_library(read_packs(packs), strict=strict, site_packs=site_packs)
    option = read_option(captured_at)
    moment: datetime | None = None
    said_url = ""
    if file == "-":
        if option in (FILE_TIME, SIDECAR):
            raise UsageError(f"--captured-at {option} needs a file; standard input has none")
        raw, name = sys.stdin.buffer.read(), ""
        moment = datetime.fromisoformat(option) if option else None
    else:
        if not Path(file).is_file():
            raise UsageError(f"{file} is no file; name a page, or - for standard input")
        raw, name = Path(file).read_bytes(), Path(file).name
        try:
            moment, said_url = provenance(option, Path(file))
        except ValueError as error:
            raise Failed(f"{file} was not cleaned: its sidecar cannot be read: {error}") from None
    try:
        page = page_of(raw, name, url or said_url, moment)
        return page, clean_page(page, library)
    except BadPage as error:
        raise Failed(f"{file} was not cleaned: {error.detail} ({error.reason})") from None


def as_lines(page: Page, cleaned: Cleaned, *, audit: bool) -> bytes:
    """Return the records of a page, or with `audit` its ledger, as JSON Lines."""
    rows = [audit_line(page, cleaned)] if audit else cleaned.records
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
