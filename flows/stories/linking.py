"""Link texts to the leaders of their keys.

Called by `flows.stories.update`. A text that becomes the leader of a key has all others with that key linked anew, and so has a
leader that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from cleaners.stories.links import OTHER_LOT, Links, links_of, no_links
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import Sketch
from flows.stories.intake import Changes
from flows.stories.rows import batches, decode_sketch, encode, insert, rows_with, streamed, write
from flows.stories.tables import keys, leading, texts, todo

MAX_REMEMBERED = 20_000  # sketches


def link(connection: sa.Connection, changes: Changes, settings: StorySettings) -> set[int]:
    """Link all texts that are new or have other leaders now; texts that are gone lose their keys.

    Returns the numbers of texts whose links may have changed, new texts without any left out.
    """
    linker = _Linker(connection, settings)
    again: set[int] = set()
    for batch in batches(sorted(changes.gone), MAX_REMEMBERED):
        linker.note_keys(batch)
        again |= linker.followers()
        linker.take_keys_out()
    new = _new_texts(connection, changes)
    linker.note_keys(new)
    linker.put_keys_in()
    again |= linker.followers()
    linked = linker.link()
    again -= changes.gone
    again.difference_update(new)
    for batch in batches(sorted(again), MAX_REMEMBERED):
        linker.note_keys(batch)
        linker.take_links()
        linker.link()
    return again | linked


def _new_texts(connection: sa.Connection, changes: Changes) -> list[int]:
    query = sa.select(texts.c.number).where(texts.c.number >= changes.first, texts.c.rank.is_not(None))
    return [number for number in connection.execute(query).scalars() if number not in changes.gone]


class _Linker:
    """Links the texts that have been noted; `leading` holds the leaders of those of their keys that several texts have."""

    def __init__(self, connection: sa.Connection, settings: StorySettings) -> None:
        self._connection, self._settings = connection, settings
        self._sketches: dict[int, tuple[Sketch, int]] = {}

    def note_keys(self, numbers: Iterable[int]) -> None:
        """Note these texts, and no others, as those to do."""
        self._connection.execute(sa.delete(todo))
        query = sa.select(texts.c.number, texts.c.rank, texts.c.sketch).where(texts.c.rank.is_not(None))
        for batch in batches(numbers):
            rows = [
                (int.from_bytes(key, signed=True), number, rank)
                for number, rank, sketch in self._connection.execute(query.where(texts.c.number.in_(batch)))
                for key in {*decode_sketch(sketch).keys}
            ]
            insert(self._connection, todo, rows)
        self._find_leaders()

    def put_keys_in(self) -> None:
        """Put the keys to do into the table of all keys, in their order, as that takes the least reading and writing."""
        rows = sa.select(todo.c.key, todo.c.rank, todo.c.text).order_by(todo.c.key, todo.c.rank)
        self._connection.execute(sa.insert(keys).from_select(["key", "rank", "text"], rows))
        self._find_leaders()

    def take_keys_out(self) -> None:
        """Take the keys to do out of the table of all keys."""
        is_same = (
            keys.c.key == sa.bindparam("of_key"),
            keys.c.rank == sa.bindparam("of_rank"),
            keys.c.text == sa.bindparam("of_text"),
        )
        rows = [
            {"of_key": key, "of_text": text, "of_rank": rank}
            for key, text, rank in self._connection.execute(sa.select(todo.c.key, todo.c.text, todo.c.rank))
        ]
        write(self._connection, sa.delete(keys).where(*is_same), rows)

    def _find_leaders(self) -> None:
        self._connection.execute(sa.delete(leading))
        asked = sa.select(todo.c.key).distinct()
        shared = sa.select(keys.c.key).where(keys.c.key.in_(asked)).group_by(keys.c.key).having(sa.func.count() > 1)
        greatest = sa.select(keys.c.key, sa.func.max(keys.c.rank)).where(keys.c.key.in_(shared)).group_by(keys.c.key, _LOT)
        self._connection.execute(sa.insert(leading).from_select(["key", "rank"], greatest))

    def followers(self) -> set[int]:
        """Return the texts with keys that are led by a text to do."""
        led = sa.select(todo.c.key).join(leading, sa.and_(leading.c.key == todo.c.key, leading.c.rank == todo.c.rank))
        return {*self._connection.execute(sa.select(keys.c.text).distinct().where(keys.c.key.in_(led.distinct()))).scalars()}

    def take_links(self) -> None:
        """Take the links of the texts to do, so that they are as they came."""
        rows = self._connection.execute(sa.select(todo.c.text, todo.c.rank).distinct())
        self._write({number: no_links(rank) for number, rank in rows})

    def link(self) -> set[int]:
        """Link the texts to do to the leaders of their keys, and return those that have some."""
        led_by = sa.and_(keys.c.key == leading.c.key, keys.c.rank == leading.c.rank)
        pairs = (
            sa.select(todo.c.text, keys.c.text)
            .select_from(todo.join(leading, leading.c.key == todo.c.key).join(keys, led_by))
            .where(keys.c.text != todo.c.text)
            .distinct()
            .order_by(todo.c.text)
        )
        linked: set[int] = set()
        found = groupby(streamed(self._connection, pairs), key=itemgetter(0))
        for batch in batches((text, [leader for _, leader in rows]) for text, rows in found):
            self._write(self._links(batch))
            linked |= {text for text, _ in batch}
        return linked

    def _links(self, batch: Sequence[tuple[int, list[int]]]) -> dict[int, Links]:
        known = self._look_up({number for text, leaders in batch for number in (text, *leaders)})
        return {
            text: links_of(*known[text], {leader: known[leader] for leader in leaders}, self._settings)
            for text, leaders in batch
        }

    def _look_up(self, numbers: set[int]) -> dict[int, tuple[Sketch, int]]:
        """Return the sketches of texts with their ranks."""
        if len(self._sketches) > MAX_REMEMBERED:
            self._sketches.clear()
        query = sa.select(texts.c.number, texts.c.sketch, texts.c.rank)
        missing = numbers - self._sketches.keys()
        for number, sketch, rank in rows_with(self._connection, query, texts.c.number, missing):
            self._sketches[number] = decode_sketch(sketch), rank
        return self._sketches

    def _write(self, links: Mapping[int, Links]) -> None:
        change = sa.update(texts).where(texts.c.number == sa.bindparam("of_number")).values(links=sa.bindparam("found"))
        write(self._connection, change, [{"of_number": number, "found": encode(one)} for number, one in links.items()])


_LOT = keys.c.rank >= OTHER_LOT
