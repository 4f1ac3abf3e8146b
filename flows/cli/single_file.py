"""Clean one file outside any run: a page, all pages of a container, or one page of it.

Called by the commands `dehusk clean` and `dehusk explain`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from cleaners import Cleaned, Page, clean_page
from flows.errors import Failed, UsageError
from flows.inputs.capture_time import FILE_TIME, SIDECAR, parse_captured_at
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source, source_name
from flows.inputs.raw_page import PLACE, RawPage, UnreadablePage, page_of
from flows.inputs.storage import STDIN, exists_locally, expand, is_url, local_path, without_password
from flows.options import RowFields, RunOptions
from flows.output.lines import audit_line, quarantine_line
from flows.packs import load_library, read_packs


def clean_pages(name: str, options: RunOptions, url: str = "") -> Iterator[tuple[Page, Cleaned] | Failed]:
    """Yield each page of a file with its result, or the error that prevented one; `-` is standard input.

    A name such as `pages.jsonl#4096` is one page of a container, as its records name it.
    """
    library = load_library(read_packs(options.packs), strict=options.strict, site_packs=options.site_packs)
    captured_at = parse_captured_at(options.captured_at)
    for raw_page in _pages_of(name, options.fields, captured_at):
        try:
            if isinstance(raw_page, UnreadablePage):
                raise raw_page.problem
            page = page_of(replace(raw_page, url=url or raw_page.url), library.selectors)
            cleaned = page, clean_page(page, library)
        except Exception as error:  # one bad page must not keep back the others, whatever the error
            line = quarantine_line(raw_page, error, library.digest)
            yield Failed(f"{line.path or 'the page'} was not cleaned: {line.detail} ({line.reason})")
        else:
            yield cleaned


def clean_one_page(name: str, options: RunOptions, url: str = "") -> tuple[Page, Cleaned]:
    """Return the only page of a file, or the named one of a container, with its result."""
    pages = clean_pages(name, options, url)
    first, second = next(pages, None), next(pages, None)
    if first is None:
        raise UsageError(f"{without_password(name)} holds no page")
    if isinstance(first, Failed):
        raise first
    if isinstance(second, tuple):
        position = first[0].path.rpartition("#")[2]
        raise UsageError(
            "standard input holds several pages; give one of them"
            if name == STDIN
            else f"{without_password(name)} holds several pages; name one of them, as in: {without_password(name)}#{position}"
        )
    return first


def _pages_of(name: str, fields: RowFields, option: str) -> Iterator[RawPage | UnreadablePage]:
    file, position = local_path(name), ""
    if not exists_locally(file) and (match := PLACE.search(file)):
        file, position = file[: match.start()], match[1]
    source = _source(file, option)
    if not position:
        return read_pages(source, fields, option, Counter())
    from_there = replace(source, start=int(position.partition("-")[0]))
    return _page_named(f"{source.name}#{position}", read_pages(from_there, fields, option, Counter()), name)


def _source(file: str, option: str) -> Source:
    if (file == STDIN or is_url(file)) and option in (FILE_TIME, SIDECAR):
        raise UsageError(f"--captured-at {option} needs a file on this machine; give a time instead")
    if file == STDIN:
        return Source(file, "", 0)
    if not is_url(file):
        if not exists_locally(file) or not Path(file).is_file():
            raise UsageError(f"{file} is no file; name a page, or - for standard input")
        return Source(file, source_name(Path(file).name), Path(file).stat().st_size)
    files = expand(file, whole_names=False)
    if len(files) > 1:
        raise UsageError(f"{without_password(file)} stands for several files; name one of them")
    url, name, size = files[0]
    return Source(url, source_name(name), size)


def _page_named(
    page_name: str, pages: Iterator[RawPage | UnreadablePage], given_name: str
) -> Iterator[RawPage | UnreadablePage]:
    """Yield only the page of that name; raises UsageError, which names the file as it was given, without one."""
    page = next((page for page in pages if page.name == page_name), None)
    if page is None:
        raise UsageError(f"{without_password(given_name)}: there is no page at that place")
    yield page


def json_lines(page: Page, cleaned: Cleaned, *, audit: bool) -> bytes:
    """Return the records of a page, or with `audit` its ledger, as JSON Lines."""
    rows = [audit_line(page, cleaned)] if audit else cleaned.records
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
