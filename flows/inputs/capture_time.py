"""When a page was captured, where a run says how to know: relative times are resolved against it, never against today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cleaners import BadPage
from cleaners.dates.timestamps import parse_timestamp
from flows.errors import UsageError
from flows.inputs.discovery import SIDECAR_SUFFIX

FILE_TIME = "file-time"
SIDECAR = "sidecar"
DAYS_AND_TIMES = (len("20250705"), len("20250705120000"))  # numbers of so many digits are no seconds
MIN_SECONDS = 1e8  # in the year 1973: a smaller number is no time, or a day as 20250705
MAX_SECONDS = 1e11  # in the year 5138: a larger number counts milliseconds


class Sidecar(msgspec.Struct, frozen=True):
    """What the file PAGE.txt.json, kept beside PAGE.txt, says of it; other keys are left alone."""

    captured_at: str = ""
    url: str = ""


def read_option(text: str) -> str:
    """Return `--captured-at` in one form: "", file-time, sidecar or an ISO 8601 time; raises UsageError for others."""
    if text in ("", FILE_TIME, SIDECAR):
        return text
    try:
        return _moment(text).isoformat()
    except ValueError as error:
        raise UsageError(f"--captured-at: {error}; write it as 2025-07-05T12:00:00Z, or {FILE_TIME}, or {SIDECAR}") from None


def provenance(option: str, file: str) -> tuple[datetime | None, str]:
    """Return when `file` was captured and from which address, as far as `option` lets it be known.

    Raises BadPage when a sidecar is there but cannot be read or says no time, OSError when the file is gone.
    """
    if option == FILE_TIME:
        return datetime.fromtimestamp(int(Path(file).stat().st_mtime), UTC), ""
    if option == SIDECAR:
        beside = Path(file + SIDECAR_SUFFIX)
        if not beside.exists():
            return None, ""
        try:
            said = msgspec.json.decode(beside.read_bytes(), type=Sidecar)
            return (_moment(said.captured_at) if said.captured_at else None), said.url
        except OSError as error:
            raise BadPage("sidecar", f"its sidecar cannot be read: {beside.name}: {error.strerror}") from None
        except ValueError as error:
            raise BadPage("sidecar", f"its sidecar cannot be read: {error}") from None
    return (datetime.fromisoformat(option) if option else None), ""


def captured(value: object, *, day: bool) -> datetime | None:
    """Return the moment that a row's value says, None when it says none.

    A date without the time of day counts only where `day` says so; a number is seconds, or milliseconds, since 1970.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        text = str(value)
        is_digits = text.isascii() and text.isdigit()
        if len(text) in DAYS_AND_TIMES or (isinstance(value, str) and not is_digits):
            return _moment(text, day=day)
        value = float(value)
        return datetime.fromtimestamp(value / 1000 if value > MAX_SECONDS else value, UTC) if value > MIN_SECONDS else None
    except (ValueError, OverflowError, OSError):
        return None


def _moment(text: str, *, day: bool = True) -> datetime:
    """Return a time in UTC, of one without a zone too; raises ValueError when it is none."""
    try:
        moment, has_clock, has_zone = parse_timestamp(text)
        if has_clock or day:
            return moment.astimezone(UTC) if has_zone else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{text!r} is no time")
