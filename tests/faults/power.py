"""Power cuts: from the recorded changes of a command, the folders that a disk may hold when the power goes.

After Pillai et al., "All File Systems Are Not Created Equal" (2014): until a file is flushed, any part of what was written to
it may be lost; until a folder is flushed, any of the names made, moved or removed in it may be as before. The content of
SQLite's files is taken to be on the disk, as SQLite orders and flushes it by itself; their names are not.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from flows.layout import STATE_FILE
from tests.faults.shim import Change

DATA = ("write", "truncate")
NAMES = ("create", "rename", "unlink", "mkdir", "rmdir")
SUBSETS = 2  # random ones, for each moment
Tree = dict[str, bytes | None]  # by path: the content of a file, None for a folder
Number = TypeVar("Number")


@dataclass(frozen=True)
class Moment:
    """A moment of a command at which the power goes: the number of changes until then, and those that may be lost."""

    at: int
    data: tuple[int, ...]
    names: tuple[int, ...]


@dataclass
class _Disk:
    """The names and contents on a disk; a name stands for the number of a file, or None for a folder."""

    names: dict[str, int | None]
    contents: dict[int, bytearray] = field(default_factory=dict)

    def tree(self, root: str) -> Tree:
        """Return what can be reached below `root`: a name in a folder that was lost cannot."""
        found: Tree = {root: None}
        for path, file in sorted(self.names.items()):
            parent = path.rpartition("/")[0]
            if parent in found and found[parent] is None:
                found[path] = None if file is None else bytes(self.contents[file])
        del found[root]
        return found


class Recording:
    """The changes that a command made below `root`, and the disk that it began with."""

    def __init__(self, root: Path, changes: Sequence[Change], before: Tree) -> None:
        self.root, self.changes = str(root), changes
        self._before = before
        self._files = self._numbered()
        self._safe_at = self._flushes()

    def _numbered(self) -> list[int | None]:
        """Return the file of each change by a number of its own: the system gives the inode of a removed file to a new one."""
        names: dict[str, int] = {path: -number for number, path in enumerate(sorted(self._before), 1)}
        by_inode: dict[int, int] = {}
        files: list[int | None] = []
        for at, change in enumerate(self.changes):
            file: int | None = None
            if change.kind == "create":
                file = names[change.path] = by_inode[change.inode] = at
            elif change.kind == "rename":
                file = names.get(change.path)
                names |= {change.to + path.removeprefix(change.path): n for path, n in _taken(names, change.path).items()}
            elif change.kind == "unlink":
                file = names.pop(change.path, None)
            elif change.kind in (*DATA, "flush"):
                if change.inode not in by_inode:
                    by_inode[change.inode] = names[change.path]
                file = by_inode[change.inode]
            files.append(file)
        return files

    def _flushes(self) -> list[int]:
        """Return for each change the place of the flush after that it cannot be lost, one after the last for none."""
        never = len(self.changes) + 1
        safe_at = [never] * len(self.changes)
        next_flush: dict[object, int] = {}
        for at in range(len(self.changes) - 1, -1, -1):
            change = self.changes[at]
            if change.kind == "flush":
                next_flush[self._files[at]] = at
            elif change.kind == "flush folder":
                next_flush[change.path] = at
            elif change.kind in DATA:
                is_sqlite = Path(change.path).name.startswith(STATE_FILE)
                safe_at[at] = at if is_sqlite else next_flush.get(self._files[at], never)
            else:
                path = change.to if change.kind == "rename" else change.path
                safe_at[at] = next_flush.get(path.rpartition("/")[0], never)
        return safe_at

    def moments(self) -> Iterator[Moment]:
        """Yield each moment between two changes, and the one after the last."""
        for at in range(len(self.changes) + 1):
            pending = [n for n in range(at) if self._safe_at[n] >= at]
            data = tuple(n for n in pending if self.changes[n].kind in DATA)
            yield Moment(at, data, tuple(n for n in pending if self.changes[n].kind in NAMES))

    def trees(self, moment: Moment) -> Iterator[Tree]:
        """Yield folders that may be left at a moment, each once."""
        dice = random.Random(moment.at)
        seen = set()
        for lost, torn in self._losses(moment, dice):
            tree = self.tree(moment.at, lost, torn)
            digest = hashlib.sha256()
            for path, content in sorted(tree.items()):
                digest.update(f"{path}\0{-1 if content is None else len(content)}\0".encode() + (content or b""))
            if digest.digest() not in seen:
                seen.add(digest.digest())
                yield tree

    @staticmethod
    def _losses(moment: Moment, dice: random.Random) -> Iterator[tuple[set[int], set[int]]]:
        """Yield sets of changes that are lost, with those that are torn."""
        data, names = {*moment.data}, {*moment.names}
        yield set(), set()
        yield data | names, set()
        yield data, set()
        yield set(), data
        yield names, set()
        for name in moment.names:
            yield {name}, set()
            yield data | names - {name}, set()
        for _ in range(SUBSETS):
            yield (
                {n for n in (*moment.data, *moment.names) if dice.random() < 0.5},
                {n for n in moment.data if dice.random() < 0.5},
            )

    def tree(self, at: int, lost: Collection[int] = (), torn: Collection[int] = ()) -> Tree:
        """Return the folders after the first `at` changes, without those that are lost and with half of those that are torn."""
        numbers = {path: -number for number, path in enumerate(sorted(self._before), 1)}
        disk = _Disk({path: None if content is None else numbers[path] for path, content in self._before.items()})
        disk.contents = {numbers[path]: bytearray(content) for path, content in self._before.items() if content is not None}
        for number, change in enumerate(self.changes[:at]):
            file = self._files[number]
            if change.kind == "create":
                disk.contents[number] = bytearray()
            if number not in lost:
                _APPLY.get(change.kind, _nothing)(disk, change, file, number in torn)
        return disk.tree(self.root)


def _write(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    content = disk.contents[file or 0]
    data = change.data[: len(change.data) // 2] if is_torn else change.data
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(data)] = data


def _truncate(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    del disk.contents[file or 0][change.offset :]


def _create(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    disk.names[change.path] = file


def _mkdir(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    disk.names[change.path] = None


def _remove(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    disk.names.pop(change.path, None)


def _rename(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    if file is not None and file in disk.contents:
        disk.names.pop(change.path, None)
        disk.names[change.to] = file
        return
    moved = _taken(disk.names, change.path)
    _taken(disk.names, change.to)
    disk.names |= {change.to + path.removeprefix(change.path): number for path, number in moved.items()}


def _taken(names: dict[str, Number], top: str) -> dict[str, Number]:
    """Take a name and all below it from the names of a disk, and return them."""
    return {path: names.pop(path) for path in [*names] if path == top or path.startswith(f"{top}/")}


def _nothing(disk: _Disk, change: Change, file: int | None, is_torn: bool) -> None:
    pass


_APPLY: dict[str, Callable[[_Disk, Change, int | None, bool], None]] = {
    "write": _write, "truncate": _truncate, "create": _create, "mkdir": _mkdir, "unlink": _remove, "rmdir": _remove,
    "rename": _rename,
}  # fmt: skip


def read_tree(root: Path) -> Tree:
    """Return the folders and files below a folder."""
    return {str(path): None if path.is_dir() else path.read_bytes() for path in root.rglob("*")}


def write_tree(tree: Tree) -> None:
    """Write folders and files."""
    for path, content in sorted(tree.items()):
        if content is None:
            Path(path).mkdir(exist_ok=True)
        else:
            Path(path).write_bytes(content)
