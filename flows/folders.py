"""Folders that are whole when they are there: written beside their place, then put into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import UsageError
from flows.lock import LOCK, Busy, locked
from flows.writing import PART_SUFFIX, flush_folder


@contextmanager
def put_in_place(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` at the end, or goes when there is an error.

    What a process that was killed has left of one is taken away. Raises UsageError when another one is being written.
    """
    part, old = (folder.with_name(f".{folder.name}{end}{PART_SUFFIX}") for end in ("", ".old"))
    part.mkdir(parents=True, exist_ok=True)
    try:
        with locked(part):
            clear(part)
            _put_back(old, folder)
            try:
                yield part
                _flush(part)
                (part / LOCK).unlink()
                if folder.exists():
                    folder.rename(old)
                part.rename(folder)
                flush_folder(folder.parent)
            except BaseException:
                _put_back(old, folder)
                shutil.rmtree(part, ignore_errors=True)
                raise
            shutil.rmtree(old, ignore_errors=True)
    except Busy:
        raise UsageError(f"{folder} is being written by another dehusk; wait for it, or name another folder") from None


def _put_back(old: Path, folder: Path) -> None:
    """Put back what had to make place for a folder that did not come; take it away when that came."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def clear(part: Path) -> None:
    """Take everything out of a folder that is being written."""
    for path in part.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _flush(part: Path) -> None:
    """Make all that is in a folder outlast a power cut."""
    for path in part.rglob("*"):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    flush_folder(part)
