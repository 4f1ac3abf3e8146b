"""Tell of files before they are opened: whether reading them may wait for ever, and where links lead.

Called by `flows.inputs.discovery`.
"""

from __future__ import annotations

import errno
import glob
import os
import stat
from itertools import takewhile
from pathlib import Path

# Whether a file is of a kind that is never opened, since reading it may wait for ever, and the name of that kind.
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)  # fmt: skip


def status_of(file: os.DirEntry[str] | Path) -> tuple[os.stat_result | None, str]:
    """Return the status of a file, None without one, and why it is no regular file, "" if it may be one."""
    try:
        status = file.stat()
    except OSError as error:
        loops, leads_nowhere = error.errno == errno.ELOOP, error.errno == errno.ENOENT and file.is_symlink()
        kind = "a link to itself" if loops else "a link to nothing" if leads_nowhere else ""
        # Reading what is gone since it was listed, or kept from us, fails with the reason.
        return None, f"not a regular file ({kind})" if kind else ""
    if stat.S_ISREG(status.st_mode):
        return status, ""
    return status, f"not a regular file ({next((kind for is_kind, kind in _KINDS if is_kind(status.st_mode)), 'unknown')})"


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, or a link to one that can be followed."""
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, or through a folder without permission
        return False


def leads_out(path: str, inside: set[str] | None) -> bool:
    """Return whether a path leads to a file outside these folders by a link; None stands for any folder."""
    if inside is None:
        return False
    real = Path(os.path.realpath(path))
    return not any(real.is_relative_to(folder) for folder in inside)


def fixed_folder(pattern: str) -> str:
    """Return the folder of a pattern that is written out: all parts before the first one with a sign.

    >>> fixed_folder("pages/2025/*/[ab].txt"), fixed_folder("/*.txt"), fixed_folder("*.txt")
    ('pages/2025/', '/', '.')
    """
    parts = takewhile(lambda part: not glob.has_magic(part), pattern.split("/"))
    return "".join(f"{part}/" for part in parts) or "."


def stamp_of(status: os.stat_result) -> str:
    """Return a text that differs after any change of a file: its size, the times of change of content and entry, its inode."""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
