"""Bounded waiting: every wait of a test ends. Called by tests and by the services that they start."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 300  # a bound so that nothing hangs, even on a machine under full load; no wait should come near it
LOOK_SECONDS = 0.1
ASK_SECONDS = 0.5  # where each look is work for a server


def wait_until(look: Callable[[], T], event: str, seconds: float = PATIENCE_SECONDS, pause: float = LOOK_SECONDS) -> T:
    """Call `look` until its result is true and return that; raises TimeoutError, which names the event, after some seconds."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{event} took more than {seconds} s")
        time.sleep(pause)
    return seen
