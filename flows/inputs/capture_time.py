"""The capture time of a page, against which relative times are resolved, never against today.

Called by `flows.inputs.containers` and its readers; `flows.execution.context` parses the option here.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from cleaners import BadPage
from cleaners.dates.timestamps import parse_timestamp
from cleaners.document.address import web_address
from flows.errors import UsageError
from flows.inputs.discovery import SIDECAR_SUFFIX
from flows.inputs.storage import STDIN, is_url
from flows.regular_file import open_regular

CaptureTimeSource = Literal["file-time", "sidecar"]  # where --captured-at finds the time, if it does not give one itself
FILE_TIME: CaptureTimeSource = "file-time"
SIDECAR: CaptureTimeSource = "sidecar"
DATE_DIGITS = (len("20250705"), len("20250705120000"))  # a number of so many digits is a date, not seconds
MIN_SECONDS = 1e8  # in the year 1973: a smaller number is no time, or a day as 20250705
MAX_SECONDS = 1e11  # in the year 5138: a larger number counts milliseconds, or their thousandths
MAX_THOUSANDTHS = 3
MAX_SIDECAR_BYTES = 1024 * 1024


class Sidecar(msgspec.Struct, frozen=True):
    """The contents of the file PAGE.txt.json beside PAGE.txt; other keys are ignored."""

    captured_at: str = ""
    url: str = ""


def parse_captured_at(option: str) -> str:
    """Return `--captured-at` in one form: "", a CaptureTimeSource or an ISO 8601 time; raises UsageError for others."""
    if option in ("", FILE_TIME, SIDECAR):
        return option
    try:
        return _parse_time(option).isoformat()
    except ValueError as error:
        raise UsageError(f"--captured-at: {error}; write it as 2025-07-05T12:00:00Z, or {FILE_TIME}, or {SIDECAR}") from None


def provenance(captured_at: str, file: str) -> tuple[datetime | None, str]:
    """Return the capture time and the address of `file`, each if known; `captured_at` is in the form of `parse_captured_at`.

    Raises BadPage for a sidecar that cannot be read or has an invalid time, OSError when the file is gone.
    """
    if captured_at == FILE_TIME:
        seconds = int(Path(file).stat().st_mtime)
        try:
            return datetime.fromtimestamp(seconds, UTC), ""
        except (ValueError, OverflowError, OSError):  # no year that there is
            return None, ""
    if captured_at == SIDECAR:
        try:
            content = sidecar_content(file)
            if content is None:
                return None, ""
            sidecar = msgspec.json.decode(content, type=Sidecar)
            return (_parse_time(sidecar.captured_at) if sidecar.captured_at else None), web_address(sidecar.url)
        except OSError as error:
            name = Path(file + SIDECAR_SUFFIX).name
            raise BadPage("sidecar", f"its sidecar cannot be read: {name}: {error.strerror}") from None
        except ValueError as error:
            raise BadPage("sidecar", f"its sidecar cannot be read: {error}") from None
    return (datetime.fromisoformat(captured_at) if captured_at else None), ""


def sidecar_content(file: str) -> bytes | None:
    """Return the content of a file's sidecar, None without one; raises OSError, also for one that is no regular file."""
    try:
        with open_regular(file + SIDECAR_SUFFIX) as sidecar:
            content = sidecar.read(MAX_SIDECAR_BYTES + 1)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
            return None
        raise
    if len(content) > MAX_SIDECAR_BYTES:
        raise OSError(errno.EFBIG, f"over {MAX_SIDECAR_BYTES} bytes")
    return content


def parse_capture_time(value: object, *, accept_date: bool) -> datetime | None:
    """Return the time in a field of a row or an archive, None for a value that is no time.

    A date without a time of day counts only with `accept_date`; a number is seconds since 1970, or milliseconds to nanoseconds.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        text = str(value)
        is_digits = text.isascii() and text.isdigit()
        is_date = len(text) in DATE_DIGITS or (isinstance(value, str) and not is_digits)
        if is_date:
            return _parse_time(text, accept_date=accept_date)
        value = float(value)
        for _ in range(MAX_THOUSANDTHS):
            value = value / 1000 if value > MAX_SECONDS else value
        return datetime.fromtimestamp(value, UTC) if value > MIN_SECONDS else None
    except (ValueError, OverflowError, OSError):
        return None


def _parse_time(text: str, *, accept_date: bool = True) -> datetime:
    """Return a time in UTC, which is also assumed without a time zone; raises ValueError for text that is no time."""
    try:
        time, has_clock, has_zone = parse_timestamp(text)
        if has_clock or accept_date:
            return time.astimezone(UTC) if has_zone else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{text!r} is no time")


def require_local_files(captured_at: str, names: Iterable[str], needed: str = "files") -> None:
    """Raise UsageError, which asks for what is `needed`, when files must date their pages and a name is no local file."""
    if captured_at in (FILE_TIME, SIDECAR) and any(name == STDIN or is_url(name) for name in names):
        raise UsageError(f"--captured-at {captured_at} needs {needed} on this machine; give a time instead")
