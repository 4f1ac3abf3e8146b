"""Files and folders that are complete when they are visible: written under another name, flushed to disk, then renamed.

Called by `flows.execution.shard`, `flows.output.manifest`, `flows.planning`, `flows.report.build` and `flows.export.dataset`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.errors import Busy, Failed, UsageError
from flows.layout import PART_SUFFIX
from flows.output.lock import held_file
from flows.output.part_file import new_part


class LinesFile:
    """A file of lines that appears under its name when it is closed without an error and has lines.

    It replaces a file of an earlier run in one step; without lines, that file is removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        self.bytes = 0
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        self._part, self._file = new_part(self.path)
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
                self._part.replace(self.path)  # while it is open, so that nobody takes it for abandoned
            elif kind is None:
                self.path.unlink(missing_ok=True)
        finally:
            try:
                self._file.close()  # may write, and fail, on a full disk
            finally:
                self._part.unlink(missing_ok=True)
        if kind is None:
            flush_folder(self.path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file in one step."""
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file in one step, and have one of its pieces in memory at a time."""
    part, file = new_part(path)
    try:
        with file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    flush_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they are there, and flush their names to disk."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        with suppress(PermissionError):  # a folder may be made in one that cannot be read
            flush_folder(path.parent)


def remove_files(files: Iterable[Path]) -> None:
    """Remove files, and flush the folders that they were in."""
    folders = set()
    for file in files:
        file.unlink(missing_ok=True)
        folders.add(file.parent)
    for folder in folders:
        flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, so that what was made, renamed or removed in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that replaces `folder` at the end, or is removed on an error.

    The remains of a process that was killed are removed first. Raises Failed when another process writes the same folder.
    """
    part, old = (folder.with_name(f".{folder.name}{end}{PART_SUFFIX}") for end in ("", ".old"))
    make_folder(folder.parent)
    try:
        with held_file(folder.with_name(f".{folder.name}.lock")):
            yield from _replaced(folder, part, old)
    except Busy:
        raise Failed(f"{folder} is being written by another dehusk; wait for it, or name another folder") from None


def _replaced(folder: Path, part: Path, old: Path) -> Iterator[Path]:
    own_folder(part)
    clear(part)
    _restore(old, folder)
    try:
        yield part
        _flush_tree(part)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        flush_folder(folder.parent)
    except BaseException:
        _restore(old, folder)
        shutil.rmtree(part, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)
    flush_folder(folder.parent)


def own_folder(part: Path) -> None:
    """Make a folder to write in, unless it is there; raises UsageError for a link or a folder of another user."""
    try:
        part.mkdir()
    except FileExistsError:  # the remains of an earlier command, or put there to have another folder emptied or filled
        found = part.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            what = "a link" if stat.S_ISLNK(found.st_mode) else "not yours"
            raise UsageError(f"{part} is {what}, where dehusk writes; take it away, or name another folder") from None


def _restore(old: Path, folder: Path) -> None:
    """Move the old folder back if no new one has replaced it, else remove it."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def clear(part: Path) -> None:
    """Empty a folder that is being written."""
    for path in part.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _flush_tree(part: Path) -> None:
    """Flush all files and folders in a folder to disk."""
    for path in part.rglob("*"):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    flush_folder(part)
