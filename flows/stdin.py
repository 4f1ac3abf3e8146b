"""Standard input as an input of a run: put on the disk, so that it can be cut into shards like any file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.errors import UsageError
from flows.sources import Source

NAME = "stdin"


def spool(out: Path) -> tuple[TemporaryDirectory[str], Source]:
    """Put standard input into a folder in `out` that goes when it is closed; raises UsageError when there is none."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("standard input is a terminal; pipe pages in, as in: zcat pages.jsonl.gz | dehusk run - --out out")
    folder = TemporaryDirectory(dir=out, prefix=".stdin-")
    file = Path(folder.name, NAME)
    with file.open("wb") as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled, 1024 * 1024)
    return folder, Source(str(file), NAME, file.stat().st_size)
