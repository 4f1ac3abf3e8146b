"""What happens when a run is stopped: by Ctrl-C, which lets it finish what it has begun, or by what manages services."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import NoReturn

STOPPED = "stopped; what is done is kept, and the next run goes on with the rest"
is_stopping = threading.Event()  # so that nothing is begun any more
is_ending = threading.Event()  # so that nothing is finished any more, either
_finishing: list[None] = []  # not empty while shards are at work that a first Ctrl-C lets be finished
_enders: list[Callable[[], None]] = []


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let a first Ctrl-C stop a run that is at work on shards after those, and a second one, or SIGTERM, end it at once.

    On the way out, what is half-written is taken away.
    """

    def leave(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and _finishing and not is_stopping.is_set():
            is_stopping.set()
            return
        is_stopping.set()
        is_ending.set()
        for end in tuple(_enders):
            end()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        is_stopping.clear()
        is_ending.clear()


@contextmanager
def finishing_on_ctrl_c() -> Iterator[None]:
    """Let a first Ctrl-C do nothing but set `is_stopping`, for those who look at it between two shards."""
    _finishing.append(None)
    try:
        yield
    finally:
        _finishing.pop()


@contextmanager
def ended_at_once(end: Callable[[], None]) -> Iterator[None]:
    """Have `end` called when a run is to end at once: it ends what would else be waited for."""
    _enders.append(end)
    try:
        yield
    finally:
        _enders.remove(end)


@cache
def end_after_signals(grace: float) -> None:
    """End this process at the latest so many seconds after a signal that ends it, whoever handles signals by then."""

    def wait() -> None:
        interrupts = 0
        while (number := reader.recv(1)[0]) != signal.SIGTERM:  # others may have handlers, too
            interrupts += number == signal.SIGINT
            if number == signal.SIGINT and (interrupts > 1 or not _finishing):
                break
        is_stopping.set()
        is_ending.set()
        time.sleep(grace)
        end_now(128 + number)

    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    threading.Thread(target=wait, daemon=True).start()


def stopped_after(done: int, shards: int, *, fresh: bool) -> str:
    """Return what to say of a run that was stopped and has finished what it had begun."""
    again = "run the same command again without --fresh" if fresh else "run the same command again"
    return f"stopped after {done:,} of {shards:,} shards; " + (
        f"{again} to go on with the rest" if done < shards else "nothing is left to do"
    )


def end_now(code: int, said: str = STOPPED) -> NoReturn:
    """Say that a run was stopped and end this process, and with it its workers and its server, whatever waits for what."""
    sys.stderr.write(f"dehusk: {said}\n")
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C in a terminal, which all processes get, does not reach; for this one it waits."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
