"""Prefect's embedded server, started by a run itself."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from flows.errors import Failed
from flows.orchestration import embedded_server as module
from flows.orchestration.embedded_server import ENVIRONMENT, EmbeddedServer, command, embedded_server


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    """No server of another test, and no guard that outlives the test."""
    monkeypatch.setattr(module, "end_server_with_this_process", lambda: None)
    monkeypatch.setattr(module, "atexit", SimpleNamespace(register=lambda _: None))
    embedded_server.cache_clear()
    yield
    embedded_server.cache_clear()


def test_it_is_started_as_prefect_would_start_it(monkeypatch):
    from prefect.server.api import server

    asked = []
    monkeypatch.setattr(server.subprocess, "Popen", lambda args, env: asked.append((args, env)))
    prefect_own = server.SubprocessASGIServer(port=4711)
    prefect_own._run_uvicorn_command()
    server.SubprocessASGIServer._instances.clear()
    monkeypatch.setattr(module, "_free_port", lambda: 4711)
    EmbeddedServer()
    assert asked[1] == asked[0]
    assert command(4711) == asked[0][0]
    assert asked[0][1].items() >= ENVIRONMENT.items()


def test_with_a_server_of_the_user_none_is_started(prefect_settings):
    with prefect_settings(PREFECT_API_URL="http://127.0.0.1:4200/api"):
        assert embedded_server() is None
    with prefect_settings(PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="false"):
        assert embedded_server() is None


@pytest.fixture
def prefect_settings():
    from prefect import settings

    return lambda **given: settings.temporary_settings({getattr(settings, name): value for name, value in given.items()})


def test_a_server_that_ends_as_it_starts_is_one_sentence(monkeypatch):
    began: list[int] = []
    monkeypatch.setattr(module, "command", lambda port: began.append(port) or [sys.executable, "-c", "raise SystemExit(3)"])
    server = EmbeddedServer()
    with pytest.raises(Failed, match=r"^Prefect's server ended as it started, with 3; --no-prefect does the same without it$"):
        server.url()
    assert len(began) == module.TRIES
    server.stop()


def test_a_server_that_does_not_come_up_is_one_sentence(monkeypatch, prefect_settings):
    monkeypatch.setattr(module, "command", lambda _: [sys.executable, "-c", "import time; time.sleep(600)"])
    server = EmbeddedServer()
    try:
        with (
            prefect_settings(PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=0),
            pytest.raises(Failed, match=r"did not start in 0 seconds; --no-prefect"),
        ):
            server.url()
    finally:
        server.stop()


def test_a_server_that_does_not_stop_is_killed(monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.1)
    stubborn = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    popen = subprocess.Popen
    monkeypatch.setattr(module, "command", lambda _: [sys.executable, "-c", stubborn])
    monkeypatch.setattr(module.subprocess, "Popen", lambda args, env: popen(args, env=env, stdout=subprocess.PIPE))
    server = EmbeddedServer()
    assert server._process.stdout is not None
    server._process.stdout.readline()
    server.stop()
    server._process.stdout.close()
    assert server._process.returncode == -9
