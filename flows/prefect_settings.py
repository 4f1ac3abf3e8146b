"""Settings that make Prefect a quiet guest; set before Prefect is imported, and only where the user has not set them."""

from __future__ import annotations

import os

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
