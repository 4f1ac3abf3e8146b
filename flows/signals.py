"""Stop a run by signals: a first Ctrl-C finishes the shards at work, a second one or SIGTERM ends it at once.

Called by `flows.execution`, `flows.orchestration`, `flows.export` and `flows.cli`.
"""

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
is_stopping = threading.Event()  # no shard is begun any more
is_ending = threading.Event()  # nor finished
_finishing: list[None] = []  # not empty inside `finishing_on_ctrl_c`
_end_callbacks: list[Callable[[], None]] = []


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let a first Ctrl-C stop a run after the shards at work, and a second one, or SIGTERM, end it at once.

    It ends by an exception, so that half-written files are removed on the way out.
    """

    def handle(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and _finishing and not is_stopping.is_set():
            is_stopping.set()
            return
        _end_work()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        forget_signals()


def _end_work() -> None:
    is_stopping.set()
    is_ending.set()
    for end in tuple(_end_callbacks):
        end()


@contextmanager
def ended_by_foreign_signals() -> Iterator[None]:
    """End the work of a run at once when the handler of another library ends the block, by an exception that is no error."""
    try:
        yield
    except Exception:
        raise
    except BaseException:
        _ignore_sigterm()
        _end_work()
        raise


def _ignore_sigterm() -> None:
    """Let a further SIGTERM do nothing while this process ends: an exception inside a destructor is printed, and lost."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: None)  # a function, as processes begun from here inherit SIG_IGN


def forget_signals() -> None:
    """Let work begin in a process after other work in it was ended."""
    is_stopping.clear()
    is_ending.clear()


@contextmanager
def finishing_on_ctrl_c() -> Iterator[None]:
    """Let a first Ctrl-C do nothing but set `is_stopping`, which the caller checks between two shards."""
    _finishing.append(None)
    try:
        yield
    finally:
        _finishing.pop()


@contextmanager
def ended_at_once(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` when the run ends at once; it stops the work that the run would otherwise wait for."""
    _end_callbacks.append(end)
    try:
        yield
    finally:
        _end_callbacks.remove(end)


@cache
def end_after_signals(grace: float) -> None:
    """End this process at most `grace` seconds after a signal that ends it, even if another handler has replaced ours."""

    def wait() -> None:
        interrupts = 0
        while (number := reader.recv(1)[0]) != signal.SIGTERM:  # other signals with a handler arrive here, too
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
    """Return the message of a run that was stopped after `done` of its shards."""
    again = "run the same command again without --fresh" if fresh else "run the same command again"
    return f"stopped after {done:,} of {shards:,} shards; " + (
        f"{again} to go on with the rest" if done < shards else "nothing is left to do"
    )


def end_now(code: int, message: str = STOPPED) -> NoReturn:
    """Print `message` and end this process at once, and with it its workers and its server; no cleanup runs."""
    sys.stderr.write(f"dehusk: {message}\n")
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Block Ctrl-C, so that threads and processes started inside ignore the terminal's; this thread gets it at the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
