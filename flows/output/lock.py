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

TOKEN_BYTES = 32
LOOK_SECONDS, PATIENCE_SECONDS = 0.01, 60  # between two tries, and for all of them, while others look whether the lock is held


@contextmanager
def locked(out: Path) -> Iterator[str]:
    """Hold an output folder and yield the token of this holder; raises Busy when another run holds it.

    The file stays: a run that removed it could not know whether another one has opened it already. At the end it holds the
    token of nobody, so that workers that are late do not write, and readers see that a run has been there.
    """
    handle = _open(out / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        if not _lock(handle):
            raise Busy(f"another run is at work in {out}")
        _write_token(handle, token := _new_token())
        try:
            yield token
        finally:
            _write_token(handle, _new_token())
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock a file and return whether it worked; a command that looks at it holds it, too, but shared and for an instant."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _is_free(handle, fcntl.LOCK_EX):
        if not _is_free(handle, fcntl.LOCK_SH) or time.monotonic() > deadline:
            return False
        fcntl.flock(handle, fcntl.LOCK_UN)
        time.sleep(LOOK_SECONDS)
    return True


def _is_free(handle: int, lock: int) -> bool:
    """Take a lock, and return whether it was free."""
    try:
        fcntl.flock(handle, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _new_token() -> str:
    return secrets.token_hex(TOKEN_BYTES // 2)


def _write_token(handle: int, token: str) -> None:
    os.pwrite(handle, token.encode(), 0)  # in the place of the last one, which needs no room on a full disk
    os.truncate(handle, TOKEN_BYTES)


@contextmanager
def held_file(path: Path) -> Iterator[None]:
    """Hold a lock file that is there only as long as it is held; raises Busy when another process holds it."""
    while True:
        handle = _open(path, os.O_RDWR | os.O_CREAT)
        try:
            if not _is_free(handle, fcntl.LOCK_EX):
                raise Busy(f"another process holds {path}")
            if is_name_of(path, handle):
                try:
                    yield
                finally:
                    path.unlink(missing_ok=True)
                return
        finally:
            os.close(handle)


def is_name_of(path: Path, handle: int) -> bool:
    """Return whether a path still names an open file, and not another one or none."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def check_holder(out: Path, token: str) -> None:
    """Raise Superseded unless `token` is that of the last holder: workers of an earlier run on a cluster must not write."""
    if holder_of(out) != token:
        raise Superseded(f"another run has begun in {out}, or this one is over")


def holder_of(out: Path) -> str:
    """Return the token in the lock of an output folder, another one after each run."""
    handle = _open(out / LOCK, os.O_RDONLY)
    try:
        return os.pread(handle, TOKEN_BYTES, 0).decode("ascii", "replace")
    finally:
        os.close(handle)


def is_held(out: Path) -> bool:
    """Return whether a run is at work in an output folder."""
    try:
        handle = _open(out / LOCK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        return not _is_free(handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)


class RunWatch:
    """A look at an output folder, to be compared with a later one."""

    def __init__(self, out: Path) -> None:
        self._out, self._holder = out, _last_holder(out)

    def has_seen_a_run(self) -> bool:
        """Return whether a run is at work in the folder, or has been since the first look.

        A run leaves its token before it changes anything: if this is false, all that was read until now is of no run at work.
        """
        return is_held(self._out) or _last_holder(self._out) != self._holder


def _last_holder(out: Path) -> str:
    """Return the token in the lock of an output folder, "" where no run has ever been."""
    try:
        return holder_of(out)
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _open(path: Path, flags: int) -> int:
    """Return a handle of a lock's file; raises UsageError when something else has its name, such as a link or a pipe."""
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
