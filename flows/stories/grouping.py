"""Find the stories anew that an update changes, and the files that hold them.

Called by `flows.stories.update`. Links connect texts to components; the stories of a component follow from its links alone. So
those components are looked at whose texts or links have changed, and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cleaners.stories.links import Forest, Links, grouped
from cleaners.stories.settings import StorySettings
from flows.stories.intake import Changes
from flows.stories.lines import row_of, stories_with
from flows.stories.rows import BATCH, batches, decode_links, rows_with, write
from flows.stories.tables import files, sightings, stories, texts

RECORDS_AT_ONCE = 20_000  # that are in memory, or those of one story


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its links, its component and its story, and the key of its headline."""

    links: Links
    component: int
    story: int
    mention: bytes | None


def group(connection: sa.Connection, changes: Changes, linked: set[int], settings: StorySettings) -> None:
    """Find the stories of all texts that were linked or are gone anew, and note the files to be written.

    A new text without links is a story of its own, as it came.
    """
    _note_changed(connection, changes)
    connected = _connected(connection, linked, changes.gone)
    for gone in batches(sorted(changes.gone)):
        connection.execute(sa.delete(texts).where(texts.c.number.in_(gone)))
    for components in connected:
        _group_components(connection, components, changes)
    _place_headlines(connection, changes)
    _write_stories(connection, changes.stories, settings)


def _note_changed(connection: sa.Connection, changes: Changes) -> None:
    """Note the stories of texts with other sightings, and the headlines of texts that are new or gone."""
    query = sa.select(texts.c.number, texts.c.story, texts.c.mention)
    for number, story, mention in rows_with(connection, query, texts.c.number, changes.seen | changes.gone):
        changes.stories.add(story)
        if mention and (number in changes.gone or number >= changes.first):
            changes.mentions.add(mention)


def _connected(connection: sa.Connection, linked: set[int], gone: set[int]) -> list[list[int]]:
    """Return components in lists that no link leads out of, of some BATCH components each, or of one that is larger."""
    components: dict[int, int] = {}
    links: dict[int, list[int]] = {}
    query = sa.select(texts.c.number, texts.c.component, texts.c.links).where(texts.c.rank.is_not(None))
    for number, component, found in rows_with(connection, query, texts.c.number, linked | gone):
        components[number] = component
        if number in linked and found:
            links[number] = decode_links(found).texts
    others = {other for found in links.values() for other in found} - components.keys()
    components |= {number: component for number, component, _ in rows_with(connection, query, texts.c.number, others)}
    forest = Forest(components.values())
    for number, found in links.items():
        for other in found:
            forest.join(components[number], components[other])
    lists: list[list[int]] = [[]]
    for connected in forest.groups():
        if len(lists[-1]) >= BATCH:
            lists.append([])
        lists[-1] += connected
    return lists


def _group_components(connection: sa.Connection, components: Sequence[int], changes: Changes) -> None:
    """Find the components and stories of all texts of some components anew."""
    query = sa.select(texts.c.number, texts.c.links, texts.c.component, texts.c.story, texts.c.mention)
    found = {
        number: _Text(decode_links(links), component, story, mention)
        for number, links, component, story, mention in rows_with(connection, query, texts.c.component, components)
    }
    forest = Forest(found)
    for number, text in found.items():
        for other in text.links.texts:
            forest.join(number, other)
    rows = []
    for story in grouped({number: text.links for number, text in found.items()}):
        for number in story:
            text = found[number]
            now = forest.root(number), story[0]
            if now != (text.component, text.story):
                rows.append({"of_number": number, "of_component": now[0], "of_story": now[1]})
            if text.story != story[0]:
                changes.stories |= {text.story, story[0]}
                if text.mention:
                    changes.mentions.add(text.mention)
    change = sa.update(texts).where(texts.c.number == sa.bindparam("of_number"))
    write(connection, change.values(component=sa.bindparam("of_component"), story=sa.bindparam("of_story")), rows)


def _place_headlines(connection: sa.Connection, changes: Changes) -> None:
    """Put the headlines that may be of another story now into the one story that they mention, or into one of their own."""
    with_mention: dict[bytes, set[int]] = {}
    headlines: list[tuple[int, bytes, int]] = []
    query = sa.select(texts.c.number, texts.c.mention, texts.c.story, texts.c.rank)
    for number, mention, story, rank in rows_with(connection, query, texts.c.mention, sorted(changes.mentions)):
        if rank is None:
            headlines.append((number, mention, story))
        else:
            with_mention.setdefault(mention, set()).add(story)
    rows = []
    for number, mention, story in headlines:
        found = with_mention.get(mention, set())
        now = min(found) if len(found) == 1 else number
        changes.stories |= {story, now}
        if now != story:
            rows.append({"of_number": number, "of_story": now})
    write(
        connection,
        sa.update(texts).where(texts.c.number == sa.bindparam("of_number")).values(story=sa.bindparam("of_story")),
        rows,
    )


def _write_stories(connection: sa.Connection, changed: Iterable[int], settings: StorySettings) -> None:
    """Write the rows of stories that have changed, and note the files that hold them or held them."""
    to_write: set[str] = set()
    for batch in _parts(connection, changed):
        to_write |= {*connection.execute(sa.select(stories.c.file).where(stories.c.story.in_(batch))).scalars()}
        connection.execute(sa.delete(stories).where(stories.c.story.in_(batch)))
        rows = [row_of(number, story) for number, story in stories_with(connection, batch, settings).items()]
        to_write |= {row["file"] for row in rows}
        write(connection, sa.insert(stories), rows)
    note_files(connection, to_write)


def _parts(connection: sa.Connection, changed: Iterable[int]) -> Iterator[list[int]]:
    """Yield stories in lists that few records tell, or that hold one story."""
    counted = (
        sa.select(texts.c.story, sa.func.count().label("records"))
        .join(sightings, sightings.c.text == texts.c.number)
        .group_by(texts.c.story)
    )
    for batch in batches(sorted(changed)):
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


def note_files(connection: sa.Connection, names: Iterable[str]) -> None:
    """Note files to be written."""
    known = {*connection.execute(sa.select(files.c.name)).scalars()}
    for name in sorted({*names}):
        if name in known:
            connection.execute(sa.update(files).where(files.c.name == name).values(written=""))
        else:
            connection.execute(sa.insert(files), {"name": name, "written": ""})
