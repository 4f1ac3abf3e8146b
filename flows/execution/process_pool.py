"""A process pool that survives the death of a worker, and whose workers end with their parent.

Called by `flows.execution.engines`.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Generic, Self

from flows.errors import WorkerEnded
from flows.execution.progress import SharedProgress, report_to
from flows.execution.scheduling import Result, ShardFunction
from flows.planning.shards import Shard
from flows.signals import ended_at_once, is_ending, without_ctrl_c

STOP_SECONDS = 0.5  # a signal to all processes of a run may end its workers before the run itself knows of it


class Pool(Generic[Result]):
    """A pool of processes that call one function with shards; the function is sent to them, and so is what it holds."""

    def __init__(self, workers: int, function: ShardFunction[Result], progress: SharedProgress | None = None) -> None:
        self._workers, self._function, self._progress = workers, function, progress
        self._renewal_lock, self._retry_lock = threading.Lock(), threading.Lock()
        self._pool, self._broken = _processes(workers, progress), list[ProcessPoolExecutor]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pool in (*self._broken, self._pool):
            pool.shutdown(cancel_futures=True)  # waits until its processes are gone, and with them their hold on files

    def call(self, shard: Shard) -> Result:
        """Return the result of a shard; raises WorkerEnded when the shard kills its processes, or the run is stopped."""
        pool = self._pool
        try:
            return self._submit(pool, shard)
        except BrokenProcessPool:
            if is_ending.wait(STOP_SECONDS):
                raise WorkerEnded("the run was stopped") from None
            self._renew(pool)
        # One dead process loses all shards in flight; retrying them one by one shows which of them kills it.
        with self._retry_lock, _processes(1, self._progress) as single:
            try:
                return self._submit(single, shard)
            except BrokenProcessPool:
                raise WorkerEnded("its process was ended twice, perhaps because memory ran out") from None

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._renewal_lock:
            if self._pool is broken:
                self._broken.append(broken)
                self._pool = _processes(self._workers, self._progress)

    def _submit(self, pool: ProcessPoolExecutor, shard: Shard) -> Result:
        with ended_at_once(partial(_kill_processes, pool)):
            if is_ending.is_set():  # `_kill_processes` ran before it could see this shard
                raise WorkerEnded("the run was stopped")
            with without_ctrl_c():  # submitting starts processes, which Ctrl-C must not reach
                future = pool.submit(self._function, shard)
            return future.result()


def _kill_processes(pool: ProcessPoolExecutor) -> None:
    """Kill the processes of a pool; whoever waits for a result gets BrokenProcessPool."""
    for process in list((pool._processes or {}).values()):
        process.kill()


def _processes(workers: int, progress: SharedProgress | None) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=(progress,))


def _prepare(progress: SharedProgress | None) -> None:
    """Prepare a worker process for its shards."""
    report_to(progress)
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process as soon as its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches all; the parent ends its workers
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
