"""Show the stories of an output folder: their numbers, the most repeated ones, and the pages of a story.

Called by `flows.inspect.status` and `flows.report.build`. The tables are read, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.output.story_line import StoryLine
from flows.output.written import Files
from flows.stories.changed import are_noted
from flows.stories.database import Fault, Unreadable, tables_to_read
from flows.stories.files import written_files
from flows.stories.tables import stories
from flows.stories.update import known_shards, records_of

MOST_REPEATED = 10  # stories that are shown
Condition: TypeAlias = Literal["up to date", "behind"] | Fault
BEHIND = "behind the records; the next run brings them up"
_decode = msgspec.json.Decoder(StoryLine).decode


@dataclass(frozen=True, slots=True)
class StoryCounts:
    """Numbers of stories, of their records, of those of these with a text, and of texts beyond the first one of each story."""

    stories: int
    records: int
    with_text: int
    duplicates: int

    @property
    def share(self) -> float:
        """Return the share of duplicates among the records with a text."""
        return self.duplicates / self.with_text if self.with_text else 0.0


@dataclass(frozen=True, slots=True)
class Overview:
    """The stories of an output folder: how they stand to its records, their counts, and the most repeated ones.

    Of stories that cannot be read there are no counts, and `problem` is a sentence on that. `most_repeated` has the first line
    of each, with its first records.
    """

    condition: Condition
    problem: str = ""
    counts: StoryCounts | None = None
    most_repeated: tuple[StoryLine, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the overview as plain values."""
        counts = asdict(self.counts) | {"share": round(self.counts.share, 6)} if self.counts else None
        names = ("story", "title", "source", "count", "first_seen", "last_seen")
        repeated = [{name: getattr(line, name) for name in names} for line in self.most_repeated]
        return {"condition": self.condition, "problem": self.problem, "counts": counts, "most_repeated": repeated}

    def text_lines(self) -> Iterator[str]:
        """Yield the overview as lines of text."""
        if self.counts is None:
            yield f"stories: {self.problem}"
            return
        counts = self.counts
        yield (
            f"stories: {counts.stories:,} in {counts.records:,} records;"
            f" {counts.share:.1%} of the {counts.with_text:,} records with a text are duplicates"
        )
        if self.condition == "behind":
            yield f"stories: {BEHIND}"
        for line in self.most_repeated:
            times = f", {line.first_seen} to {line.last_seen}" if line.first_seen else ""
            source = f" ({line.source})" if line.source else ""
            yield f"story {line.story}, {line.count:,} times{times}: {line.title}{source}"


NO_STORIES = Overview("none", "no stories have been made")


def overview(out: Path, url: str, shards: Mapping[str, Files]) -> Overview:
    """Return an overview of the stories, held to the files of the shards in the state."""
    try:
        with tables_to_read(out, url) as connection:
            is_written = not are_noted(connection) and None not in written_files(connection).values()
            is_up = is_written and known_shards(connection) == records_of(shards)
            found = _counts(connection), tuple(_most_repeated(connection))
            return Overview("up to date" if is_up else "behind", "", *found)
    except Unreadable as error:
        return Overview(error.fault, error.sentence)


def story_lines(out: Path, url: str, identifier: str) -> list[StoryLine]:
    """Return the lines of a story, with all its records in order; raises UsageError when there is no such story."""
    try:
        with tables_to_read(out, url) as connection:
            # In two steps, as the first one then reads nothing but an index.
            number = connection.execute(sa.select(stories.c.story).where(stories.c.id == identifier)).scalar()
            if number is None:
                raise UsageError(f"--story: {out} has no story {identifier}; its stories are in the files of stories/")
            return [_decode(line) for line in _lines(connection, number).split(b"\n")]
    except Unreadable as error:
        raise (Failed if error.fault == "busy" else UsageError)(f"--story: {error.sentence}") from None


def _counts(connection: sa.Connection) -> StoryCounts:
    total = (sa.func.coalesce(sa.func.sum(column), 0) for column in (stories.c.count, stories.c.texts, _HAS_TEXT))
    number, records, texts, with_text = map(
        int, connection.execute(sa.select(sa.func.count(), *total).select_from(stories)).one()
    )
    return StoryCounts(number, records, texts, texts - with_text)


def _most_repeated(connection: sa.Connection) -> Iterator[StoryLine]:
    """Yield the first lines of the stories with the most records, one story in memory at a time."""
    largest = sa.select(stories.c.story).where(stories.c.count > 1).order_by(stories.c.count.desc(), stories.c.id)
    for number in connection.execute(largest.limit(MOST_REPEATED)).scalars().all():
        yield _decode(_lines(connection, number).partition(b"\n")[0])


def _lines(connection: sa.Connection, story: int) -> bytes:
    lines: bytes = connection.execute(sa.select(stories.c.lines).where(stories.c.story == story)).scalar_one()
    return lines


_HAS_TEXT = sa.case((stories.c.texts > 0, 1), else_=0)
