"""The working folder of a command that learns: beside the folder of its packs, and gone when the command is over.

Called by the command that learns, around all its work.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Busy, Failed, UsageError
from flows.layout import PART_SUFFIX
from flows.output.atomic import clear, make_folder, own_folder
from flows.output.lock import held_file
from flows.signals import stopped_by_signals


@contextmanager
def working_folder(to: Path) -> Iterator[Path]:
    """Yield an empty folder beside `to`, and remove it at the end, also after an error, Ctrl-C or SIGTERM.

    The remains of a command that was killed are removed first. Raises Failed when another command learns to the same folder.
    """
    to = Path(os.path.abspath(to))
    if not to.name:
        raise UsageError(f"{to} is no folder for packs; name another one with --to")
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file; name a folder for packs with --to")
    work = to.with_name(f".{to.name}.pages{PART_SUFFIX}")
    make_folder(to.parent)
    with stopped_by_signals():
        try:
            with held_file(to.with_name(f".{to.name}.pages.lock")):
                own_folder(work)
                clear(work)
                try:
                    yield work
                finally:
                    shutil.rmtree(work, ignore_errors=True)
        except Busy:
            raise Failed(f"another dehusk learns to {to}; wait for it, or name another folder with --to") from None
