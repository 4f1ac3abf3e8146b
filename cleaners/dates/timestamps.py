"""Parse and write machine-readable timestamps: ISO 8601, and the dates of e-mails and feeds (RFC 2822).

Called for the heads of pages (`cleaners.html.metadata`), rows, sidecars and archives (`flows.inputs`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from cleaners.document.page import Precision

_COMPACT = re.compile(r"(\d{8})(\d{6})", re.ASCII)  # 20250705120000, as archives write it
# A day with strokes, or a time with a blank before its zone, as databases and programs write it: 2025/07/05 12:00:00 +0000.
_SPACED = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})([T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:\s?(UTC|GMT|Z|[+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)
_UTC = ("UTC", "GMT", "Z")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?", re.ASCII)  # in seconds or milliseconds, from 2001 on
_HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE | re.ASCII)  # which e-mails do not know
_MAX_CHARS = 64
# A date in the path of an address: /2025/07/05/ or /2025-07-05-title.
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)([/-])(\d\d?)\2(\d\d?)(?=[/_-]|\Z)", re.ASCII)


def iso_utc(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, to the second."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def parse_timestamp(text: str) -> tuple[datetime, bool, bool]:
    """Return a time, whether it has a time of day, and whether it has a zone; raises ValueError when it is no timestamp.

    >>> parse_timestamp("Sat, 05 Jul 2025 14:00:00 +0200")[0].isoformat()
    '2025-07-05T14:00:00+02:00'
    """
    text = text.strip()
    if len(text) > _MAX_CHARS:
        raise ValueError("too long for a time")
    if found := _SPACED.fullmatch(text):
        text = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}{found[4] or ''}{'Z' if found[5] in _UTC else found[5] or ''}"
    elif _COMPACT.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}Z"
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC), True, True
    if _HALF_DAY.search(text):
        raise ValueError("a time in words")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime  # takes milliseconds to import, and few pages need it

        moment = parsedate_to_datetime(text)
    return moment, len(text) > len("2025-07-05"), moment.tzinfo is not None


def published_time(text: str) -> tuple[str, Precision]:
    """Return a timestamp as ISO 8601 in UTC with its precision, or two empty strings when it is none.

    Without a zone it is known to the day, and its time of day stands as it is written.
    """
    if not text:
        return "", ""  # as in most rows
    try:
        moment, has_clock, has_zone = parse_timestamp(text)
        if has_zone:
            return iso_utc(moment), "second" if has_clock else "day"
        return iso_utc(moment.replace(tzinfo=UTC)), "day"
    except (ValueError, OverflowError):
        return "", ""


def date_in_address(url: str) -> tuple[str, Precision]:
    """Return the date in an address as ISO 8601 in UTC with its precision, or two empty strings when there is none.

    >>> date_in_address("https://quaypost.example/2025/07/05/ferry")
    ('2025-07-05T00:00:00Z', 'day')
    """
    found = _IN_ADDRESS.search(url)
    try:
        return (iso_utc(datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC)), "day") if found else ("", "")
    except ValueError:
        return "", ""
