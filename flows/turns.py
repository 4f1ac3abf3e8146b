"""Begin shards one after the other, as many at once as there are hands, and none any more once a run is to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from flows.board import Board
from flows.shards import Shard
from flows.stopping import finishing_on_ctrl_c, is_stopping


class Promise(Protocol):
    """What will be the outcome of a shard: a future, of whatever engine."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> object:
        """Call `fn` once the outcome is there."""


P = TypeVar("P", bound=Promise)


def in_turn(
    shards: Iterable[Shard], board: Board, hands: Callable[[], int], begin: Callable[[Shard], P]
) -> Iterator[tuple[Shard, P]]:
    """Yield each shard that was begun, as soon as it is over, with its promise.

    No more than that are handed to an engine, which would begin them after the run was told to stop, too.
    """
    waiting = iter(shards)
    over: SimpleQueue[tuple[Shard, P]] = SimpleQueue()

    def tell(shard: Shard, promise: P, _: object) -> None:
        over.put((shard, promise))

    def fill() -> None:
        while not is_stopping.is_set() and board.in_hand < hands() and (shard := next(waiting, None)):
            board.in_hand += 1
            promise = begin(shard)
            promise.add_done_callback(partial(tell, shard, promise))

    with finishing_on_ctrl_c():
        fill()
        while board.in_hand:
            done = over.get()
            board.in_hand -= 1
            fill()
            yield done
