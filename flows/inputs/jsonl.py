"""Read pages from JSON Lines, one page a row, by the usual names of fields or by those of options.

Called by `flows.inputs.containers` and `flows.inputs.file_kind`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

import msgspec

from cleaners import BadPage
from cleaners.dates.timestamps import published_time
from cleaners.document.page import Metadata
from flows.inputs.capture_time import parse_capture_time
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, UnreadablePage
from flows.options import USUAL, RowFields

HTML_FIELDS = ("html", "raw_html", "html_content", "page_html", "response_body")
TEXT_FIELDS = ("text", "content", "body", "maintext", "article_text", "plain_text", "raw_content", "raw_text")
URL_FIELDS = ("url", "page_url", "link", "source_url", "warc_target_uri", "canonical_url", "source", "metadata.url", "meta.url")
# `date` is the capture time, with the time of day, in rows made from Common Crawl; a date alone is the day of publication, as
# trafilatura writes it.
CAPTURE_FIELDS = (
    "captured_at", "crawled_at", "scraped_at", "fetched_at", "retrieved_at", "date_download", "crawl_date", "fetch_time",
    "warc_date", "timestamp", "date", "metadata.date", "meta.date",
)  # fmt: skip
TITLE_FIELDS = ("title", "headline")
AUTHOR_FIELDS = ("author", "authors", "byline")
TAG_FIELDS = ("tags", "keywords")
PUBLISHED_FIELDS = ("published", "published_at", "date_publish", "publish_date", "pubdate", "date_published")
SITE_FIELDS = ("sitename", "site_name", "source-hostname", "publisher")
MAX_NAMES = 50
MAX_VALUE_CHARS = 2_000  # of a field other than text or HTML


def read_rows(
    file: BinaryIO, start: int, end: int | None, name: str, fields: RowFields = USUAL
) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of the rows that begin from byte `start` to `end`, each named by `name` and its offset in bytes.

    `file` is positioned at `start`. Empty lines are skipped; a row without a page is yielded as an UnreadablePage.
    """
    offset = start
    while end is None or offset < end:
        line = file.readline(MAX_PAGE_BYTES + 1)
        if not line:
            return
        page_name = f"{name}#{offset}"
        if len(line) > MAX_PAGE_BYTES:
            too_long = _skip_row(file, line, page_name)
            offset += too_long.size
            yield too_long
            continue
        offset += len(line)
        row = line.strip().removeprefix(b"\xef\xbb\xbf")
        if row:
            try:
                yield page_of_row(row, page_name, fields)
            except BadPage as problem:
                yield UnreadablePage(page_name, problem, len(row), hashlib.sha256(row).hexdigest())


def page_of_row(row: bytes, name: str, fields: RowFields = USUAL) -> RawPage:
    """Return the page in a row; raises BadPage with the reason `row`."""
    values = decode_json(row)
    if not isinstance(values, dict):
        raise BadPage("row", "the row is no JSON object")
    return _page_of(values, row, name, fields)


