"""Standard input as an input of a run: put on the disk, so that it can be cut into shards like any file."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.errors import UsageError
from flows.sources import Source

PIECE_BYTES = 1024 * 1024


def spool(out: Path) -> tuple[TemporaryDirectory[str], Source]:
    """Put standard input into a folder in `out` that goes when it is closed; raises UsageError when there is none.

    It is named by its content: the same input replaces what was made of it before, and another one does not.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("standard input is a terminal; pipe pages in, as in: zcat pages.jsonl.gz | dehusk run - --out out")
    folder = TemporaryDirectory(dir=out, prefix=".stdin-")
    file = Path(folder.name, "stdin")
    digest = hashlib.sha256()
    with file.open("wb") as spooled:
        while piece := sys.stdin.buffer.read(PIECE_BYTES):
            digest.update(piece)
            spooled.write(piece)
    return folder, Source(str(file), f"stdin-{digest.hexdigest()[:12]}", file.stat().st_size)
