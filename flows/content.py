"""Whether an input has changed: by its stamp, which costs a look at its entry, and by the digest of its bytes."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import cleaners
from flows.capture import FILE_TIME, SIDECAR
from flows.sources import SIDECAR_SUFFIX, Source, stamp_of
from flows.storage import is_url, open_file

READ_BYTES = 1024 * 1024
# The modules beside `cleaners` that decide which pages an input holds and what is written of them.
READING = ("capture", "compression", "containers", "json_files", "pages", "rows", "shard", "warc", "warc_places")


@cache
def code() -> str:
    """Return a digest of the code that decides what is made of an input's bytes."""
    files = [
        *sorted(Path(cleaners.__file__).parent.glob("*.py")),
        *(Path(__file__).with_name(f"{name}.py") for name in READING),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def stamp_now(source: Source, option: str) -> str:
    """Return the stamp that an input has at this moment, "" when it is gone; `option` says how captures are dated."""
    if is_url(source.file):
        return source.stamp
    try:
        stamp = stamp_of(os.stat(source.file))  # noqa: PTH116 (asked of each input)
        if option == SIDECAR and (beside := Path(source.file + SIDECAR_SUFFIX)).exists():
            stamp += f"+{stamp_of(beside.stat())}"
        return stamp
    except OSError:
        return ""


def digest_of_file(file: Path) -> str:
    """Return the digest of a file, "" for one that is not there."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def digest_of(source: Source, option: str) -> str:
    """Return the digest of what decides the pages of an input: its bytes, and what dates it; raises OSError."""
    digest = hashlib.sha256()
    left = -1 if source.end is None else source.end - source.start
    with open_file(source.file) as file:
        file.seek(source.start)
        while left and (piece := file.read(READ_BYTES if left < 0 else min(left, READ_BYTES))):
            digest.update(piece)
            left -= len(piece) if left > 0 else 0
    if option == FILE_TIME:
        digest.update(b"%d" % int(Path(source.file).stat().st_mtime))
    if option == SIDECAR and (beside := Path(source.file + SIDECAR_SUFFIX)).exists():
        digest.update(beside.read_bytes())
    return digest.hexdigest()
