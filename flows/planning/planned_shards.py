"""The shards of a plan, kept outside of memory: the inputs that each will hold, and the sources that are read for it.

Made by `flows.planning.planner`; `flows.execution` takes one after the other.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, overload

from flows.inputs.scratch import Scratch
from flows.planning.shards import Shard
from flows.planning.state import KnownInput

TABLE = "planned (number integer primary key, content blob)"


class ShardHead(NamedTuple):
    """A planned shard without its sources: its name, the bytes to clean, and whether it carries over lines of inputs."""

    name: str
    size: int
    is_carrying: bool


class PlannedShards(Sequence[Shard]):
    """Shards in their order, each read when it is asked for; `heads` are in memory."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._numbers: dict[str, int] = {}  # of the rows with their contents
        self.heads: list[ShardHead] = []

    def add(self, shard: Shard, rows: Sequence[KnownInput]) -> None:
        """Add a shard with the inputs that it will hold."""
        content = zlib.compress(pickle.dumps((shard, rows), pickle.HIGHEST_PROTOCOL), 1)
        self._scratch.run("insert into planned (content) values (?)", (content,))
        (number,) = next(self._scratch.rows("select last_insert_rowid()"))
        self._take(ShardHead(shard.name, shard.size, bool(shard.carried)), number)

    def extend(self, other: PlannedShards) -> None:
        """Add the shards of another plan with the same database."""
        for head in other.heads:
            self._take(head, other._numbers[head.name])

    def planned(self, name: str) -> tuple[Shard, list[KnownInput]]:
        """Return a shard with the inputs that it will hold; raises KeyError for one that is not in the plan."""
        (content,) = next(self._scratch.rows("select content from planned where number = ?", (self._numbers[name],)))
        found: tuple[Shard, list[KnownInput]] = pickle.loads(zlib.decompress(content))
        return found

    @property
    def contents(self) -> Mapping[str, list[KnownInput]]:
        """Return the inputs of each shard by its name."""
        return _Contents(self)

    def __len__(self) -> int:
        return len(self.heads)

    def __iter__(self) -> Iterator[Shard]:
        return (self.planned(head.name)[0] for head in self.heads)

    @overload
    def __getitem__(self, index: int) -> Shard: ...
    @overload
    def __getitem__(self, index: slice) -> list[Shard]: ...
    def __getitem__(self, index: int | slice) -> Shard | list[Shard]:
        if isinstance(index, slice):
            return [self.planned(head.name)[0] for head in self.heads[index]]
        return self.planned(self.heads[index].name)[0]

    def _take(self, head: ShardHead, number: int) -> None:
        self._numbers[head.name] = number
        self.heads.append(head)


class _Contents(Mapping[str, list[KnownInput]]):
    """The inputs of planned shards by name."""

    def __init__(self, shards: PlannedShards) -> None:
        self._shards = shards

    def __getitem__(self, name: str) -> list[KnownInput]:
        return self._shards.planned(name)[1]

    def __iter__(self) -> Iterator[str]:
        return (head.name for head in self._shards.heads)

    def __len__(self) -> int:
        return len(self._shards)
