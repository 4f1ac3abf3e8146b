"""The fingerprint of an input, which shows whether it has changed: a stamp (cheap) and a digest of its bytes.

Called by `flows.planning.planner`, `flows.execution`, `flows.inspect` and `flows.export`.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flows.inputs.capture_time import FILE_TIME, SIDECAR, sidecar_content
from flows.inputs.discovery import SIDECAR_SUFFIX, Source
from flows.inputs.file_status import stamp_of
from flows.inputs.storage import is_url, open_file
from flows.regular_file import open_regular

READ_BYTES = 1024 * 1024


def current_stamp(source: Source, captured_at: str) -> str:
    """Return the present stamp of an input, with that of its sidecar if `captured_at` is "sidecar"; "" when it is gone."""
    if is_url(source.file):
        return source.stamp
    try:
        stamp = stamp_of(os.stat(source.file))  # noqa: PTH116 (faster, and called for each input)
    except OSError:
        return ""
    return stamp + _sidecar_stamp(source.file) if captured_at == SIDECAR else stamp


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file, "" when there is none; raises OSError, also for a pipe, which might keep it waiting."""
    try:
        with open_regular(str(file)) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def input_digest(source: Source, captured_at: str) -> str:
    """Return the digest of an input's bytes, and of its file time or sidecar if `captured_at` uses one; raises OSError.

    A sidecar that cannot be read counts as such, so that the input changes with it.
    """
    digest = hashlib.sha256()
    left = -1 if source.end is None else source.end - source.start
    with open_file(source.file) as file:
        file.seek(source.start)
        while left and (piece := file.read(READ_BYTES if left < 0 else min(left, READ_BYTES))):
            digest.update(piece)
            left -= len(piece) if left > 0 else 0
    if captured_at == FILE_TIME:
        digest.update(b"%d" % int(Path(source.file).stat().st_mtime))
    if captured_at == SIDECAR:
        digest.update(_sidecar_mark(source.file))
    return digest.hexdigest()


def _sidecar_stamp(file: str) -> str:
    """Return the addition of a file's sidecar to its stamp, "" without one."""
    try:
        return f"+{stamp_of(os.stat(file + SIDECAR_SUFFIX))}"  # noqa: PTH116
    except FileNotFoundError:
        return ""
    except OSError as error:  # such as a link to itself
        return f"+{error.errno}"


def _sidecar_mark(file: str) -> bytes:
    """Return the content of a file's sidecar, b"" without one, or that it cannot be read."""
    try:
        return sidecar_content(file) or b""
    except OSError as error:
        return b"\0%d" % (error.errno or 0)
