"""The fingerprint of an input, which shows whether it has changed: a stamp (cheap) and a digest of its bytes.

Called by `flows.planning.planner`, `flows.execution`, `flows.inspect` and `flows.export`.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flows.inputs.capture_time import FILE_TIME, SIDECAR
from flows.inputs.discovery import SIDECAR_SUFFIX, Source, stamp_of
from flows.inputs.storage import is_url, open_file

READ_BYTES = 1024 * 1024


def current_stamp(source: Source, captured_at: str) -> str:
    """Return the present stamp of an input, with that of its sidecar if `captured_at` is "sidecar"; "" when it is gone."""
    if is_url(source.file):
        return source.stamp
    try:
        stamp = stamp_of(os.stat(source.file))  # noqa: PTH116 (faster, and called for each input)
        if captured_at == SIDECAR and (sidecar := Path(source.file + SIDECAR_SUFFIX)).exists():
            stamp += f"+{stamp_of(sidecar.stat())}"
        return stamp
    except OSError:
        return ""


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file, "" when there is none."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def input_digest(source: Source, captured_at: str) -> str:
    """Return the digest of an input's bytes, and of its file time or sidecar if `captured_at` uses one; raises OSError."""
    digest = hashlib.sha256()
    left = -1 if source.end is None else source.end - source.start
    with open_file(source.file) as file:
        file.seek(source.start)
        while left and (piece := file.read(READ_BYTES if left < 0 else min(left, READ_BYTES))):
            digest.update(piece)
            left -= len(piece) if left > 0 else 0
    if captured_at == FILE_TIME:
        digest.update(b"%d" % int(Path(source.file).stat().st_mtime))
    if captured_at == SIDECAR and (sidecar := Path(source.file + SIDECAR_SUFFIX)).exists():
        digest.update(sidecar.read_bytes())
    return digest.hexdigest()
