"""Open files of this machine that may be pipes or devices, or change into such ones.

Called by `flows.inputs`, `flows.packs`, `flows.inspect` and `flows.stories`.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader


def open_regular(path: str) -> BufferedReader:
    """Open a file of this machine; raises OSError, also for a pipe or a device, at once: opening or reading it might wait."""
    return open(path, "rb", opener=_open_regular)


def _open_regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", path)
    return descriptor
