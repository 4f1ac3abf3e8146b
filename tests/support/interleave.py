"""Do something at each step of a piece of work in this process: at each of its operations on files and statements to its state.

So two commands meet at every point at which they could, one point after the other, and each time in the same way.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

T = TypeVar("T")
# Events of Python's audit; the first argument of each is a path or a handle.
READS = {"os.listdir", "os.scandir"}
WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "fcntl.flock"}


class _Watched:
    """The work that is watched: a folder, a thread, and the function that is called at its steps."""

    def __init__(self, folder: Path, at_step: Callable[[str], None], *, only_writes: bool) -> None:
        self.folder, self.at_step, self.only_writes, self.thread = str(folder), at_step, only_writes, threading.get_ident()
        self.is_inside = False  # of `at_step`, the operations of which are no steps

    def step(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.is_inside or threading.get_ident() != self.thread:
            return
        name = os.fsdecode(arguments[0]) if isinstance(arguments[0], bytes) else str(arguments[0])
        if not (event in ("fcntl.flock", "sql") or name.startswith(self.folder)):
            return
        if self.only_writes and not _is_write(event, arguments):
            return
        self.is_inside = True
        try:
            self.at_step(f"{event} {name.removeprefix(self.folder)}")
        finally:
            self.is_inside = False


def _is_write(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in WRITES or (event == "sql" and arguments[0] not in ("SELECT", "PRAGMA"))


_watched: list[_Watched] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event in READS | WRITES | {"open"} and arguments:
        _watched[-1].step(event, arguments)


def _statement(_: object, __: object, statement: str, *___: object) -> None:
    if _watched and statement:
        _watched[-1].step("sql", (statement.split()[0],))


@contextmanager
def watched(
    folder: Path, at_step: Callable[[str], None], *, only_writes: bool = False, statements: bool = False
) -> Iterator[None]:
    """Call `at_step` with a name before each step of this thread in a folder, until the block ends.

    `statements` to the state are steps only where nothing that comes at a step waits for the end of their transaction.
    """
    if not hasattr(sys, "_dehusk_tests_watch"):
        sys._dehusk_tests_watch = True  # type: ignore[attr-defined]
        sys.addaudithook(_audit)  # for good: Python removes none
    if statements:
        sa.event.listen(sa.Engine, "before_cursor_execute", _statement)
    _watched.append(_Watched(folder, at_step, only_writes=only_writes))
    try:
        yield
    finally:
        _watched.pop()
        if statements:
            sa.event.remove(sa.Engine, "before_cursor_execute", _statement)


def steps_of(folder: Path, work: Callable[[], object]) -> int:
    """Do the work, and return the number of its steps."""
    steps: list[str] = []
    with watched(folder, steps.append):
        work()
    return len(steps)


def with_another_at(step: int, folder: Path, work: Callable[[], T], other: Callable[[], object]) -> T:
    """Do the work, and another one before the step of this number; it may have fewer, as its files may be others."""
    left = [step]

    def at_step(_: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            other()

    with watched(folder, at_step):
        return work()
