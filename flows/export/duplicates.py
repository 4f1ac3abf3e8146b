"""The records of an output folder as its stories know them: with the record that each one repeats, or one record a story.

Called by `flows.export.dataset`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from msgspec.structs import replace

from cleaners import Record
from flows.errors import UsageError
from flows.export.story_places import Representative, StoryPlaces
from flows.layout import STORIES
from flows.output.records import record_files
from flows.output.stories import story_files

Unique = Literal["earliest", "longest"]
REPRESENTATIVES: dict[Unique, Representative] = {"earliest": Representative.EARLIEST, "longest": Representative.LONGEST}


def check_has_stories(out: Path) -> None:
    """Raise UsageError for an output folder without stories, by which alone `--unique` knows records of one story."""
    record_files(out)
    if not story_files(out):
        raise UsageError(
            f"--unique needs files in {out / STORIES}, and there are none; the next run there without --no-stories makes them"
        )


class Duplicates:
    """The records of an output folder with `duplicate_of` as its stories tell; with `unique`, one record of each story.

    Of all records that were marked, `repeats_left_out` counts those left out by `unique`, and `in_no_story` those that no story
    names, since the run that wrote them has not come to its end: they are kept. `stories_missing`, known at the end, counts the
    stories that `unique` left nothing of, since the record that stands for them was not among those marked. Where there are no
    files of stories, records stay as they are, and the counts 0. `table` is a file to use meanwhile.
    """

    def __init__(self, out: Path, table: Path, unique: Unique | None = None) -> None:
        self._out, self._table = out, table
        self._kept = REPRESENTATIVES[unique] if unique else None
        self._stand_for_stories = self.repeats_left_out = self.in_no_story = self.stories_missing = 0

    def __enter__(self) -> Self:
        self._places = StoryPlaces(self._out, self._table) if story_files(self._out) else None
        return self

    def marked(self, record: Record) -> Record | None:
        """Return a record with the id of the one that it repeats, None where `unique` leaves it out.

        With `unique`, records that are kept repeat none of those that are kept.
        """
        if self._places is None:
            return record
        place = self._places.of(record)
        if place is None:
            self.in_no_story += 1
            return record
        if self._kept is None:
            return replace(record, duplicate_of=place.duplicate_of) if place.duplicate_of else record
        if place.role & self._kept:
            self._stand_for_stories += 1
            return record
        self.repeats_left_out += 1
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._places is None:
            return
        try:
            if kind is None and self._kept is not None:
                self.stories_missing = self._places.count(self._kept) - self._stand_for_stories
        finally:
            self._places.close()
