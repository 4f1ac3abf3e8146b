"""The records that the files of stories name, in a table on disk, so that memory is bounded however many there are.

Called by `flows.export.duplicates`. Where a page was crawled twice, its records have the same ids: a record is known by the
path of its page, its position there and its id.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from enum import IntFlag
from hashlib import blake2b
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from cleaners import Record
from cleaners.stories.relation import Relation
from flows.errors import Failed, Stale
from flows.layout import STORIES
from flows.output.stories import story_files, story_lines
from flows.output.story_line import StoryLine

KEY_BYTES = 16
BATCH = 100_000  # rows that are sorted, and put into the table at once
CACHE_KIB = 64 * 1024  # of the table in memory
# A table for this process alone, made anew if anything fails.
SETTINGS = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", f"cache_size = -{CACHE_KIB}")
COLUMNS = "key BLOB PRIMARY KEY, duplicate_of TEXT NOT NULL, standing INTEGER NOT NULL"


class Standing(IntFlag):
    """The record of a story that stands for it: the canonical one, the earliest, and the best one, the longest."""

    NEITHER = 0
    EARLIEST = 1
    LONGEST = 2


class StoryPlace(NamedTuple):
    """A record in its story: the id of the canonical record that it repeats, or "", and whether it stands for the story."""

    duplicate_of: str
    standing: Standing


class StoryPlaces:
    """All records that the stories of an output folder name, kept in the file `table` until `close`.

    Raises Failed for stories that are damaged, and Stale when a run replaces them while they are read.
    """

    def __init__(self, out: Path, table: Path) -> None:
        self._table = table
        self._database = sqlite3.connect(table, isolation_level=None)
        try:
            self._fill(out)
        except BaseException:
            self.close()
            raise

    def of(self, record: Record) -> StoryPlace | None:
        """Return the place of a record in its story, None for one that no story names."""
        key = _key(record.id, record.page.path, record.position)
        found = self._database.execute("SELECT duplicate_of, standing FROM places WHERE key = ?", (key,)).fetchone()
        return StoryPlace(found[0], Standing(found[1])) if found else None

    def count(self, standing: Standing) -> int:
        """Return the number of records that stand for a story in this way, which is that of stories."""
        (number,) = self._database.execute("SELECT count(*) FROM places WHERE standing & ?", (standing,)).fetchone()
        return int(number)

    def close(self) -> None:
        """Remove the table."""
        self._database.close()
        self._table.unlink(missing_ok=True)

    def _fill(self, out: Path) -> None:
        files = story_files(out)
        before = _versions(files)
        rows = ((_key(*of_record), *place) for file in files for of_record, place in _places_in(file, out))
        try:
            for setting in SETTINGS:
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute(f"CREATE TABLE places ({COLUMNS}) WITHOUT ROWID")
            self._database.execute("BEGIN")
            while batch := sorted(islice(rows, BATCH)):  # neighbours go to one page of the table
                self._database.executemany("INSERT OR IGNORE INTO places VALUES (?, ?, ?)", batch)
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise Failed(f"the table of stories {self._table} cannot be written: {error}") from None
        if _versions(story_files(out)) != before:  # a story that is seen on an earlier day goes to the file of that day
            raise Stale(STORIES)


def _versions(files: Iterable[Path]) -> list[tuple[str, int, int]]:
    """Return the names, inodes and times of files: a run replaces a file by another one."""
    try:
        return [(file.name, (found := file.stat()).st_ino, found.st_mtime_ns) for file in files]
    except FileNotFoundError as error:
        raise Stale(str(error.filename)) from None


def _places_in(file: Path, out: Path) -> Iterator[tuple[tuple[str, str, int], StoryPlace]]:
    """Yield the id, path and position of each record in a file of stories, with its place in its story."""
    for story, lines in groupby(story_lines(file, out), lambda line: line.story):
        try:
            yield from _places_of(lines)
        except _UnsoundError:
            problem = f"the lines of story {story} in {file} do not belong together"
            raise Failed(f"{problem}; dehusk repair {out} makes stories again") from None


class _UnsoundError(Exception):
    """Lines of a story are missing, or belong to several versions of it."""


def _places_of(lines: Iterable[StoryLine]) -> Iterator[tuple[tuple[str, str, int], StoryPlace]]:
    """Yield the id, path and position of each record of a story, with its place.

    Of several records with the id of the canonical or the best one, the first full copy is meant: a page that was cut or showed
    a headline alone when it was crawled before has the same id. Where headlines alone tell a story, it is the first of them.
    """
    expected, sought = 0, dict[str, Standing]()
    for part, line in enumerate(lines):
        if part == 0:
            expected, sought = line.count, {line.canonical: Standing.EARLIEST}
            longest = line.best or line.canonical
            sought[longest] = sought.get(longest, Standing.NEITHER) | Standing.LONGEST
        if line.part != part:
            raise _UnsoundError
        meant = Relation.SAME if line.best else Relation.MENTION
        for seen in line.seen:
            standing = sought.pop(seen.record, Standing.NEITHER) if seen.relation is meant else Standing.NEITHER
            repeats = Standing.EARLIEST not in standing and seen.relation is not Relation.MENTION
            yield (seen.record, seen.page.path, seen.position), StoryPlace(line.canonical if repeats else "", standing)
        expected -= len(line.seen)
    if expected or sought:
        raise _UnsoundError


def _key(record: str, path: str, position: int) -> bytes:
    return blake2b(f"{record}\0{position}\0{path}".encode(), digest_size=KEY_BYTES).digest()
