"""Find the stories anew that an update changes.

Called by `flows.stories.update`. Links connect texts to components; the stories of a component follow from its links alone. So
those components are looked at whose texts or links have changed, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cleaners.stories.links import Forest, Links, grouped
from flows.stories.changed import note_changed
from flows.stories.intake import Changes
from flows.stories.rows import BATCH, batches, decode_links, rows_with, write
from flows.stories.tables import texts


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its links, its component and its story, and the key of its headline."""

    links: Links
    component: int
    story: int
    mention: bytes | None


def group(connection: sa.Connection, changes: Changes, linked: set[int]) -> None:
    """Find the stories of all texts that were linked or are gone anew, and note those that change.

    A new text without links is a story of its own, as it came.
    """
    _note_seen(connection, changes)
    connected = _connected(connection, linked, changes.gone)
    for gone in batches(sorted(changes.gone)):
        connection.execute(sa.delete(texts).where(texts.c.number.in_(gone)))
    for components in connected:
        _group_components(connection, components, changes)
    _place_headlines(connection, changes)
    note_changed(connection, changes.stories)


def _note_seen(connection: sa.Connection, changes: Changes) -> None:
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
