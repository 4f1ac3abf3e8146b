"""The changes to inputs that the state knows, by shard, kept outside of memory.

Used by `flows.planning.planner`.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Literal, NamedTuple

from flows.inputs.discovery import Source
from flows.inputs.listing import Listing
from flows.inputs.scratch import Scratch
from flows.planning.state import KnownInput

Fate = Literal["clean", "restamp", "remove"]
TABLE = "changes (shard text, name text, start integer, fate text, stamp text, made_by text, piece blob)"


class Change(NamedTuple):
    """The change of an input: to be cleaned again as `source`, or known by another stamp, or removed."""

    fate: Fate
    stamp: str
    source: Source | None = None


class Changes:
    """The changes of inputs; earlier ones in the same database are forgotten."""

    def __init__(self, scratch: Scratch, listing: Listing) -> None:
        self._scratch, self._listing = scratch, listing
        self._scratch.run("drop index if exists by_shard")
        self._scratch.run("delete from changes")
        self._is_ordered = False

    def clean(self, row: KnownInput, piece: Source) -> None:
        """Have an input cleaned again; its output is uncertain from now on."""
        # A piece that is the whole of a file is in the listing.
        is_whole = piece.start == 0 and piece.end is None and not piece.kind
        self._add(row, "clean", row.stamp, "", None if is_whole else pickle.dumps(piece))

    def restamp(self, row: KnownInput) -> None:
        """Have an unchanged input known by its stamp in `row`."""
        self._add(row, "restamp", row.stamp, row.made_by)

    def remove(self, row: KnownInput) -> None:
        """Remove an input; its output is uncertain from now on."""
        self._add(row, "remove", row.stamp, "")

    def shards(self) -> list[str]:
        """Return the shards with inputs to clean or to remove."""
        return [shard for (shard,) in self._scratch.rows("select distinct shard from changes where fate != 'restamp'")]

    def of_shard(self, shard: str) -> dict[tuple[str, int], Change]:
        """Return the changes in a shard by the keys of its inputs."""
        if not self._is_ordered:
            self._scratch.run("create index by_shard on changes (shard)")
            self._is_ordered = True
        query = "select name, start, fate, stamp, piece from changes where shard = ?"
        return {
            (name, start): Change(fate, stamp, self._source(name, piece) if fate == "clean" else None)
            for name, start, fate, stamp, piece in self._scratch.rows(query, (shard,))
        }

    def in_state(self) -> Iterator[KnownInput]:
        """Yield the inputs with the stamps and rules that the state is to know before any work on them."""
        for shard, name, start, stamp, made_by in self._scratch.rows("select shard, name, start, stamp, made_by from changes"):
            yield KnownInput(name, start, None, shard, 0, stamp, "", made_by)

    def __len__(self) -> int:
        (number,) = next(self._scratch.rows("select count(*) from changes"))
        return int(number)

    def _add(self, row: KnownInput, fate: Fate, stamp: str, made_by: str, piece: bytes | None = None) -> None:
        values = (row.shard, row.name, row.start, fate, stamp, made_by, piece)
        self._scratch.run("insert into changes values (?, ?, ?, ?, ?, ?, ?)", values)

    def _source(self, name: str, piece: bytes | None) -> Source:
        source = self._listing.get(name) if piece is None else pickle.loads(piece)
        assert isinstance(source, Source)
        return source
