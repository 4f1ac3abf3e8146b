"""Do the jobs of the fit in several processes; the results do not depend on how many there are."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Job = TypeVar("Job")
Result = TypeVar("Result")
_work: list[Any] = []  # the function and its jobs, for the processes that are forked


def each(do: Callable[[Job], Result], jobs: Sequence[Job], processes: int) -> list[Result]:
    """Return the result of each job, in their order.

    A forked process sees all that this one holds, so that pages are not copied. Each works in a single thread, which also keeps
    sums in one order.
    """
    with threadpool_limits(1):
        if processes == 1:
            return [do(job) for job in jobs]
        _work[:] = [do, jobs]
        gc.freeze()  # a collection in a forked process would copy the pages
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            return list(pool.map(_do, range(len(jobs))))


def _do(number: int) -> Any:
    do, jobs = _work
    return do(jobs[number])
