"""Start Prefect's embedded server at once: it comes up while this process imports Prefect's client and plans its run.

Prefect itself would start it at the first call to it, after importing all of the server into this process, too. Called by
`flows.orchestration.run_flow`, before it imports the flow. The server's command and environment are those of
`prefect.server.api.server.SubprocessASGIServer`, to which a test holds them.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import prefect
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS,
    get_current_settings,
)

from flows.errors import Failed
from flows.orchestration.prefect_server import end_server_with_this_process
from flows.signals import without_ctrl_c

HOST = "127.0.0.1"
TRIES = 3  # as another process may take the port first
POLL_SECONDS = 0.05
ANSWER_SECONDS = 5  # for a server that is there to answer
STOP_SECONDS = 5
ENVIRONMENT = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


@cache
def embedded_server() -> EmbeddedServer | None:
    """Return the embedded server of this process, begun at the first call; None where the settings name one, or allow none."""
    if PREFECT_API_URL.value() or not PREFECT_SERVER_ALLOW_EPHEMERAL_MODE.value():
        return None
    end_server_with_this_process()
    return EmbeddedServer()


class EmbeddedServer:
    """A server that ends with this process. `url` waits until it is up."""

    def __init__(self) -> None:
        self._is_up = False
        self._process = self._begin()
        atexit.register(self.stop)  # after Prefect has sent it the last events

    def _begin(self) -> subprocess.Popen[bytes]:
        self.port = _free_port()
        settings = get_current_settings().to_environment_variables(exclude_unset=True)
        with without_ctrl_c():
            return subprocess.Popen(command(self.port), env={**os.environ, **ENVIRONMENT, **settings})

    def url(self) -> str:
        """Return the address of its interface once the server answers; raises Failed when it does not come up."""
        limit: float = PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value()
        end, tries = time.monotonic() + limit, 1
        while not self._is_up and not self._answers():
            code = self._process.poll()
            if code is not None and tries == TRIES:
                raise Failed(f"Prefect's server ended as it started, with {code}; --no-prefect does the same without it")
            if code is not None:
                self._process = self._begin()
                tries += 1
            if time.monotonic() > end:
                raise Failed(f"Prefect's server did not start in {limit:g} seconds; --no-prefect does the same without it")
            time.sleep(POLL_SECONDS)
        self._is_up = True
        return f"http://{HOST}:{self.port}/api"

    def _answers(self) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def command(port: int) -> list[str]:
    """Return the command that serves Prefect's interface at a port."""
    app = ["--app-dir", str(prefect.__module_path__.parent), "--factory", "prefect.server.api.server:create_app"]
    where = ["--host", HOST, "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", *app, *where, "--log-level", "error", "--lifespan", "on"]


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    return port
