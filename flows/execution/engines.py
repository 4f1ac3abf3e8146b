"""Clean shards on an engine: this process, a pool of processes on this machine, or a Dask cluster.

Called by `flows.execution.run`; the Prefect flow uses `worker_function` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from flows.execution.process_pool import Pool
from flows.execution.progress import SharedProgress, report_to
from flows.execution.scheduling import CleanShard, Outcomes, result_or_failure, run_bounded
from flows.execution.shard import clean_shard
from flows.options import DASK, Engine, WorkerSettings
from flows.planning.shards import Shard
from flows.signals import finishing_on_ctrl_c, is_stopping


def clean_shards(
    engine: Engine,
    scheduler: str,
    workers: int,
    settings: WorkerSettings,
    shards: list[Shard],
    progress: SharedProgress | None = None,
) -> Outcomes:
    """Yield the result or failure of each shard as soon as it is known; a stopped run yields only the shards it began."""
    if not shards:
        return
    progress = progress or SharedProgress(shards)
    if engine == DASK:
        from flows.execution.dask import clean_on_cluster  # an extra

        yield from clean_on_cluster(scheduler, shards, settings, progress)
        return
    with worker_function(workers, settings, progress) as clean:
        yield from _in_this_process(clean, shards, progress) if workers == 1 else _in_threads(clean, shards, workers, progress)


@contextmanager
def worker_function(workers: int, settings: WorkerSettings, progress: SharedProgress) -> Iterator[CleanShard]:
    """Yield the function that cleans a shard: in this process for one worker, else in a pool of processes."""
    if workers > 1:
        with Pool(workers, settings, progress) as pool:
            yield pool.clean
        return
    report_to(progress)
    try:
        yield partial(clean_shard, settings=settings)
    finally:
        report_to(None)


def _in_this_process(clean: CleanShard, shards: list[Shard], progress: SharedProgress) -> Outcomes:
    with finishing_on_ctrl_c():
        for shard in shards:
            if is_stopping.is_set():
                return
            progress.in_flight = 1
            outcome = result_or_failure(shard, partial(clean, shard))
            progress.in_flight = 0
            yield outcome


def _in_threads(clean: CleanShard, shards: list[Shard], workers: int, progress: SharedProgress) -> Outcomes:
    with ThreadPoolExecutor(workers) as threads:
        for shard, future in run_bounded(shards, progress, lambda: workers, lambda shard: threads.submit(clean, shard)):
            yield result_or_failure(shard, future.result)
