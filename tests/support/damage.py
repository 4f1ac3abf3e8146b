"""Damage to files as power cuts, disks and people do it, each kind by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path


def _keeping_times(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def changed(file: Path) -> None:
        status = file.stat()
        change(file)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    return changed


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 2 // 3)


def _drop_last_line(file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


DAMAGE: Mapping[str, Callable[[Path], None]] = {
    "empty": lambda file: os.truncate(file, 0),
    "empty, its time kept": _keeping_times(lambda file: os.truncate(file, 0)),
    "torn": _cut,
    "short": _drop_last_line,
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "bit flipped": _flip,
    "bit flipped, its time kept": _keeping_times(_flip),
    "missing": lambda file: file.unlink(),
}
