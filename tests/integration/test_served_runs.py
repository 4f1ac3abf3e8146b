"""`dehusk serve` with a real Prefect server: a line a run, an alarm when one fails, and a quiet end at any moment."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.output.lock import locked
from tests.support import processes
from tests.support.processes import children_of, kill_all_with, processes_with
from tests.support.services import ROOT, ask
from tests.support.waiting import ASK_SECONDS, PATIENCE_SECONDS, wait_until

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("Prefect")]

MARK = "DEHUSK_SERVED"  # in the environment of a served deployment and of its runs
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
STOPPED = "dehusk: stopped; what is done is kept, and the next run goes on with the rest"
NEVER = ("--cron", "0 0 29 2 *")
# Shards take for ever, in the processes that a runner starts as well: they import this module, too.
STALLED = """
from flows.execution import engines
from flows.planning import shards
from tests.support import ended
engines.clean_shard = ended.wait
shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = {shard_bytes}, 0
if __name__ == "__main__":
    from flows.cli import main
    main()
"""


class Served:
    """A deployment that is served."""

    def __init__(self, env: dict[str, str], name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._env, self._name, self._log = process, env, name, log

    def deployment(self) -> dict[str, object]:
        (found,) = ask(self._env, "deployments", deployments={"name": {"any_": [self._name]}})
        return found

    def begin_a_run(self) -> None:
        """Let a run be due now."""
        url = f"{self._env['PREFECT_API_URL']}/deployments/{self.deployment()['id']}/create_flow_run"
        request = urllib.request.Request(url, b'{"state": {"type": "SCHEDULED"}}', {"Content-Type": "application/json"})

        def is_begun() -> bool:
            try:
                urllib.request.urlopen(request, timeout=PATIENCE_SECONDS).close()
            except urllib.error.HTTPError as error:
                assert error.code == 503  # the server's database is locked
                return False
            return True

        wait_until(is_begun, "the beginning of a run", pause=ASK_SECONDS)

    def lines(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines()

    def says(self, pattern: str) -> None:
        """Wait for a line."""
        self.comes_to(lambda: any(re.fullmatch(pattern, line) for line in self.lines()), pattern)

    def comes_to(self, is_so: Callable[[], object], event: str) -> None:
        wait_until(lambda: is_so() or self.process.poll() is not None, event, pause=ASK_SECONDS)
        assert self.process.poll() is None, self.lines()

    def ends(self, number: signal.Signals, *, all_of_it: bool = False) -> int:
        """Send a signal, to the whole group as a terminal does, and return the exit code."""
        (os.killpg if all_of_it else os.kill)(self.process.pid, number)
        return self.process.wait(PATIENCE_SECONDS)

    def is_gone(self) -> bool:
        return not [left for left in processes_with(MARK, self._name) if "resource_tracker" not in left.command]


@contextmanager
def serving(
    env: dict[str, str], folder: Path, *arguments: str, program: tuple[str, ...] = ("-m", "flows.cli")
) -> Iterator[Served]:
    name, log = uuid.uuid4().hex, folder / "log"
    env = {**env, MARK: name, "PREFECT_RUNNER_POLL_FREQUENCY": "1", "PYTHONWARNINGS": "default"}
    command = [sys.executable, *program, "serve", "pages", "--out", "out", "--settle", "0", "--name", name, *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out, start_new_session=True)
    try:
        yield Served(env, name, process, log)
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        kill_all_with(MARK, name)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with pages, and a program that writes down its input as a line of `alarms`."""
    shutil.copytree(ROOT / "seeds", tmp_path / "pages")
    (tmp_path / "tell").write_text("#!/bin/sh\ncat >> alarms && echo >> alarms\n")
    (tmp_path / "tell").chmod(0o755)
    return tmp_path


def alarms(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "alarms").read_text().splitlines()] if (folder / "alarms").exists() else []


def runs_of(deployment: dict[str, object], env: dict[str, str], **wanted: object) -> list[dict[str, object]]:
    """Return the runs of a deployment with such properties."""
    return ask(env, "flow_runs", deployments={"id": {"any_": [deployment["id"]]}}, flow_runs=wanted)


