"""Bounded submission of shards: a run never has more shards in flight than an engine has slots.

Called by `flows.execution.engines`, `flows.execution.dask` and `flows.orchestration.flow`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol, TypeAlias, TypeVar

from flows.display import os_error_text
from flows.execution.progress import SharedProgress
from flows.output.manifest import ShardFailure
from flows.planning.shards import Shard
from flows.signals import finishing_on_ctrl_c, is_stopping

Result = TypeVar("Result")  # of a shard: counters, not data
ShardFunction: TypeAlias = Callable[[Shard], Result]
Outcomes: TypeAlias = Generator[Result | ShardFailure, None, None]  # closing it cancels the shards in flight


class Pending(Protocol):
    """A future of any engine."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> object:
        """Call `fn` once the future is done."""


Future = TypeVar("Future", bound=Pending)


def run_bounded(
    shards: Iterable[Shard], progress: SharedProgress, slots: Callable[[], int], submit: Callable[[Shard], Future]
) -> Iterator[tuple[Shard, Future]]:
    """Submit shards while slots are free, and yield each with its future as soon as that is done.

    An engine would also begin shards that wait in its own queue after a stop of the run, so it gets no more than it has slots.
    """
    waiting = iter(shards)
    finished: SimpleQueue[tuple[Shard, Future]] = SimpleQueue()

    def enqueue(shard: Shard, future: Future, _: object) -> None:
        finished.put((shard, future))

    def fill_slots() -> None:
        while not is_stopping.is_set() and progress.in_flight < slots() and (shard := next(waiting, None)):
            progress.in_flight += 1
            future = submit(shard)
            future.add_done_callback(partial(enqueue, shard, future))

    with finishing_on_ctrl_c():
        fill_slots()
        while progress.in_flight:
            done = finished.get()
            progress.in_flight -= 1
            fill_slots()
            yield done


def result_or_failure(shard: Shard, get_result: Callable[[], Result]) -> Result | ShardFailure:
    """Return the result of a shard, or the failure with its reason, so that the other shards go on."""
    try:
        return get_result()
    except OSError as error:
        return ShardFailure(shard.name, os_error_text(error))
    except Exception as error:
        return ShardFailure(shard.name, str(error) or type(error).__name__)
