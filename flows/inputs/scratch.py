"""A database for lists that may be too long for memory: in a file without a name, which is gone with the process.

SQLite keeps it in memory while it is small. Its file is in the folder of SQLITE_TMPDIR or TMPDIR, or else in /var/tmp.

Used by `flows.inputs.listing` and `flows.planning`.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flows.errors import Failed

CACHE_KB = 8 * 1024  # in memory, as long as no more is needed


class Scratch:
    """A database of a process of its own, closed with the last object that holds it."""

    def __init__(self, *tables: str) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._connection.close)
        for pragma in ("journal_mode = off", "synchronous = off", f"cache_size = -{CACHE_KB}"):
            self._connection.execute(f"pragma {pragma}")
        for table in tables:
            self.run(f"create table {table}")
        self.run("begin")  # for good: nobody else sees it, and each transaction takes time

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement, and return the number of rows that it changed."""
        with _plain_errors():
            return self._connection.execute(statement, values).rowcount

    def add(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement with each of these rows, which may be read from this database meanwhile."""
        with _plain_errors():
            self._connection.executemany(statement, rows)

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, a few of them in memory."""
        with _plain_errors():
            yield from self._connection.execute(query, values)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn the errors of SQLite, such as a full disk, into Failed."""
    try:
        yield
    except sqlite3.Error as error:
        raise Failed(
            f"the list of inputs cannot be kept among temporary files ({error}); see to the disk, or name a folder in TMPDIR"
        ) from None
