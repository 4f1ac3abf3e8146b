"""Read pages from JSON Lines, one page a row, by the usual names of fields or by those of options.

Called by `flows.inputs.containers`, `flows.inputs.file_kind` and `flows.inputs.given_fields`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Literal

import msgspec

from cleaners import BadPage
from cleaners.document.address import web_address
from flows.inputs.own_record import flags_of_record, metadata_of_record, names_of_record, rules_of_record
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, UnreadablePage
from flows.inputs.row_fields import Row, captured_at, content_of, metadata_of
from flows.options import USUAL, RowFields

CONTENT_FIELDS: tuple[Literal["text"], Literal["html"]] = ("text", "html")
_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,]*")
HINT = "name the field with --text-field or --html-field"
KINDS: dict[type, tuple[str, str]] = {
    bool: ("true or false", "truth values"),
    int: ("a number", "numbers"),
    float: ("a number", "numbers"),
    dict: ("an object", "objects"),
    list: ("a list", "lists"),
    str: ("a text", "texts"),
}


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
            yield from _read_row(row, page_name, fields)
        else:
            offset += _skip_blank_lines(file)


def _skip_blank_lines(file: BinaryIO) -> int:
    """Skip the blank lines in the buffers of a file, and return their length; does nothing for a file without buffers.

    A gigabyte of line feeds, as a small compressed file can hold, takes seconds instead of minutes.
    """
    peek: Callable[[], bytes] | None = getattr(file, "peek", None)
    skipped = 0
    while peek and (ahead := peek()):
        blank = ahead[: len(ahead) - len(ahead.lstrip(b" \t\r\n"))]
        length = blank.rfind(b"\n") + 1
        skipped += len(file.read(length))
        if length < len(ahead):
            break
    return skipped


def page_of_row(row: bytes, name: str, fields: RowFields = USUAL) -> RawPage:
    """Return the page in a row; raises BadPage with the reason `row`."""
    page = _page_of(_decode_row(row), row, name, fields)
    if isinstance(page, UnreadablePage):
        raise page.problem
    return page


def _read_row(row: bytes, name: str, fields: RowFields) -> Iterator[RawPage | UnreadablePage]:
    """Yield the page in a row, or those in an answer of a service, each with its number in its name."""
    try:
        values = _decode_row(row)
    except BadPage as problem:
        yield UnreadablePage(name, problem, len(row), hashlib.sha256(row).hexdigest())
        return
    page = _page_of(values, row, name, fields)
    rows = _rows_of_answer(values, fields) if isinstance(page, UnreadablePage) else [values]
    if rows == [values]:
        yield page
        return
    for number, inner in enumerate(rows):
        yield _page_of(inner, json.dumps(inner).encode(), f"{name}-{number}", fields)


def _decode_row(row: bytes) -> object:
    """Return the value of a row, which may end with the comma of an array; raises BadPage."""
    return decode_json(row.rstrip(b", \t") if row.endswith(b",") else row)


def read_document(raw: bytes, name: str, fields: RowFields = USUAL) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of JSON documents, one after the other: arrays of rows, rows over several lines, answers of services.

    Yields nothing for a file that is no JSON, and an UnreadablePage for an element that is no row.
    """
    found = documents(raw)
    rows = [row for document in found for row in _rows_in(document, fields)]
    if found and not rows:
        problem = BadPage("empty", "the file is JSON without any row")
        yield UnreadablePage(name, problem, len(raw), hashlib.sha256(raw).hexdigest())
    for number, row in enumerate(rows):
        page_name = f"{name}#{number}"
        stored = raw if found == [row] else json.dumps(row).encode()
        yield _page_of(row, stored, page_name, fields)


def _rows_in(document: object, fields: RowFields) -> list[object]:
    """Return the rows of a JSON document: those of an array, those in an answer of a service, or the document itself."""
    if not isinstance(document, list):
        return _rows_of_answer(document, fields)
    flat = [item for inner in document for item in (inner if isinstance(inner, list) else [inner])]
    return [row for item in flat for row in _rows_of_answer(item, fields)]


