"""Files as they were written, to be held to later: their digests, their sizes, and the times of their last change.

`flows.execution.shard` notes them; the state keeps them; the planner, the readers and `dehusk verify` compare.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path

import msgspec

from flows.inputs.fingerprint import file_digest

UNKNOWN_SIZE = -1


class WrittenFile(msgspec.Struct, frozen=True):
    """A file as it was written: the digest and the number of its bytes, and its stamp then.

    An earlier version noted the digest alone: it left `bytes` at UNKNOWN_SIZE and `stamp` at "".
    """

    sha256: str
    bytes: int = UNKNOWN_SIZE
    stamp: str = ""


Files = Mapping[str, WrittenFile]  # of a shard, by names below the output folder


def written_file(file: Path, sha256: str) -> WrittenFile:
    """Return the file that was just written with this digest; raises OSError."""
    status = file.stat()
    return WrittenFile(sha256, status.st_size, _stamp(status.st_mtime_ns))


def fault_of(file: Path, written: WrittenFile, *, by_digest: bool = False) -> str:
    """Return how a file differs from the one that was written, "" if it does not.

    Its size is always compared, its digest with `by_digest` or where its stamp differs. Raises OSError for one that cannot
    be read.
    """
    try:
        status = file.stat()
    except FileNotFoundError:
        return "is missing"
    if not stat.S_ISREG(status.st_mode):
        return "is no file, but a folder or the like"
    if written.bytes not in (UNKNOWN_SIZE, status.st_size):
        return f"has {status.st_size:,} bytes, not {written.bytes:,}"
    if (by_digest or _stamp(status.st_mtime_ns) != written.stamp) and file_digest(file) != written.sha256:
        return "is not as it was written"
    return ""


def fault_in(file: BufferedReader, written: WrittenFile) -> str:
    """Return how an open file differs from the one that was written, "" if it does not; it is then at its beginning."""
    size = file.seek(0, os.SEEK_END)
    if written.bytes not in (UNKNOWN_SIZE, size):
        return f"has {size:,} bytes, not {written.bytes:,}"
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return "" if digest == written.sha256 else "is not as it was written"


def is_torn(file: BufferedReader) -> bool:
    """Return whether an open file of lines is empty or ends within a line, as no run leaves one; it is at its start then."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 1, 0))
    last = file.read(1)
    file.seek(0)
    return last != b"\n"


def faults_of(out: Path, files: Files, *, by_digest: bool = False) -> list[str]:
    """Return a sentence for each of these files that has changed since it was written."""
    faults = ((name, fault_of(out / name, written, by_digest=by_digest)) for name, written in sorted(files.items()))
    return [f"{name} {fault}" for name, fault in faults if fault]


def renewed(out: Path, files: Files) -> dict[str, WrittenFile]:
    """Return sound files with their present sizes and stamps."""
    return {name: written_file(out / name, written.sha256) for name, written in files.items()}


def digests(files: Files) -> dict[str, str]:
    """Return the digests of files."""
    return {name: written.sha256 for name, written in files.items()}


def _stamp(mtime_ns: int) -> str:
    """Return the stamp of an output file: its time of change alone, as copies of the folder keep that."""
    return str(mtime_ns)
