"""Bring the records of shards into the tables of stories: their texts, each once, and where they were seen.

Called by `flows.stories.update`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from cleaners.stories.links import no_links, rank_of
from cleaners.stories.relation import has_text
from cleaners.stories.sketch import identity
from flows.stories.rows import batches, encode, insert, next_number, rows_with
from flows.stories.sketches import SketchedRecord
from flows.stories.tables import shards, sightings, texts


@dataclass(slots=True)
class Changes:
    """What a part of an update changes: numbers of texts.

    `first` is the first number of the new ones. Of the texts in `seen`, the sightings have changed. `gone` holds those that are
    seen nowhere any more, `stories` the numbers of stories that have changed, `mentions` the keys of headlines that may be of
    another story now.
    """

    first: int
    seen: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    stories: set[int] = field(default_factory=set)
    mentions: set[bytes] = field(default_factory=set)


class Intake:
    """Takes in the records of shards, one after the other."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._next_text = next_number(connection, texts.c.number)
        self._next_sighting = next_number(connection, sightings.c.number)
        self.changes = Changes(self._next_text)
        self._unseen: set[int] = set()  # texts that have lost a sighting

    def take(self, shard: str, digest: str, records: Iterable[SketchedRecord]) -> int:
        """Take in the records of a shard in the place of those known of it, and return their number."""
        connection = self._connection
        number = connection.execute(sa.select(shards.c.number).where(shards.c.name == shard)).scalar()
        if number is None:
            number = next_number(connection, shards.c.number)
            connection.execute(sa.insert(shards), {"number": number, "name": shard, "records": digest})
        else:
            connection.execute(sa.update(shards).where(shards.c.number == number).values(records=digest))
        known = self._known(number)
        count = 0
        for batch in batches(records):
            count += len(batch)
            rows = []
            for text, sighting in zip(self._texts(batch), (encode(sighting) for _, sighting in batch), strict=True):
                if known.pop((text, sighting), None) is None:
                    rows.append((self._next_sighting, number, text, sighting))
                    self._next_sighting += 1
                    self.changes.seen.add(text)
            insert(connection, sightings, rows)
        self._forget(known)
        return count

    def drop(self, shard: str) -> None:
        """Take the records of a shard out."""
        number = self._connection.execute(sa.select(shards.c.number).where(shards.c.name == shard)).scalar_one()
        self._forget(self._known(number))
        self._connection.execute(sa.delete(shards).where(shards.c.number == number))

    def finish(self) -> Changes:
        """Return the changes, with the texts that are gone."""
        seen = {
            text
            for (text,) in rows_with(self._connection, sa.select(sightings.c.text).distinct(), sightings.c.text, self._unseen)
        }
        self.changes.gone = self._unseen - seen
        self.changes.seen -= self.changes.gone
        return self.changes

    def _known(self, shard: int) -> dict[tuple[int, bytes], int]:
        """Return the numbers of the sightings known of a shard, by text and content."""
        query = sa.select(sightings.c.text, sightings.c.sighting, sightings.c.number).where(sightings.c.shard == shard)
        return {(text, sighting): number for text, sighting, number in self._connection.execute(query)}

    def _forget(self, known: dict[tuple[int, bytes], int]) -> None:
        for batch in batches(known.values()):
            self._connection.execute(sa.delete(sightings).where(sightings.c.number.in_(batch)))
        lost = {text for text, _ in known}
        self.changes.seen |= lost
        self._unseen |= lost

    def _texts(self, batch: list[SketchedRecord]) -> list[int]:
        """Return the numbers of the texts of some records; new texts are added."""
        identities = [identity(sketch) for sketch, _ in batch]
        query = sa.select(texts.c.identity, texts.c.number)
        found = rows_with(self._connection, query, texts.c.identity, {*identities})
        numbers: dict[int, int] = {row.identity: row.number for row in found}
        rows: list[tuple[object, ...]] = []
        for one, (sketch, _) in zip(identities, batch, strict=True):
            if one in numbers:
                continue
            number = numbers[one] = self._next_text
            self._next_text += 1
            mention, encoded = sketch.mention or None, encode(sketch)
            if has_text(sketch):
                rank = rank_of(sketch, one)
                rows.append((number, one, rank, mention, encoded, encode(no_links(rank)), number, number))
            else:
                rows.append((number, one, None, mention, encoded, b"", None, number))
        insert(self._connection, texts, rows)
        return [numbers[one] for one in identities]
