"""The records that the files of stories name, in a table on disk, so that memory is bounded however many there are.

Called by `flows.export.duplicates`. Where a page was crawled twice, its records have the same ids, and a record may have had
another text when the stories were brought up: it is known by the path of its page, its position there, its id and its text.
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
from flows.output.story_line import Seen, StoryLine

KEY_BYTES = 16
BATCH = 100_000  # rows that are sorted, and put into the table at once
CACHE_KIB = 64 * 1024  # of the table in memory
# A table for this process alone, made anew if anything fails.
SETTINGS = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", f"cache_size = -{CACHE_KIB}")
COLUMNS = "key BLOB PRIMARY KEY, duplicate_of TEXT NOT NULL, role INTEGER NOT NULL"


class Representative(IntFlag):
    """The record of a story that stands for it: the canonical one, the earliest, and the best one, the longest."""

    NEITHER = 0
    EARLIEST = 1
    LONGEST = 2


class SeenRecord(NamedTuple):
    """A record as stories know it."""

    id: str
    path: str
    position: int
    text_sha256: str


class StoryPlace(NamedTuple):
    """A record in its story: the id of the canonical record that it repeats, or "", and whether it stands for the story."""

    duplicate_of: str
    role: Representative


class StoryPlaces:
    """All records that the stories of an output folder name, kept in the file `table` until `close`.

    Raises Failed for stories that are damaged, and Stale when a run replaces them while they are read.
    """

    def __init__(self, out: Path, table: Path) -> None:
        self._table = table
        try:
            self._database = sqlite3.connect(table, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise Failed(_unusable(table, error)) from None
        try:
            self._fill(out)
        except BaseException:
            self.close()
            raise

    def of(self, record: Record) -> StoryPlace | None:
        """Return the place of a record in its story, None for one that no story names."""
        key = _key(SeenRecord(record.id, record.page.path, record.position, record.text_sha256))
        try:
            found = self._database.execute("SELECT duplicate_of, role FROM places WHERE key = ?", (key,)).fetchone()
        except sqlite3.OperationalError as error:
            raise Failed(_unusable(self._table, error)) from None
        return StoryPlace(found[0], Representative(found[1])) if found else None

    def count(self, role: Representative) -> int:
        """Return the number of records that stand for a story in this way, which is that of stories."""
        (number,) = self._database.execute("SELECT count(*) FROM places WHERE role & ?", (role,)).fetchone()
        return int(number)

    def close(self) -> None:
        """Remove the table."""
        self._database.close()
        self._table.unlink(missing_ok=True)

    def _fill(self, out: Path) -> None:
        files = story_files(out)
        before = _versions(files)
        rows = ((_key(record), *place) for file in files for record, place in _places_in(file, out))
        try:
            for setting in SETTINGS:
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute(f"CREATE TABLE places ({COLUMNS}) WITHOUT ROWID")
            self._database.execute("BEGIN")
            while batch := sorted(islice(rows, BATCH)):  # neighbours go to one page of the table
                self._database.executemany("INSERT INTO places VALUES (?, ?, ?)", batch)
            self._database.execute("COMMIT")
        except sqlite3.IntegrityError:  # a run that moves a story from file to file was ended in between, or is at work
            if _versions(story_files(out)) != before:
                raise Stale(STORIES) from None
            raise Failed(
                f"a record in {out / STORIES} is in two stories; the next run there, or dehusk repair {out}, makes that right"
            ) from None
        except sqlite3.OperationalError as error:
            raise Failed(_unusable(self._table, error)) from None
        if _versions(story_files(out)) != before:  # a story that is seen on an earlier day goes to the file of that day
            raise Stale(STORIES)


def _versions(files: Iterable[Path]) -> list[tuple[str, int, int]]:
    """Return the names, inodes and times of files: a run replaces a file by another one."""
    try:
        return [(file.name, (found := file.stat()).st_ino, found.st_mtime_ns) for file in files]
    except FileNotFoundError as error:
        raise Stale(str(error.filename)) from None


def _places_in(file: Path, out: Path) -> Iterator[tuple[SeenRecord, StoryPlace]]:
    """Yield each record in a file of stories, with its place in its story."""
    for story, lines in groupby(story_lines(file, out), lambda line: line.story):
        try:
            yield from _places_of(lines)
        except _UnsoundError:
            problem = f"the lines of story {story} in {file} do not belong together"
            raise Failed(f"{problem}; dehusk repair {out} makes stories again") from None


def _unusable(table: Path, error: sqlite3.OperationalError) -> str:
    return f"the table of stories {table} cannot be written: {error}; mend that, and export again"


class _UnsoundError(Exception):
    """Lines of a story are missing, or belong to several versions of it."""


def _places_of(lines: Iterable[StoryLine]) -> Iterator[tuple[SeenRecord, StoryPlace]]:
    """Yield each record of a story, with its place."""
    expected = count = 0
    meant: dict[int, Representative] = {}
    for part, line in enumerate(lines):
        if part == 0:
            expected = line.count
            meant = {line.canonical_at: Representative.EARLIEST}
            longest = line.best_at if line.best else line.canonical_at
            meant[longest] = meant.get(longest, Representative.NEITHER) | Representative.LONGEST
        if line.part != part:
            raise _UnsoundError
        for place, seen in enumerate(line.seen, count):
            role = meant.pop(place, Representative.NEITHER)
            if not _may_stand(seen, line, role):
                raise _UnsoundError
            repeats = Representative.EARLIEST not in role and seen.relation is not Relation.MENTION
            record = SeenRecord(seen.record, seen.page.path, seen.position, seen.text_sha256)
            yield record, StoryPlace(line.canonical if repeats else "", role)
        count += len(line.seen)
    if count != expected or meant:
        raise _UnsoundError


def _may_stand(seen: Seen, line: StoryLine, role: Representative) -> bool:
    """Return whether a record is the one that its line says stands for the story in this way."""
    if role is Representative.NEITHER:
        return True
    ids = {Representative.EARLIEST: line.canonical, Representative.LONGEST: line.best or line.canonical}
    is_named = all(seen.record == name for one, name in ids.items() if one & role)
    return is_named and seen.relation is (Relation.SAME if line.best else Relation.MENTION)


def _key(record: SeenRecord) -> bytes:
    name = f"{record.id}\0{record.position}\0{record.text_sha256}\0{record.path}"
    return blake2b(name.encode(), digest_size=KEY_BYTES).digest()
