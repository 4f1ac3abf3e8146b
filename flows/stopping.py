"""What happens when a run is stopped by a signal: by Ctrl-C, or by what manages services."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import NoReturn

STOPPED = "stopped; what is done is kept, and the next run goes on with the rest"

is_stopping = threading.Event()  # so that nothing is begun any more


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does: on the way out, what is half-written is taken away."""

    def leave(number: int, _: FrameType | None) -> None:
        is_stopping.set()
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


@cache
def end_after_signals(grace: float) -> None:
    """End this process at the latest so many seconds after a signal, whoever handles signals by then."""

    def wait() -> None:
        while (number := reader.recv(1)[0]) not in (signal.SIGINT, signal.SIGTERM):
            pass  # others may have handlers, too
        is_stopping.set()
        time.sleep(grace)
        end_now(128 + number)

    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    threading.Thread(target=wait, daemon=True).start()


def end_now(code: int) -> NoReturn:
    """Say that a run was stopped and end this process, and with it its workers and its server, whatever waits for what."""
    sys.stderr.write(f"dehusk: {STOPPED}\n")
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
