"""Standard input as a source: spooled to a file, as it can be read only once.

Called by `flows.execution.context`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.errors import UsageError
from flows.inputs.discovery import Source
from flows.layout import SPOOL_PREFIX

PIECE_BYTES = 1024 * 1024


@contextmanager
def spool(out: Path) -> Iterator[Source]:
    """Spool standard input into a temporary folder in `out` and yield it as a source; raises UsageError for a terminal.

    Its name holds its digest, so that a later run recognises the same content, and other content replaces nothing.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("standard input is a terminal; pipe pages in, as in: zcat pages.jsonl.gz | dehusk run - --out out")
    with TemporaryDirectory(dir=out, prefix=SPOOL_PREFIX) as folder:
        file = Path(folder, "stdin")
        digest = hashlib.sha256()
        with file.open("wb") as spooled:
            while piece := sys.stdin.buffer.read(PIECE_BYTES):
                digest.update(piece)
                spooled.write(piece)
        yield Source(str(file), f"stdin-{digest.hexdigest()[:12]}", file.stat().st_size)
