"""Files that are complete when they are visible: written beside their place, flushed to the disk, then renamed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

# What the output folder holds: files of lines by shard, a manifest a run, and the report of the last one.
FOLDERS = ("records", "audit", "quarantine")
RUNS = "runs"
REPORT = "report.html"
PART_SUFFIX = ".part"


class LinesFile:
    """A file of lines that appears under its name only when it is closed without an error, and only when it has lines.

    A file of that name from an earlier run is replaced in one step, or goes when there are no lines for it now.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        self.bytes = 0
        self._digest = hashlib.sha256()
        self._part = _part_of(path)

    def __enter__(self) -> Self:
        self._file = self._part.open("xb")
        return self

    def write(self, rows: list[bytes]) -> None:
        """Write each of `rows` as a line."""
        for row in rows:
            line = row + b"\n"
            self._file.write(line)
            self._digest.update(line)
            self.bytes += len(line)
        self.lines += len(rows)

    @property
    def sha256(self) -> str:
        """Return the digest of all lines written so far."""
        return self._digest.hexdigest()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and self.lines:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._part.replace(self.path)
                flush_folder(self.path.parent)
            elif kind is None:
                self.path.unlink(missing_ok=True)
        finally:
            try:
                self._file.close()  # may have to write, and fail, on a full disk
            finally:
                self._part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file in one step."""
    part = _part_of(path)
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    flush_folder(path.parent)


def _part_of(path: Path) -> Path:
    """Return a name beside `path` that no other process writes to."""
    return path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}{PART_SUFFIX}")


def flush_folder(folder: Path) -> None:
    """Make a rename in `folder` outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
