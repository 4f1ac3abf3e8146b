"""The page in an item of a crawler: a response, an item that holds one, or a row as of JSON Lines.

Called by `flows.integrations.scrapy`. Nothing is asked of the type of an item: a response is anything with a `body` of bytes
and a `url`, and an item anything with keys or attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from cleaners.document.address import web_address
from flows.inputs.jsonl import CONTENT_FIELDS, page_of_row
from flows.inputs.raw_page import RawPage
from flows.inputs.row_fields import Row, captured_at, metadata_of
from flows.options import USUAL

RESPONSE = "response"  # the key of an item that holds the response it was made of
HTML_MEDIA = ("text/html", "application/xhtml+xml")


def raw_page_of(item: object) -> RawPage:
    """Return the page of an item; raises BadPage for one that holds none."""
    response = response_of(item)
    if response is not None:
        return page_of_response(response)
    values = values_of(item)
    row = Row(values, USUAL)
    raw = next((value for field in CONTENT_FIELDS for _, value in row.values(field) if isinstance(value, bytes)), None)
    if raw is None:
        return page_of_row(as_row(values), "")
    url, captured = web_address(row.first("url", "url", contained="://")), captured_at(row, accept_date=False)
    return RawPage("", raw, url=url, captured_at=captured, metadata=metadata_of(row))


def response_of(item: object) -> object | None:
    """Return the response that an item is or holds, None without one."""
    for found in (item, values_of(item).get(RESPONSE)):
        if isinstance(getattr(found, "body", None), bytes) and isinstance(getattr(found, "url", None), str):
            return found
    return None


def page_of_response(response: object) -> RawPage:
    """Return the page in a response, with the time of its capture."""
    content_type = Message()
    content_type["Content-Type"] = header(response, "Content-Type")
    return RawPage(
        "",
        bytes(getattr(response, "body", b"")),
        url=web_address(str(getattr(response, "url", ""))),
        captured_at=time_of(response),
        media="html" if content_type.get_content_type() in HTML_MEDIA else "",
        charset=content_type.get_content_charset(""),
    )


def time_of(response: object) -> datetime:
    """Return the time of a response: that in its header `Date`, which a cache keeps, if it is none of the future; else now."""
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        said = parsedate_to_datetime(header(response, "Date"))
        return min(said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC), now)
    except (ValueError, OverflowError):
        return now


def header(response: object, name: str) -> str:
    """Return a header of a response as one line of ASCII, "" without it."""
    headers: Any = getattr(response, "headers", {})
    value = headers.get(name)
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return " ".join(text.encode("ascii", "ignore").decode().split())


def values_of(item: object) -> Mapping[str, object]:
    """Return the fields of an item by name."""
    if isinstance(item, Mapping):
        return {str(name): value for name, value in item.items()}
    if is_dataclass(item) and not isinstance(item, type):
        return {field.name: getattr(item, field.name) for field in fields(item)}
    names = getattr(type(item), "__attrs_attrs__", None)
    if names is not None:
        return {field.name: getattr(item, field.name) for field in names}
    return dict(getattr(item, "__dict__", {}))


def as_row(values: Mapping[str, object]) -> bytes:
    """Return the fields of an item as a row of JSON; a value that JSON does not know is written as text."""
    return msgspec.json.encode(values, enc_hook=str)
