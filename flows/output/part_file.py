"""Part files: unfinished files, each locked by its writer until it is finished or the writer is gone.

Called by `flows.output.atomic`, `flows.planning.folder` and `flows.report.build`.
A run tidies its folder while other commands and late workers may write there. The kernel tells the two sorts of parts apart:
it frees the lock of a process that ends in any way, also on other machines that share the folder (NFS 4).
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from flows.layout import PART_SUFFIX
from flows.output.lock import is_name_of


def new_part(path: Path) -> tuple[Path, BinaryIO]:
    """Create a part file beside `path`, and return its path and the open file; nobody removes it while that is open."""
    while True:
        part = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}{PART_SUFFIX}")
        file = part.open("xb")
        try:
            if _is_locked_by(file, part):
                return part, file
        except BaseException:
            file.close()
            part.unlink(missing_ok=True)
            raise
        file.close()


def _is_locked_by(file: BinaryIO, part: Path) -> bool:
    """Lock a new part, and return whether it is ours: a command that tidies may have come between its creation and the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return is_name_of(part, file.fileno())


def remove_abandoned_parts(folder: Path, name: str = "*") -> int:
    """Remove the parts in a folder that no process is writing, of files with names of the form `name`; return their number."""
    parts = (part for part in folder.glob(f"{name}{PART_SUFFIX}") if part.is_symlink() or not part.is_dir())
    return sum(_remove_if_abandoned(part) for part in parts)


def _remove_if_abandoned(part: Path) -> bool:
    try:
        handle = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:  # finished, or removed by another
        return False
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENXIO):  # a link or a socket, that nobody writes to
            raise
        part.unlink(missing_ok=True)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        part.unlink()  # under the lock: its writer may be about to take it
    except (BlockingIOError, FileNotFoundError):  # it is being written, or has just been finished
        return False
    finally:
        os.close(handle)
    return True
