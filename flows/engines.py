"""Where shards are cleaned: in this process, in a pool of processes on this machine, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from flows.board import Board, tell_on
from flows.pool import Pool
from flows.shard import Settings, ShardResult, clean_shard
from flows.shards import Shard

LOCAL, DASK = "local", "dask"
CleanShard = Callable[[Shard], ShardResult]


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
) -> Iterator[ShardResult | Failure]:
    """Yield what becomes of each shard, as soon as it is known."""
    if not shards:
        return
    if engine == DASK:
        from flows.cluster import in_cluster  # an extra

        yield from in_cluster(scheduler, shards, settings)
        return
    with local(workers, settings, board or Board(shards)) as clean:
        yield from _in_threads(clean, shards, workers)


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


def _in_threads(clean: CleanShard, shards: Iterable[Shard], workers: int) -> Iterator[ShardResult | Failure]:
    if workers == 1:
        yield from (outcome(shard, partial(clean, shard)) for shard in shards)
        return
    with ThreadPoolExecutor(workers) as threads:
        waiting = [threads.submit(outcome, shard, partial(clean, shard)) for shard in shards]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            threads.shutdown(cancel_futures=True)
