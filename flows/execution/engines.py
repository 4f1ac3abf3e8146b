"""Clean shards, or do other work with them, on an engine: this process, a pool of processes, or a Dask cluster.

Called by `flows.execution.run` and `flows.learning.gather`; the Prefect flow uses `worker_function` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from flows.errors import UsageError
from flows.execution.process_pool import Pool
from flows.execution.progress import SharedProgress, report_to
from flows.execution.scheduling import Outcomes, Result, ShardFunction, result_or_failure, run_bounded
from flows.execution.shard import ShardResult, clean_shard
from flows.options import DASK, LOCAL, Engine, RunOptions, WorkerSettings
from flows.planning.shards import Shard
from flows.signals import finishing_on_ctrl_c, is_stopping


def clean_shards(
    engine: Engine,
    scheduler: str,
    workers: int,
    settings: WorkerSettings,
    shards: Sequence[Shard],
    progress: SharedProgress | None = None,
) -> Outcomes[ShardResult]:
    """Yield the result or failure of each shard that is cleaned, as `run_shards` does."""
    return run_shards(engine, scheduler, workers, cleaning(settings), settings.holder, shards, progress)


def cleaning(settings: WorkerSettings) -> ShardFunction[ShardResult]:
    """Return the function that cleans a shard with these settings."""
    return partial(clean_shard, settings=settings)


def run_shards(
    engine: Engine,
    scheduler: str,
    workers: int,
    function: ShardFunction[Result],
    holder: str,
    shards: Sequence[Shard],
    progress: SharedProgress | None = None,
) -> Outcomes[Result]:
    """Yield the result or failure of each shard as soon as it is known; a stopped run yields only the shards it began.

    `function` can be sent to other processes and to the workers of a cluster. `holder` is the token of the run there.
    """
    if not shards:
        return
    progress = progress or SharedProgress(shards)
    if engine == DASK:
        from flows.execution.dask import run_on_cluster  # an extra

        yield from run_on_cluster(scheduler, shards, function, holder, progress)
        return
    with worker_function(workers, function, progress) as call:
        yield from _in_this_process(call, shards, progress) if workers == 1 else _in_threads(call, shards, workers, progress)


def check_engine(options: RunOptions) -> None:
    """Raise UsageError when there is no such engine, or the options do not say where it is."""
    if options.engine not in (LOCAL, DASK):
        raise UsageError(f"--engine: there is no engine {options.engine!r}; use {LOCAL} or {DASK}")
    if options.engine == DASK and not options.scheduler:
        raise UsageError("--engine dask needs the address of a scheduler, as in: --scheduler tcp://host:8786")


@contextmanager
def worker_function(workers: int, function: ShardFunction[Result], progress: SharedProgress) -> Iterator[ShardFunction[Result]]:
    """Yield the function to call with a shard: `function` itself for one worker, else its call in a pool of processes."""
    if workers > 1:
        with Pool(workers, function, progress) as pool:
            yield pool.call
        return
    report_to(progress)
    try:
        yield function
    finally:
        report_to(None)


def _in_this_process(call: ShardFunction[Result], shards: Sequence[Shard], progress: SharedProgress) -> Outcomes[Result]:
    with finishing_on_ctrl_c():
        for shard in shards:
            if is_stopping.is_set():
                return
            progress.in_flight = 1
            outcome = result_or_failure(shard, partial(call, shard))
            progress.in_flight = 0
            yield outcome


def _in_threads(
    call: ShardFunction[Result], shards: Sequence[Shard], workers: int, progress: SharedProgress
) -> Outcomes[Result]:
    with ThreadPoolExecutor(workers) as threads:
        for shard, future in run_bounded(shards, progress, lambda: workers, lambda shard: threads.submit(call, shard)):
            yield result_or_failure(shard, future.result)