def test_each_run_is_one_line_and_the_end_is_another(prefect_api, folder):
    with serving(prefect_api, folder, "--every", "1h", "--on-problem", "./tell secret-token") as served:
        served.says(r"dehusk: serving .*")
        served.begin_a_run()
        served.says(rf"dehusk: {TIME} nothing new in .*")
        with locked(folder / "out"):
            served.begin_a_run()
            served.says(rf"dehusk: {TIME} skipped in .*")
        assert alarms(folder) == []
        (folder / "pages").rename(folder / "moved")
        served.begin_a_run()
        served.says(rf"dehusk: {TIME} failed in .*")
        deployment = served.deployment()
        failed = {"type": {"any_": ["FAILED"]}}
        (run,) = wait_until(lambda: runs_of(deployment, prefect_api, state=failed), "the state of a run", pause=ASK_SECONDS)
        assert served.ends(signal.SIGTERM) == 143
        assert served.deployment()["paused"] is True
        wait_until(served.is_gone, "the end of all its processes")
    missing = f"{folder}/pages does not exist; name a file or a folder of pages"
    expected = (
        rf"dehusk: {TIME} done in \d+\.\d s: 2 pages cleaned, 0 to quarantine, 0 unchanged",
        r"dehusk: serving dehusk/\w+ every 1h, a line for each run; Ctrl-C ends it",
        rf"dehusk: {TIME} nothing new in \d+\.\d s: 2 unchanged",
        rf"dehusk: {TIME} skipped in \d+\.\d s: another run is at work in {folder}/out",
        rf"dehusk: {TIME} failed in \d+\.\d s: {missing}",
        STOPPED,
    )
    assert len(served.lines()) == len(expected), served.lines()
    assert all(re.fullmatch(pattern, line) for pattern, line in zip(expected, served.lines(), strict=True)), served.lines()
    (alarm,) = alarms(folder)
    assert (alarm["what"], alarm["sentences"], alarm["out"]) == (["failed"], [missing], f"{folder}/out")
    assert "secret-token" not in json.dumps(deployment)
    assert deployment["parameters"]["on_problem"] == ""
    assert run["state"]["message"] == missing


@pytest.mark.parametrize(
    ("number", "all_of_it", "shard_bytes", "code"),
    [
        pytest.param(signal.SIGTERM, False, 1, 143, id="SIGTERM"),
        pytest.param(signal.SIGTERM, True, 1, 143, id="SIGTERM to all its processes"),
        pytest.param(signal.SIGINT, True, 1, 130, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, False, 1 << 25, 143, id="SIGTERM while nothing can be interrupted"),
    ],
)
def test_a_run_at_work_is_stopped_with_what_serves_it(number, all_of_it, shard_bytes, code, prefect_api, folder):
    (folder / "stalled.py").write_text(STALLED.format(shard_bytes=shard_bytes))
    with serving(prefect_api, folder, *NEVER, "--on-problem", "./tell", "--workers", "2", program=("stalled.py",)) as served:
        served.says(r"dehusk: serving .*")
        served.begin_a_run()
        served.comes_to(lambda: list(folder.glob("out/*.pid")), "the work of a run")
        assert served.ends(number, all_of_it=all_of_it) == code
        wait_until(served.is_gone, "the end of all its processes")
        deployment = served.deployment()
    assert deployment["paused"] is True
    assert [line for line in served.lines()[1:] if not re.fullmatch(rf"dehusk: {TIME} stopped in .*", line)] == [STOPPED]
    assert alarms(folder) == []
    runs = runs_of(deployment, prefect_api, start_time={"is_null_": False})
    assert [run["state"]["type"] for run in runs] == ["CANCELLED"]


def test_a_run_that_is_killed_raises_the_alarm(prefect_api, folder):
    (folder / "stalled.py").write_text(STALLED.format(shard_bytes=1 << 25))
    with serving(prefect_api, folder, *NEVER, "--on-problem", "./tell", program=("stalled.py",)) as served:
        served.says(r"dehusk: serving .*")
        served.begin_a_run()
        served.comes_to(lambda: list(folder.glob("out/*.pid")), "the work of a run")
        (run,) = [child for child in children_of(served.process.pid) if "spawn_main" in child.command]
        os.kill(run.pid, signal.SIGKILL)
        served.says(rf"dehusk: {TIME} failed: Process exited with status code: -9\..*")
        served.comes_to(lambda: alarms(folder), "the alarm")
        assert served.ends(signal.SIGTERM) == 143
    (alarm,) = alarms(folder)
    assert (alarm["what"], alarm["out"]) == (["failed"], f"{folder}/out")
    assert alarm["sentences"][0].startswith("Process exited with status code: -9.")


def test_the_automation_of_the_readme_tells_of_a_run_that_failed(prefect_api, tmp_path):
    text = (ROOT / "flows" / "README.md").read_text(encoding="utf-8")
    (block,) = [code for code in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S) if "automation create" in code]
    with listening() as (address, heard):
        code = block.replace("https://hooks.example.org/news", address)
        done = processes.run(["bash", "-euo", "pipefail", "-c", code], env=prefect_api, cwd=tmp_path)
        assert "Created automation 'dehusk-failed'" in done.stdout, done.stderr
        fail = "from flows.clean import clean; clean(inputs=('missing',), out='out', return_state=True)"
        done = processes.run([sys.executable, "-c", fail], env=prefect_api, cwd=tmp_path)
        assert re.fullmatch(rf"dehusk: {TIME} failed in \d+\.\d s: missing does not exist; .*\n", done.stderr)
        told = {"text": "dehusk to out: Failed: missing does not exist; name a file or a folder of pages"}
        wait_until(lambda: told in heard, "the message of an automation", pause=ASK_SECONDS)


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """Listen as a webhook does; give its address and what it was sent."""
    heard: list[object] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/news", heard
        server.shutdown()
