"""Where shards are cleaned: in this process, in a pool of processes on this machine, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from flows.board import Board, tell_on
from flows.pool import Pool
from flows.shard import Settings, ShardResult, clean_shard
from flows.shards import Shard
from flows.stopping import finishing_on_ctrl_c, is_stopping
from flows.turns import in_turn

LOCAL, DASK = "local", "dask"
CleanShard = Callable[[Shard], ShardResult]
Results: TypeAlias = "Generator[ShardResult | Failure, None, None]"  # of which the end is told: what is at work is let go


@dataclass(frozen=True, slots=True)
class Failure:
    """A shard that could not be cleaned, and why; the next run tries it again."""

    shard: str
    reason: str


def outcome(shard: Shard, clean: Callable[[], ShardResult]) -> ShardResult | Failure:
    """Return what becomes of a shard, whatever goes wrong with it: the others are to be done all the same."""
    try:
        return clean()
    except OSError as error:
        return Failure(shard.name, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except Exception as error:
        return Failure(shard.name, str(error) or type(error).__name__)


def cleaned(
    engine: str, scheduler: str, workers: int, settings: Settings, shards: list[Shard], board: Board | None = None
) -> Results:
    """Yield what becomes of each shard, as soon as it is known; nothing of those that a run that is stopped does not begin."""
    if not shards:
        return
    board = board or Board(shards)
    if engine == DASK:
        from flows.cluster import in_cluster  # an extra

        yield from in_cluster(scheduler, shards, settings, board)
        return
    with local(workers, settings, board) as clean:
        yield from _here(clean, shards, board) if workers == 1 else _in_threads(clean, shards, workers, board)


@contextmanager
def local(workers: int, settings: Settings, board: Board) -> Iterator[CleanShard]:
    """Give the function that cleans a shard: in this process for one worker, else in a pool of processes."""
    if workers > 1:
        with Pool(workers, settings, board) as pool:
            yield pool.clean
        return
    tell_on(board)
    try:
        yield partial(clean_shard, settings=settings)
    finally:
        tell_on(None)


def _here(clean: CleanShard, shards: list[Shard], board: Board) -> Results:
    with finishing_on_ctrl_c():
        for shard in shards:
            if is_stopping.is_set():
                return
            board.in_hand = 1
            result = outcome(shard, partial(clean, shard))
            board.in_hand = 0
            yield result


def _in_threads(clean: CleanShard, shards: list[Shard], workers: int, board: Board) -> Results:
    with ThreadPoolExecutor(workers) as threads:
        for shard, promise in in_turn(shards, board, lambda: workers, lambda shard: threads.submit(clean, shard)):
            yield outcome(shard, promise.result)
