"""A command on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress

from tests.conftest import ROOT
from tests.support.waiting import PATIENCE_SECONDS


def env(**more: str) -> dict[str, str]:
    """Return the environment of a command whose terminal can redraw a line."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more}


def in_terminal(command: Sequence[str], **more: str) -> tuple[str, str]:
    """Run a command whose stderr is a terminal; return the texts on its stdout and on the terminal."""
    terminal, theirs = pty.openpty()
    shown = []

    def read():
        with suppress(OSError):  # as a terminal ends when nobody writes to it any more
            while piece := os.read(terminal, 65536):
                shown.append(piece)

    with subprocess.Popen(command, env=env(**more), stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        reading = threading.Thread(target=read)
        reading.start()
        try:
            out, _ = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
        reading.join(PATIENCE_SECONDS)
    os.close(terminal)
    assert process.returncode == 0, shown
    return out.decode(), b"".join(shown).decode()
