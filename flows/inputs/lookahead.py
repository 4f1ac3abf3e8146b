"""Do slow work on the items of a stream in threads, and yield the results in the order of the items.

Called by `flows.inputs.discovery` and `flows.planning.planner`, for many remote inputs, and for large ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 16  # each may hold some megabytes of a file
WAITING = 256  # items behind one that is not done


def in_order(function: Callable[[Item], Result], items: Iterable[Item], is_slow: Callable[[Item], bool]) -> Iterator[Result]:
    """Yield the result of each item in order; slow items are worked on in threads, the others here."""
    waiting: deque[Future[Result] | Item] = deque()

    def first() -> Result:
        item = waiting.popleft()
        return item.result() if isinstance(item, Future) else function(item)

    pool = ThreadPoolExecutor(THREADS)
    try:
        for item in items:
            if is_slow(item):
                waiting.append(pool.submit(function, item))
            elif waiting:
                waiting.append(item)
            else:
                yield function(item)
            while waiting and (len(waiting) > WAITING or not isinstance(waiting[0], Future) or waiting[0].done()):
                yield first()
        while waiting:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)
