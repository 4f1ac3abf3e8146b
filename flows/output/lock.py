"""The lock of an output folder, for one run at a time; the kernel frees it when its process ends.

Called by `flows.execution`, `flows.output.atomic`, `flows.inspect` and `flows.export.dataset`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Busy, Superseded
from flows.layout import LOCK

TRIES, TRY_SECONDS = 5, 0.02  # `is_held` itself holds the lock for an instant


@contextmanager
def locked(out: Path) -> Iterator[str]:
    """Hold an output folder and yield the token of this holder; raises Busy when another run holds it.

    The file stays: a run that removed it could not know whether another one has opened it already.
    """
    handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        for tries_left in reversed(range(TRIES)):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not tries_left:
                    raise Busy(f"another run is at work in {out}") from None
                time.sleep(TRY_SECONDS)
        token = secrets.token_hex(16)
        os.truncate(handle, 0)
        os.pwrite(handle, token.encode(), 0)
        yield token
    finally:
        os.close(handle)


def check_holder(out: Path, token: str) -> None:
    """Raise Superseded unless `token` is that of the last holder: workers of an earlier run on a cluster must not write."""
    if (out / LOCK).read_text(encoding="ascii") != token:
        raise Superseded(f"another run has begun in {out}")


def is_held(out: Path) -> bool:
    """Return whether a run is at work in an output folder."""
    if not (out / LOCK).exists():
        return False
    with (out / LOCK).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
