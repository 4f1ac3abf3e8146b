"""When a page was captured, where a run says how to know: relative times are resolved against it, never against today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from flows.errors import UsageError
from flows.sources import SIDECAR_SUFFIX

FILE_TIME = "file-time"
SIDECAR = "sidecar"


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


def provenance(option: str, file: Path) -> tuple[datetime | None, str]:
    """Return when `file` was captured and from which address, as far as `option` lets it be known.

    Raises ValueError when a sidecar is there but cannot be read or says no time.
    """
    if option == FILE_TIME:
        return datetime.fromtimestamp(int(file.stat().st_mtime), UTC), ""
    if option == SIDECAR:
        beside = file.with_name(file.name + SIDECAR_SUFFIX)
        if not beside.exists():
            return None, ""
        try:
            said = msgspec.json.decode(beside.read_bytes(), type=Sidecar)
        except OSError as error:
            raise ValueError(f"{beside.name}: {error.strerror}") from None
        return (_moment(said.captured_at) if said.captured_at else None), said.url
    return (datetime.fromisoformat(option) if option else None), ""


def _moment(text: str) -> datetime:
    """Return an ISO 8601 time in UTC, of one without a zone too; raises ValueError when it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time") from None
