"""Write the files of `stories/` that hold stories that have changed.

Called by `flows.stories.update`. A file is written as a whole, out of the tables alone, so that it may be lost or damaged;
until it is noted in the tables as written, the next update writes it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from cleaners.stories.choice import Copy
from cleaners.stories.settings import shipped_settings
from cleaners.stories.sighting import Sighting, place
from cleaners.stories.sketch import Sketch
from cleaners.stories.story import Story, story_of
from flows.display import printable_json
from flows.layout import STORIES
from flows.output.atomic import LinesFile, remove_files
from flows.output.story_line import MAX_SEEN, Seen, SeenPage, StoryLine
from flows.output.written import WrittenFile, fault_of, written_file
from flows.stories.rows import batches, sightings_of, sketches_of, streamed
from flows.stories.tables import files, stories

NAME = re.compile(r"\d{4}-\d\d-\d\d|undated", re.ASCII)
ANY = Sketch(mention=b"")  # of the only text of a story, which is compared with none
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(WrittenFile).decode


def write_files(engine: sa.Engine, out: Path) -> int:
    """Write all files that are to be written, those that are gone or damaged among them; return their number."""
    with engine.connect() as connection:
        known = dict(iter(connection.execute(sa.select(files.c.name, files.c.written)).tuples()))
    remove_files(file for file in (out / STORIES).glob("*.jsonl") if NAME.fullmatch(file.stem) and file.stem not in known)
    changed = [name for name, written in sorted(known.items()) if not written or fault_of(file_of(out, name), _decode(written))]
    for name in changed:
        with engine.begin() as connection:
            _write_file(connection, out, name)
    return len(changed)


def file_of(out: Path, name: str) -> Path:
    """Return a file of stories."""
    return out / STORIES / f"{name}.jsonl"


def written_files(connection: sa.Connection) -> dict[str, WrittenFile | None]:
    """Return the files of stories by their names below the output folder, None for one to be written."""
    rows = connection.execute(sa.select(files.c.name, files.c.written).order_by(files.c.name))
    return {f"{STORIES}/{name}.jsonl": _decode(written) if written else None for name, written in rows}


def _write_file(connection: sa.Connection, out: Path, name: str) -> None:
    path = file_of(out, name)
    query = sa.select(stories.c.id, stories.c.story).where(stories.c.file == name).order_by(stories.c.id)
    with LinesFile(path) as file:
        for batch in batches(streamed(connection, query)):
            found = stories_with(connection, [story for _, story in batch])
            for identifier, story in batch:
                file.write([printable_json(_encode(line)) for line in lines_of(identifier, found[story])])
    if not file.lines:
        connection.execute(sa.delete(files).where(files.c.name == name))
        return
    written = _encode(written_file(path, file.sha256)).decode()
    connection.execute(sa.update(files).where(files.c.name == name).values(written=written))


def stories_with(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, Story]:
    """Return stories by their numbers."""
    copies: dict[int, dict[int, list[Sighting]]] = {number: {} for number in numbers}
    headlines: dict[int, list[Sighting]] = {number: [] for number in numbers}
    for story, text, is_text, sighting in sightings_of(connection, numbers):
        (copies[story].setdefault(text, []) if is_text else headlines[story]).append(sighting)
    several = [text for by_text in copies.values() if len(by_text) > 1 for text in by_text]
    sketches = sketches_of(connection, several)
    return {
        number: story_of(
            [Copy(sketches.get(text, ANY), sorted(seen, key=place)) for text, seen in by_text.items()],
            sorted(headlines[number], key=place),
            shipped_settings(),
        )
        for number, by_text in copies.items()
    }


def lines_of(identifier: str, story: Story) -> Iterator[StoryLine]:
    """Yield the lines of a story."""
    canonical = story.canonical
    times = [sighting.seen for sighting, _ in story.seen if sighting.seen]
    for part, rows in enumerate(batches(story.seen, MAX_SEEN)):
        yield StoryLine(
            story=identifier,
            part=part,
            canonical=canonical.record,
            best=story.best.record if story.best else "",
            title=canonical.title,
            source=canonical.source,
            published=canonical.published,
            language=canonical.language,
            first_seen=min(times, default=""),
            last_seen=max(times, default=""),
            count=len(story.seen),
            seen=[
                Seen(one.record, relation, SeenPage(one.page, one.path, one.url, one.seen), one.position)
                for one, relation in rows
            ],
        )
