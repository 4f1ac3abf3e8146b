"""The lock of an output folder, for one run at a time; the kernel frees it when its process ends.

Called by `flows.execution`, `flows.output.atomic`, `flows.inspect` and `flows.export.dataset`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Busy, Superseded, UsageError
from flows.layout import LOCK

TRIES, TRY_SECONDS = 5, 0.02  # `is_held` itself holds the lock for an instant


@contextmanager
def locked(out: Path) -> Iterator[str]:
    """Hold an output folder and yield the token of this holder; raises Busy when another run holds it.

    The file stays: a run that removed it could not know whether another one has opened it already.
    """
    handle = _open(out, os.O_RDWR | os.O_CREAT)
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
    handle = _open(out, os.O_RDONLY)
    try:
        holder = os.pread(handle, len(token) + 1, 0)
    finally:
        os.close(handle)
    if holder != token.encode():
        raise Superseded(f"another run has begun in {out}")


def is_held(out: Path) -> bool:
    """Return whether a run is at work in an output folder."""
    try:
        handle = _open(out, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _open(out: Path, flags: int) -> int:
    """Return a handle of the lock's file; raises UsageError when something else has its name, such as a link or a pipe."""
    path = out / LOCK
    try:
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise _no_lock(path) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _no_lock(path)
    return handle


def _no_lock(path: Path) -> UsageError:
    return UsageError(f"{path} is no file of dehusk's, but a link, a folder or the like; take it away, or name another folder")