def read_document(raw: bytes, name: str, fields: RowFields = USUAL) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of one JSON document: an array of rows, or one row over several lines.

    Yields nothing for a file that is no JSON, and an UnreadablePage for an element that is no row.
    """
    try:
        document = decode_json(raw)
    except BadPage:
        return
    for number, row in enumerate(document if isinstance(document, list) else [document]):
        page_name = f"{name}#{number}"
        stored = json.dumps(row).encode() if isinstance(document, list) else raw
        try:
            if not isinstance(row, dict):
                raise BadPage("row", "the row is no JSON object")
            yield _page_of(row, stored, page_name, fields)
        except BadPage as problem:
            yield UnreadablePage(page_name, problem, len(stored), hashlib.sha256(stored).hexdigest())


def _page_of(values: Mapping[str, object], row: bytes, name: str, fields: RowFields) -> RawPage:
    html = _first_text(values, HTML_FIELDS if fields.html is None else (fields.html,))
    text = html or _first_text(values, TEXT_FIELDS if fields.text is None else (fields.text,))
    if text is None:
        field = fields.text or fields.html
        missing = f"no text under {field!r}" if field else "no text or HTML under a usual name"
        names = ", ".join(list(values)[:20])[:200]
        raise BadPage("row", f"the row has {missing}, but: {names}; name the field with --text-field or --html-field")
    url = _first_value(values, URL_FIELDS if fields.url is None else (fields.url,), "://")
    return RawPage(
        name=name,
        raw=row,
        text=text,
        url=url if url.startswith(("http://", "https://")) else "",
        captured_at=_captured_at(values, fields.date),
        media="html" if html else "",
        metadata=_metadata(values),
    )


def decode_json(row: bytes) -> object:
    """Return the value of a line of JSON; raises BadPage with the reason `row`."""
    try:
        return msgspec.json.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:  # Python and pandas write NaN and lone surrogates, which JSON does not allow
            return json.loads(row)
        except (ValueError, RecursionError) as error:
            raise BadPage("row", f"the row is no JSON: {error}"[:300]) from None


def _skip_row(file: BinaryIO, line: bytes, name: str) -> UnreadablePage:
    """Read on to the end of a row that is too long."""
    digest, length = hashlib.sha256(), 0
    while line:
        digest.update(line)
        length += len(line)
        if line.endswith(b"\n"):
            break
        line = file.readline(1024 * 1024)
    problem = BadPage("too-large", f"the row has {length} bytes; a page may have {MAX_PAGE_BYTES}")
    return UnreadablePage(name, problem, length, digest.hexdigest())


def _get(values: Mapping[str, object], name: str) -> object:
    """Return the value of a field; a dot in its name leads into an object."""
    if name in values or "." not in name:
        return values.get(name)
    outer, _, inner = name.partition(".")
    nested = values.get(outer)
    return _get(nested, inner) if isinstance(nested, dict) else None


def _first_text(values: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Return the text of the first field that is not blank, else the first blank one, None without any such field."""
    texts = [value for name in names if isinstance(value := _get(values, name), str)]
    return next((text for text in texts if text and not text.isspace()), texts[0] if texts else None)


def _first_value(values: Mapping[str, object], names: tuple[str, ...], contained: str = "") -> str:
    """Return the first text in these fields that has `contained` in it, as one line."""
    for name in names:
        value = _get(values, name)
        text = _as_line(value) if isinstance(value, str) else ""
        if text and contained in text and len(text) <= MAX_VALUE_CHARS:
            return text
    return ""


def _as_line(value: str) -> str:
    """Return a value as one line, with lone surrogates replaced."""
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _first_list(values: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts in the first of these fields that has any: a list, or a text parted by `;`, as from trafilatura."""
    for name in names:
        value = _get(values, name)
        parts = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else []
        texts = [_as_line(part) for part in parts[:MAX_NAMES] if isinstance(part, str)]
        if any(texts):
            return tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= MAX_VALUE_CHARS))
    return ()


def _captured_at(values: Mapping[str, object], name: str | None) -> datetime | None:
    """Return the capture time in a row, from the field `name` or the usual ones."""
    for field in CAPTURE_FIELDS if name is None else (name,):
        time = parse_capture_time(_get(values, field), accept_date=name is not None)
        if time is not None:
            return time
    return None


def _metadata(values: Mapping[str, object]) -> Metadata:
    """Return the metadata of the story in a row."""
    times = (published_time(_first_value(values, (name,))) for name in PUBLISHED_FIELDS)
    published, precision = next((time for time in times if time[0]), ("", ""))
    day = published_time(_first_value(values, ("date",)))
    language = _first_value(values, ("language", "lang")).lower()
    if not published and day[1] == "day":
        published, precision = day
    return Metadata(
        title=_first_value(values, TITLE_FIELDS),
        published=published,
        precision=precision,
        source=_first_value(values, SITE_FIELDS),
        authors=_first_list(values, AUTHOR_FIELDS),
        tags=_first_list(values, TAG_FIELDS),
        language=language if len(language) == 2 and language.isascii() and language.isalpha() else "",
    )
