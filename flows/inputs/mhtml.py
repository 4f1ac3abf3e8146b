"""Read the page in an MHTML file, as browsers save one: HTML with its images and styles in one e-mail.

Called by `flows.inputs.containers`.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from cleaners import BadPage
from cleaners.document.address import web_address
from flows.inputs.capture_time import parse_capture_time
from flows.inputs.raw_page import RawPage, UnreadablePage

if TYPE_CHECKING:
    from email.message import Message

HEAD_BYTES = 8_192
MAX_PARTS = 10_000
# Parts with parts of their own, and the bytes of the type of a part: to read them takes time in the square of their number.
MAX_NESTED = 20
MAX_TYPE_BYTES = 4_096
# Header fields from the first line on, among them the type of the whole.
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]*[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*\r?\n")
_TYPE = re.compile(rb"content-type:\s*(?:multipart/related|text/html)\b", re.IGNORECASE)
_PART_TYPE = re.compile(
    rb"^content-type:[ \t]*(?P<nested>multipart/)?[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE
)
_VERSION = re.compile(rb"mime-version:", re.IGNORECASE)


def is_mhtml(raw: bytes) -> bool:
    r"""Return whether a file begins with the header of an e-mail whose content is a page of HTML.

    >>> is_mhtml(b"MIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=b\n\n"), is_mhtml(b"Note: a text")
    (True, False)
    """
    head = raw[:HEAD_BYTES].lstrip()
    has_type = has_version = False
    at = 0
    while field := _FIELD.match(head, at):
        has_type = has_type or _TYPE.match(field[0]) is not None
        has_version = has_version or _VERSION.match(field[0]) is not None
        at = field.end()
    return has_type and has_version


def read_mhtml(raw: bytes, name: str) -> RawPage | UnreadablePage:
    """Return the page of an MHTML file, with the address and the time at which it was saved."""
    from email import message_from_bytes  # few runs need it

    if _is_hostile(raw):
        return _unreadable(
            raw, name, f"the MHTML file nests over {MAX_NESTED} parts, or one has a type of {MAX_TYPE_BYTES} bytes"
        )
    try:
        message = message_from_bytes(raw.lstrip())
        part = _page_part(message)
        content = part.get_payload(decode=True) if part is not None else None
    except (ValueError, LookupError, RecursionError) as error:
        return _unreadable(raw, name, f"the MHTML file cannot be read: {error}"[:300])
    if part is None or not isinstance(content, bytes) or not content.strip():
        return _unreadable(raw, name, "the MHTML file holds no page of HTML")
    locations = (_header(found, key) for found in (message, part) for key in ("Snapshot-Content-Location", "Content-Location"))
    return RawPage(
        name=name,
        raw=content,
        url=next(filter(None, map(web_address, locations)), ""),
        captured_at=parse_capture_time(_header(message, "Date"), accept_date=False),
        media="html",
        charset=part.get_content_charset() or "",
    )


def _is_hostile(raw: bytes) -> bool:
    """Return whether a message would take too long to read."""
    types = [(len(found[0]), found["nested"] is not None) for found in _PART_TYPE.finditer(raw)]
    return any(length > MAX_TYPE_BYTES for length, _ in types) or sum(nested for _, nested in types) > MAX_NESTED


def _page_part(message: Message) -> Message | None:
    """Return the part of a message that is its page: the one it names as its start, else the first of HTML."""
    start = message.get_param("start")
    first = None
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            break
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        if start and part.get("Content-ID") == start:
            return part
        first = first or part
    return first


def _header(message: Message, name: str) -> str:
    """Return a field of a header as one line without white space at its ends."""
    return "".join(str(message.get(name, "")).split("\n")).strip()


def _unreadable(raw: bytes, name: str, why: str) -> UnreadablePage:
    return UnreadablePage(name, BadPage("html", why), len(raw), hashlib.sha256(raw).hexdigest())
