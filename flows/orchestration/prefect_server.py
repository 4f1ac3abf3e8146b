"""Quiet settings for Prefect and its embedded server, and a guard that ends that server with this process.

The settings are made when `flows.orchestration` is imported, and only where the user has none; the flow starts the guard.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from functools import cache
from pathlib import Path

DEFAULTS = {
    # Neither the embedded server nor the client sends usage data.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # The embedded server is stopped amid its work when a run is over, and would log tracebacks.
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # The first start makes the server's database; on a busy machine that takes longer than the 20 seconds allowed.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}
MARK_VARIABLE = "DEHUSK_STARTED_BY"  # in the environment of an embedded server: a token of the run that started it
# Waits until the run is gone, then ends the embedded servers that bear its mark.
_GUARD = """
import os, signal, sys
sys.stdin.buffer.read()
marks = {sys.argv[1].encode(), b"PREFECT__SERVER_EPHEMERAL=1"}
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environment:
            if marks.issubset(environment.read().split(b"\\0")):
                os.kill(int(pid), signal.SIGTERM)
    except OSError:
        pass
"""


def use_quiet_defaults() -> None:
    """Put DEFAULTS into the environment of this process and of the embedded server."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


@cache
def end_server_with_this_process() -> subprocess.Popen[bytes] | None:
    """Start a process that ends the embedded server once this one is gone; None where there is no /proc to find it by."""
    if not Path("/proc/self/environ").exists():
        return None
    os.environ[MARK_VARIABLE] = secrets.token_hex(16)
    command = [sys.executable, "-I", "-S", "-c", _GUARD, f"{MARK_VARIABLE}={os.environ[MARK_VARIABLE]}"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
