"""Clean one file outside any run: a page, all pages of a container, or one page of it.

Called by the commands `dehusk clean` and `dehusk explain`, and by `flows.pin`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from cleaners import Cleaned, Library, Page, clean_page
from cleaners.document.address import web_address
from flows.display import printable_json, without_controls
from flows.errors import Failed, UsageError
from flows.inputs.capture_time import parse_captured_at
from flows.inputs.discovery import Skipped
from flows.inputs.raw_page import RawPage, UnreadablePage, page_of
from flows.inputs.row_names import RowNames
from flows.inputs.single_file import pages_of_file, pages_of_inputs
from flows.inputs.storage import STDIN, without_password
from flows.options import RunOptions
from flows.output.lines import audit_line, quarantine_line
from flows.packs import load_library, read_packs


def clean_pages(
    pages: Iterable[RawPage | UnreadablePage], options: RunOptions, *, why: bool = False, rows: RowNames | None = None
) -> Iterator[tuple[Page, Cleaned] | Failed]:
    """Yield each page with its result, or the error that prevented one.

    With `why`, results have evidence. The names of the fields of rows are counted in `rows`.
    """
    packs = read_packs(options.packs, installed=options.installed_packs)
    library = load_library(packs, strict=options.strict, site_packs=options.site_packs)
    for raw_page in pages:
        if rows is not None and raw_page.fields is not None:
            rows.add(raw_page.fields)
        try:
            if isinstance(raw_page, UnreadablePage):
                raise raw_page.problem
            cleaned = clean_raw_page(raw_page, library, why=why)
        except Exception as error:  # one bad page must not keep back the others, whatever the error
            yield not_done(raw_page, error, "cleaned")
        else:
            yield cleaned


def clean_raw_page(raw_page: RawPage, library: Library, *, why: bool = False) -> tuple[Page, Cleaned]:
    """Return a stored page as it was read, with its result; raises BadPage when it is no page."""
    page = page_of(raw_page, library.selectors)
    return page, clean_page(page, library, why=why)


def raw_pages(name: str, options: RunOptions, url: str = "") -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of a file as they are stored; `-` is standard input, `pages.jsonl#4096` one page of a container.

    `url` is the address of each, if given. Raises UsageError for one that is no address of the web, and where the name is no
    file.
    """
    return _with_url(pages_of_file(name, options.fields, parse_captured_at(options.captured_at)), url)


def raw_pages_of(
    names: Sequence[str], options: RunOptions, url: str, passed_over: list[Skipped]
) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of files, folders and patterns as `raw_pages` does; files that are no pages go to `passed_over`."""
    return _with_url(pages_of_inputs(names, options.fields, parse_captured_at(options.captured_at), passed_over), url)


def _with_url(pages: Iterable[RawPage | UnreadablePage], url: str) -> Iterator[RawPage | UnreadablePage]:
    if url and not web_address(url):
        raise UsageError(f"--url: {url!r} is no address of the web; write it as https://quaypost.example/crane")
    for page in pages:
        yield replace(page, url=url) if url and isinstance(page, RawPage) else page


def not_done(page: RawPage | UnreadablePage, error: Exception, done: str) -> Failed:
    """Return the error that says of a page why it was not `done`."""
    line = quarantine_line(page, error, "")
    return Failed(f"{line.path or 'the page'} was not {done}: {line.detail} ({line.reason})")


def clean_one_page(name: str, options: RunOptions, url: str = "", *, why: bool = False) -> tuple[Page, Cleaned]:
    """Return the only page of a file, or the named one of a container, with its result."""
    pages = clean_pages(raw_pages(name, options, url), options, why=why)
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


def plain_text(cleaned: Cleaned) -> bytes:
    """Return the records of a page as text for people: the title of each, its text, and an empty line, which no text holds."""
    written = ("\n".join(filter(None, (record.title, record.text))) for record in cleaned.records)
    return "".join(f"{without_controls(text)}\n\n" for text in written).encode("utf-8", "replace")


def json_lines(page: Page, cleaned: Cleaned, *, audit: bool) -> bytes:
    """Return the records of a page, or with `audit` its ledger, as JSON Lines."""
    rows = [audit_line(page, cleaned)] if audit else cleaned.records
    return b"".join(printable_json(msgspec.json.encode(row)) + b"\n" for row in rows)
