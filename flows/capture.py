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
    return _moment(text, "--captured-at").isoformat()


def provenance(option: str, file: Path) -> tuple[datetime | None, str]:
    """Return when `file` was captured and from which address, as far as `option` lets it be known.

    Raises ValueError when a sidecar is there but cannot be read.
    """
    if option == FILE_TIME:
        return datetime.fromtimestamp(int(file.stat().st_mtime), UTC), ""
    if option == SIDECAR:
        beside = file.with_name(file.name + SIDECAR_SUFFIX)
        if not beside.exists():
            return None, ""
        said = msgspec.json.decode(beside.read_bytes(), type=Sidecar)
        return (_moment(said.captured_at, beside.name) if said.captured_at else None), said.url
    return (datetime.fromisoformat(option) if option else None), ""


def _moment(text: str, where: str) -> datetime:
    """Return an ISO 8601 time; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{where}: {text!r} is no time; write it as 2025-07-05T12:00:00Z, or {FILE_TIME}, or {SIDECAR}"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
