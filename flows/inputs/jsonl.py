"""Read pages from JSON Lines: a page a row, whose fields are found by their usual names or by those an option gives."""

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
from flows.inputs.capture_time import captured
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, Unread
from flows.options import USUAL, RowFields

HTML_FIELDS = ("html", "raw_html", "html_content", "page_html", "response_body")
TEXT_FIELDS = ("text", "content", "body", "maintext", "article_text", "plain_text", "raw_content", "raw_text")
URL_FIELDS = ("url", "page_url", "link", "source_url", "warc_target_uri", "canonical_url", "source", "metadata.url", "meta.url")
# Fields that say when a page was captured. `date` does so in rows made of Common Crawl, with the time of day; a date alone is
# when the story was published, as trafilatura writes it.
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
MAX_VALUE_CHARS = 2_000  # of one that is no page


def read_rows(file: BinaryIO, start: int, end: int | None, name: str, fields: RowFields = USUAL) -> Iterator[RawPage | Unread]:
    """Yield the pages of the rows that begin from `start` to `end`, each named by `name` and its place in bytes.

    `file` stands at `start`. Empty lines are passed over; a row that holds no page is yielded as what cannot be read.
    """
    at = start
    while end is None or at < end:
        line = file.readline(MAX_PAGE_BYTES + 1)
        if not line:
            return
        place = f"{name}#{at}"
        if len(line) > MAX_PAGE_BYTES:
            unread, length = _skip_row(file, line, place)
            at += length
            yield unread
            continue
        at += len(line)
        row = line.strip().removeprefix(b"\xef\xbb\xbf")
        if row:
            try:
                yield page_of_row(row, place, fields)
            except BadPage as problem:
                yield Unread(place, problem, len(row), hashlib.sha256(row).hexdigest())


def page_of_row(row: bytes, name: str, fields: RowFields = USUAL) -> RawPage:
    """Return the page that a row holds; raises BadPage with the reason `row`."""
    said = decode_json(row)
    if not isinstance(said, dict):
        raise BadPage("row", "the row is no JSON object")
    return _page_of(said, row, name, fields)


def read_document(raw: bytes, name: str, fields: RowFields = USUAL) -> Iterator[RawPage | Unread]:
    """Yield the pages of a file that is JSON as a whole: an array of rows, or one row over several lines.

    Yields nothing for a file that is none, and what is no row as what cannot be read.
    """
    try:
        said = decode_json(raw)
    except BadPage:
        return
    for number, row in enumerate(said if isinstance(said, list) else [said]):
        place = f"{name}#{number}"
        stored = json.dumps(row).encode() if isinstance(said, list) else raw
        try:
            if not isinstance(row, dict):
                raise BadPage("row", "the row is no JSON object")
            yield _page_of(row, stored, place, fields)
        except BadPage as problem:
            yield Unread(place, problem, len(stored), hashlib.sha256(stored).hexdigest())


def _page_of(said: Mapping[str, object], row: bytes, name: str, fields: RowFields) -> RawPage:
    html = _first_text(said, HTML_FIELDS if fields.html is None else (fields.html,))
    text = html or _first_text(said, TEXT_FIELDS if fields.text is None else (fields.text,))
    if text is None:
        asked = fields.text or fields.html
        what = f"no text under {asked!r}" if asked else "no text or HTML under a usual name"
        names = ", ".join(list(said)[:20])[:200]
        raise BadPage("row", f"the row has {what}, but: {names}; name the field with --text-field or --html-field")
    url = _first_value(said, URL_FIELDS if fields.url is None else (fields.url,), "://")
    return RawPage(
        name=name,
        raw=row,
        text=text,
        url=url if url.startswith(("http://", "https://")) else "",
        captured_at=_captured_at(said, fields.date),
        media="html" if html else "",
        metadata=_metadata(said),
    )


def decode_json(row: bytes) -> object:
    """Return what a line of JSON says; raises BadPage with the reason `row`."""
    try:
        return msgspec.json.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:  # Python and pandas write NaN, and halves of characters, which JSON does not know
            return json.loads(row)
        except (ValueError, RecursionError) as error:
            raise BadPage("row", f"the row is no JSON: {error}"[:300]) from None


def _skip_row(file: BinaryIO, line: bytes, place: str) -> tuple[Unread, int]:
    """Read on to the end of a row that is too long."""
    digest, length = hashlib.sha256(), 0
    while line:
        digest.update(line)
        length += len(line)
        if line.endswith(b"\n"):
            break
        line = file.readline(1024 * 1024)
    problem = BadPage("too-large", f"the row has {length} bytes; a page may have {MAX_PAGE_BYTES}")
    return Unread(place, problem, length, digest.hexdigest()), length


def _get(said: Mapping[str, object], name: str) -> object:
    """Return the value of a field; a point in its name leads into an object."""
    if name in said or "." not in name:
        return said.get(name)
    outer, _, inner = name.partition(".")
    within = said.get(outer)
    return _get(within, inner) if isinstance(within, dict) else None


def _first_text(said: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Return the text of the first field that has some, else an empty one, None where there is no such field."""
    texts = [value for name in names if isinstance(value := _get(said, name), str)]
    return next((text for text in texts if text and not text.isspace()), texts[0] if texts else None)


def _first_value(said: Mapping[str, object], names: tuple[str, ...], holds: str = "") -> str:
    """Return the first value of those fields that is a text, as one line."""
    for name in names:
        value = _get(said, name)
        text = _as_line(value) if isinstance(value, str) else ""
        if text and holds in text and len(text) <= MAX_VALUE_CHARS:
            return text
    return ""


def _as_line(value: str) -> str:
    """Return a value as one line, halves of characters replaced."""
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _names(said: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts in the first of those fields that has some: a list, or one parted by `;`, as trafilatura writes it."""
    for name in names:
        value = _get(said, name)
        parts = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else []
        texts = [_as_line(part) for part in parts[:MAX_NAMES] if isinstance(part, str)]
        if any(texts):
            return tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= MAX_VALUE_CHARS))
    return ()


def _captured_at(said: Mapping[str, object], name: str | None) -> datetime | None:
    """Return when a row says that its page was captured."""
    for field in CAPTURE_FIELDS if name is None else (name,):
        moment = captured(_get(said, field), day=name is not None)
        if moment is not None:
            return moment
    return None


def _metadata(said: Mapping[str, object]) -> Metadata:
    """Return what a row says of its story."""
    times = (published_time(_first_value(said, (name,))) for name in PUBLISHED_FIELDS)
    moment, precision = next((time for time in times if time[0]), ("", ""))
    day = published_time(_first_value(said, ("date",)))
    language = _first_value(said, ("language", "lang")).lower()
    if not moment and day[1] == "day":
        moment, precision = day
    return Metadata(
        title=_first_value(said, TITLE_FIELDS),
        published=moment,
        precision=precision,
        source=_first_value(said, SITE_FIELDS),
        authors=_names(said, AUTHOR_FIELDS),
        tags=_names(said, TAG_FIELDS),
        language=language if len(language) == 2 and language.isascii() and language.isalpha() else "",
    )
