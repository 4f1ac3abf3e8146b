"""A Prefect server of the user that does not answer."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.errors import Busy, UsageError
from flows.options import RunOptions
from flows.orchestration import kept_server as module
from flows.orchestration.kept_server import require_server
from flows.orchestration.run_flow import run_flow


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("flows.orchestration.run_flow.SERVER_SECONDS", 0)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.5)


@contextmanager
def api(url):
    from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE, temporary_settings

    with temporary_settings({PREFECT_API_URL: url, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False}):
        yield


@contextmanager
def answering(status):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "http://us:secret@127.0.0.1:9/api", "no address", "http://a:b/api"])
def test_a_run_without_its_server_is_a_mistake_in_one_sentence(url, tmp_path):
    (tmp_path / "page.txt").write_text("The ferry is back.")
    with api(url), pytest.raises(UsageError, match=r"^no Prefect server answers at .*; set PREFECT_API_URL to") as raised:
        run_flow(RunOptions((str(tmp_path),), str(tmp_path / "out")))
    assert "secret" not in str(raised.value)
    assert not [*(tmp_path / "out" / "records").iterdir()]


def test_a_server_that_takes_calls_and_never_answers_is_left(tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        api(f"http://127.0.0.1:{silent.getsockname()[1]}/api"),
        pytest.raises(UsageError, match="^no Prefect server answers"),
    ):
        require_server("", 0)


@pytest.mark.parametrize(("status", "is_up"), [(200, True), (404, True), (401, False), (503, False)])
def test_a_server_is_up_when_it_answers_as_one(status, is_up):
    with answering(status) as url, api(url):
        if is_up:
            require_server("", 0)
        else:
            with pytest.raises(UsageError, match="^no Prefect server answers"):
                require_server("", 0)


def test_without_any_server_a_run_is_a_mistake(tmp_path):
    (tmp_path / "page.txt").write_text("The ferry is back.")
    with api(None), pytest.raises(UsageError, match="^Prefect may start no server of its own, and PREFECT_API_URL names none;"):
        run_flow(RunOptions((str(tmp_path),), str(tmp_path / "out")))


def test_a_run_is_skipped_also_where_no_server_shows_it(monkeypatch):
    def prepare(*_):
        raise Busy("another run is at work")

    monkeypatch.setattr("flows.orchestration.run_flow.prepared_run", prepare)
    with api("http://127.0.0.1:9/api"), pytest.raises(Busy, match="^another run is at work$"):
        run_flow(RunOptions(("pages",), "out"))


def test_a_longer_wait_is_told_once(monkeypatch):
    answers = iter([False, False, False, True])
    told = []
    monkeypatch.setattr(module, "_answers", lambda: next(answers))
    monkeypatch.setattr(module, "QUIET_SECONDS", 0)
    monkeypatch.setattr("time.sleep", lambda _: None)
    with api("http://us:secret@127.0.0.1:9/api"):
        require_server("", 60, told.append)
    assert told == ["waiting for the Prefect server at http://127.0.0.1:9/api"]
