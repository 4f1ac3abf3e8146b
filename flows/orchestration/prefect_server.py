"""Settings that make Prefect a quiet guest; set before Prefect is imported, and only where the user has not set them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from functools import cache
from pathlib import Path

DEFAULTS = {
    # Nothing is sent home: neither by the embedded server nor by the client.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # The embedded server is stopped in the middle of its work when a run is over, and would log tracebacks of that.
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # The first start makes the server's database; on a busy machine that takes longer than the 20 seconds allowed.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}


def use_quiet_defaults() -> None:
    """Put DEFAULTS into the environment, from where this process and the embedded server read them."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


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
