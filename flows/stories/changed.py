"""The rows of stories that have changed: noted part by part of an update, and written once, at its end.

Called by `flows.stories.update` and `flows.stories.grouping`. A story told hundreds of times changes in each part; to write it
in each would take time with the square of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from cleaners.stories.settings import StorySettings
from flows.signals import is_stopping
from flows.stories.lines import row_of, stories_with
from flows.stories.rows import batches, insert, rows_with, write
from flows.stories.tables import changed, files, sightings, stories, texts

STORIES_AT_ONCE = 20_000  # that are written in a transaction
RECORDS_AT_ONCE = 20_000  # that are in memory, or those of one story


def note_changed(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Note stories whose rows are to be written."""
    for batch in batches(sorted(numbers)):
        connection.execute(sa.delete(changed).where(changed.c.story.in_(batch)))
        insert(connection, changed, [(number,) for number in batch])


def are_noted(connection: sa.Connection) -> bool:
    """Return whether the rows of some stories are still to be written."""
    return connection.execute(sa.select(changed.c.story).limit(1)).first() is not None


def write_changed(engine: sa.Engine, settings: StorySettings) -> None:
    """Write the rows of the stories that are noted, and note the files that hold them or held them; if stopped, a part."""
    query = sa.select(changed.c.story).order_by(changed.c.story).limit(STORIES_AT_ONCE)
    while not is_stopping.is_set():
        with engine.begin() as connection:
            numbers = connection.execute(query).scalars().all()
            if not numbers:
                return
            _write(connection, numbers, settings)
            for batch in batches(numbers):
                connection.execute(sa.delete(changed).where(changed.c.story.in_(batch)))


def _write(connection: sa.Connection, numbers: Sequence[int], settings: StorySettings) -> None:
    to_write: set[str] = set()
    for part in _parts(connection, numbers):
        to_write |= {*connection.execute(sa.select(stories.c.file).where(stories.c.story.in_(part))).scalars()}
        connection.execute(sa.delete(stories).where(stories.c.story.in_(part)))
        rows = [row_of(number, story) for number, story in stories_with(connection, part, settings).items()]
        to_write |= {row["file"] for row in rows}
        write(connection, sa.insert(stories), rows)
    _note_files(connection, to_write)


def _parts(connection: sa.Connection, numbers: Sequence[int]) -> Iterator[list[int]]:
    """Yield stories in lists that few records tell, or that hold one story."""
    counted = (
        sa.select(texts.c.story, sa.func.count().label("records"))
        .join(sightings, sightings.c.text == texts.c.number)
        .group_by(texts.c.story)
    )
    for batch in batches(numbers):
        counts = {row.story: row.records for row in rows_with(connection, counted, texts.c.story, batch)}
        part: list[int] = []
        records = 0
        for story in batch:
            count = counts.get(story, 0)
            if part and records + count > RECORDS_AT_ONCE:
                yield part
                part, records = [], 0
            part.append(story)
            records += count
        yield part


def _note_files(connection: sa.Connection, names: Iterable[str]) -> None:
    """Note files to be written."""
    known = {*connection.execute(sa.select(files.c.name)).scalars()}
    for name in sorted({*names}):
        if name in known:
            connection.execute(sa.update(files).where(files.c.name == name).values(written=""))
        else:
            connection.execute(sa.insert(files), {"name": name, "written": ""})
