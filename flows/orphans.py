"""End Prefect's embedded server with the run that started it, even when the run is killed and can end nothing itself."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from functools import cache
from pathlib import Path

MARK = "DEHUSK_STARTED_BY"
# Waits until the run is gone, then ends the embedded servers whose environment bears its mark.
_WATCH = """
import os, signal, sys
sys.stdin.buffer.read()
wanted = {sys.argv[1].encode(), b"PREFECT__SERVER_EPHEMERAL=1"}
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environment:
            if wanted.issubset(environment.read().split(b"\\0")):
                os.kill(int(pid), signal.SIGTERM)
    except OSError:
        pass
"""


@cache
def end_server_with_this_process() -> subprocess.Popen[bytes] | None:
    """Start what ends an embedded server once this process is gone; None where there is no /proc to find it by."""
    if not Path("/proc/self/environ").exists():
        return None
    os.environ[MARK] = secrets.token_hex(16)
    command = [sys.executable, "-I", "-S", "-c", _WATCH, f"{MARK}={os.environ[MARK]}"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
