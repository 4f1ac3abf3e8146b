"""Clean what one file holds outside any run: a page, or all pages of a container, or the one at a place in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from cleaners import Cleaned, Page, clean_page
from flows.errors import Failed, UsageError
from flows.inputs.capture_time import FILE_TIME, SIDECAR, read_option
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source, source_name
from flows.inputs.raw_page import PLACE, RawPage, Unread, page_of
from flows.inputs.storage import STDIN, expand, is_here, is_url, local_path, without_password
from flows.options import RowFields, RunOptions
from flows.output.lines import audit_line, quarantine_line
from flows.packs import load_library, read_packs


def clean_pages(name: str, options: RunOptions, url: str = "") -> Iterator[tuple[Page, Cleaned] | Failed]:
    """Yield each page of a file and what becomes of it, or why it could not be cleaned; `-` is standard input.

    A name such as `pages.jsonl#4096` is one page of a container, as its records name it.
    """
    library = load_library(read_packs(options.packs), strict=options.strict, site_packs=options.site_packs)
    captured_at = read_option(options.captured_at)
    for found in _found(name, options.fields, captured_at):
        try:
            if isinstance(found, Unread):
                raise found.problem
            page = page_of(replace(found, url=url or found.url), library.selectors)
            cleaned = page, clean_page(page, library)
        except Exception as error:  # one bad page must not keep back the others, whatever it did
            line = quarantine_line(found, error, library.digest)
            yield Failed(f"{line.path or 'the page'} was not cleaned: {line.detail} ({line.reason})")
        else:
            yield cleaned


def clean_one_page(name: str, options: RunOptions, url: str = "") -> tuple[Page, Cleaned]:
    """Return the only page of a file, or the one at the place that is named, and what becomes of it."""
    pages = clean_pages(name, options, url)
    found, more = next(pages, None), next(pages, None)
    if found is None:
        raise UsageError(f"{without_password(name)} holds no page")
    if isinstance(found, Failed):
        raise found
    if isinstance(more, tuple):
        place = found[0].path.rpartition("#")[2]
        raise UsageError(
            "standard input holds several pages; give one of them"
            if name == STDIN
            else f"{without_password(name)} holds several pages; name one of them, as in: {without_password(name)}#{place}"
        )
    return found


def _found(name: str, fields: RowFields, option: str) -> Iterator[RawPage | Unread]:
    file, place = local_path(name), ""
    if not is_here(file) and (found := PLACE.search(file)):
        file, place = file[: found.start()], found[1]
    source = _source(file, option)
    if not place:
        return read_pages(source, fields, option, Counter())
    from_there = replace(source, start=int(place.partition("-")[0]))
    return _at(read_pages(from_there, fields, option, Counter()), f"{source.name}#{place}", name)


def _source(file: str, option: str) -> Source:
    if (file == STDIN or is_url(file)) and option in (FILE_TIME, SIDECAR):
        raise UsageError(f"--captured-at {option} needs a file on this machine; give a time instead")
    if file == STDIN:
        return Source(file, "", 0)
    if not is_url(file):
        if not is_here(file) or not Path(file).is_file():
            raise UsageError(f"{file} is no file; name a page, or - for standard input")
        return Source(file, source_name(Path(file).name), Path(file).stat().st_size)
    found = expand(file, whole_names=False)
    if len(found) > 1:
        raise UsageError(f"{without_password(file)} stands for several files; name one of them")
    url, name, size = found[0]
    return Source(url, source_name(name), size)


def _at(found: Iterator[RawPage | Unread], wanted: str, asked: str) -> Iterator[RawPage | Unread]:
    """Yield the page of that name alone."""
    page = next((page for page in found if page.name == wanted), None)
    if page is None:
        raise UsageError(f"{without_password(asked)}: there is no page at that place")
    yield page


def json_lines(page: Page, cleaned: Cleaned, *, audit: bool) -> bytes:
    """Return the records of a page, or with `audit` its ledger, as JSON Lines."""
    rows = [audit_line(page, cleaned)] if audit else cleaned.records
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