def _rows_of_answer(answer: object, fields: RowFields) -> list[object]:
    """Return the rows in a list inside an answer, such as `{"status": "ok", "articles": [...]}`, or under keys of their own.

    Any other answer is a row. Most of the rows in one have a title or an address, which the parts of one story have not. Typed
    objects of schema.org that hold no page, as for the site of one, are left out.
    """
    if not isinstance(answer, dict) or _is_page(answer, fields):
        return [answer]
    objects = [answer, *(value for value in answer.values() if isinstance(value, dict))]
    lists = [value for inner in objects for value in inner.values() if isinstance(value, list)]
    under_keys = [[value for value in inner.values() if isinstance(value, dict)] for inner in objects]
    found = max([*lists, *under_keys], key=lambda rows: sum(_is_page(row, fields) for row in rows))
    pages = [Row(row, fields) for row in found if _is_page(row, fields)]
    stories = sum(bool(page.first("title", "title") or page.first("url", "url", contained="://")) for page in pages)
    if not pages or stories * 2 < len(pages):
        return [answer]
    return [row for row in found if _is_page(row, fields) or not (isinstance(row, dict) and "@type" in row)]


def _is_page(row: object, fields: RowFields) -> bool:
    return isinstance(row, dict) and content_of(Row(row, fields)) is not None


def documents(raw: bytes) -> list[object]:
    """Return the JSON documents in a file, none when anything in it is no JSON."""
    try:
        return [decode_json(raw)]
    except BadPage:
        pass
    found: list[object] = []
    try:
        text, end = raw.decode("utf-8-sig").strip(), 0
        while end < len(text):
            document, end = _DECODER.raw_decode(text, _BETWEEN.match(text, end).end())  # type: ignore[union-attr]
            found.append(document)
    except (ValueError, RecursionError):  # a UnicodeDecodeError is a ValueError
        return []
    return found


def _page_of(values: object, stored: bytes, name: str, fields: RowFields) -> RawPage | UnreadablePage:
    """Return the page of a row, whose bytes are `stored`."""
    if not isinstance(values, dict):
        problem = BadPage("row", "the row is no JSON object")
        return UnreadablePage(name, problem, len(stored), hashlib.sha256(stored).hexdigest())
    row = Row(values, fields)
    content = content_of(row)
    if content is None:
        problem = BadPage("row", _no_content(row, values, fields))
        return UnreadablePage(name, problem, len(stored), hashlib.sha256(stored).hexdigest(), row.names())
    url = row.first("url", "url", contained="://")
    made_by = rules_of_record(values) if row.used.get("text") == "text" else ""
    metadata = metadata_of(row)
    if made_by:
        content, metadata = (str(values["text"]), False), metadata_of_record(values, metadata)
    return RawPage(
        name=name,
        raw=stored,
        text=content[0],
        url=web_address(url),
        captured_at=captured_at(row, accept_date=fields.date is not None),
        media="html" if content[1] else "",
        metadata=metadata,
        flags=flags_of_record(values) if made_by else (),
        fields=names_of_record(row.names()) if made_by else row.names(),
        made_by=made_by,
    )


def _no_content(row: Row, values: Mapping[str, object], fields: RowFields) -> str:
    """Return the reason for which a row holds no page."""
    if not values:
        return "the row is empty"
    names = _listed(values)
    faults = [f"{name!r} {_fault(value)}" for field in CONTENT_FIELDS for name, value in row.all_values(field)]
    if faults:
        return f"the row's field {' and '.join(faults[:3])}; its fields: {names}; {HINT}"
    given = fields.text or fields.html
    missing = f"no text under {given!r}" if given else "no text or HTML under a usual name"
    return f"the row has {missing}, but: {names}; {HINT}"


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} (null)" if value is None else name for name, value in list(values.items())[:20])[:200]


def _fault(value: object) -> str:
    """Return the reason for which a value is no text."""
    if value is None:
        return "is null"
    if isinstance(value, list):
        kinds = sorted({KINDS[type(item)][1] for item in value if item is not None})
        return f"holds a list of {' and '.join(kinds)}, not a text" if kinds else "holds an empty list"
    if isinstance(value, dict):
        return f"holds an object with the fields {_listed(value)}, not a text" if value else "holds an empty object"
    return f"holds {KINDS[type(value)][0]}, not a text"


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
