"""Bounded submission of shards: a run never has more shards in hand than an engine has slots."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol, TypeAlias, TypeVar

from flows.execution.progress import SharedProgress
from flows.execution.shard import ShardResult
from flows.output.manifest import ShardFailure
from flows.planning.shards import Shard
from flows.signals import finishing_on_ctrl_c, is_stopping


class Pending(Protocol):
    """What will be the outcome of a shard: a future, of whatever engine."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> object:
        """Call `fn` once the outcome is there."""


P = TypeVar("P", bound=Pending)


def run_bounded(
    shards: Iterable[Shard], progress: SharedProgress, slots: Callable[[], int], begin: Callable[[Shard], P]
) -> Iterator[tuple[Shard, P]]:
    """Yield each shard that was begun, as soon as it is over, with its promise.

    No more than that are handed to an engine, which would begin them after the run was told to stop, too.
    """
    waiting = iter(shards)
    over: SimpleQueue[tuple[Shard, P]] = SimpleQueue()

    def tell(shard: Shard, promise: P, _: object) -> None:
        over.put((shard, promise))

    def fill() -> None:
        while not is_stopping.is_set() and progress.in_hand < slots() and (shard := next(waiting, None)):
            progress.in_hand += 1
            promise = begin(shard)
            promise.add_done_callback(partial(tell, shard, promise))

    with finishing_on_ctrl_c():
        fill()
        while progress.in_hand:
            done = over.get()
            progress.in_hand -= 1
            fill()
            yield done


CleanShard = Callable[[Shard], ShardResult]


Outcomes: TypeAlias = "Generator[ShardResult | ShardFailure, None, None]"  # of which the end is told: what is at work is let go


def outcome(shard: Shard, clean: Callable[[], ShardResult]) -> ShardResult | ShardFailure:
    """Return what becomes of a shard, whatever goes wrong with it: the others are to be done all the same."""
    try:
        return clean()
    except OSError as error:
        return ShardFailure(shard.name, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except Exception as error:
        return ShardFailure(shard.name, str(error) or type(error).__name__)
