"""Runs that a real Prefect server shows, and mistakes in what is to be served; tests.overlap serves, by a README."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from flows.errors import Failed, UsageError
from flows.execution.run import unwatched
from flows.options import RunOptions
from flows.orchestration.serve import serve
from tests.chaos import make_pages
from tests.support import processes
from tests.support.services import ROOT, ask
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("Prefect")]


def test_a_run_by_hand_that_is_skipped_is_shown(prefect_api, tmp_path):
    from flows.output.lock import locked

    command = [sys.executable, "-m", "flows.cli", "run", str(ROOT / "seeds"), "--out", str(tmp_path / "out")]
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out"):
        done = processes.run(command, env=prefect_api, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"dehusk: skipped: another run is at work in {tmp_path / 'out'}\n"
    runs = ask(prefect_api, "flow_runs", flow_runs={"name": {"any_": [f"dehusk to {tmp_path / 'out'}"]}})
    assert [run["state_name"] for run in runs] == ["Skipped"]
    assert runs[0]["state"]["message"] == f"skipped: another run is at work in {tmp_path / 'out'}"


def test_a_run_that_is_stopped_by_ctrl_c_is_shown_as_cancelled(prefect_api, tmp_path):
    make_pages(tmp_path / "pages", 200)
    code = "from tests.chaos import small_run; small_run()"
    command = [sys.executable, "-c", code, str(tmp_path / "pages"), "--out", str(tmp_path / "out"), "--quiet"]
    with subprocess.Popen(command, env=prefect_api, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: list(tmp_path.glob("out/records/*.jsonl")) or process.poll() is not None, "the first shard")
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 130, said
    (run,) = ask(prefect_api, "flow_runs", flow_runs={"name": {"any_": [f"dehusk to {tmp_path / 'out'}"]}})
    assert (run["state"]["type"], f"dehusk: {run['state']['message']}") == ("CANCELLED", said.splitlines()[-1])


@pytest.fixture
def told(monkeypatch, tmp_path) -> dict[str, object]:
    """The parameters of what is served, by a server that is not there."""
    found: dict[str, object] = {}

    class Runner(SimpleNamespace):
        def add_flow(self, flow: object, **asked: object) -> None:
            found.update(asked["parameters"])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEHUSK_STATE", "")
    monkeypatch.setenv("DEHUSK_ON_PROBLEM", "")
    monkeypatch.setattr("flows.orchestration.serve._require_server", lambda: None)
    monkeypatch.setattr("flows.orchestration.serve.Runner", Runner)
    monkeypatch.setattr("flows.orchestration.serve.serve_until_stopped", lambda _: None)
    return found


def test_what_is_served_is_named_by_paths_that_hold_anywhere(told, tmp_path):
    inputs = ("pages", f"file://{tmp_path}/a.txt", "s3://bucket/pages/")
    secret = {"state": "postgresql://us:pw@a.example/b", "on_problem": "true --token 1234"}
    serve(RunOptions(inputs, "out", packs="packs", **secret), "", "* * * * *", "", unwatched)
    assert told["inputs"] == [f"{tmp_path}/pages", f"{tmp_path}/a.txt", "s3://bucket/pages/"]
    assert (told["out"], told["packs"]) == (f"{tmp_path}/out", f"{tmp_path}/packs")
    assert (told["state"], told["on_problem"]) == ("", "")  # the runs of this process get both by their environment
    assert [os.environ["DEHUSK_STATE"], os.environ["DEHUSK_ON_PROBLEM"]] == list(secret.values())


def test_that_nothing_is_served_any_more_is_told_to_the_command(told, tmp_path, monkeypatch):
    def fail(_: object) -> None:
        raise Failed("the schedule is not served any more")

    monkeypatch.setattr("flows.orchestration.serve.serve_until_stopped", fail)
    with pytest.raises(Failed, match="not served any more"):
        serve(RunOptions(("pages",), on_problem="tee told"), "", "* * * * *", "", unwatched)
    assert json.loads((tmp_path / "told").read_text())["sentences"] == ["the schedule is not served any more"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "say when to run: either --every 15m or --cron"),
        ({"every": "15m", "cron": "* * * * *"}, "say when to run"),
        ({"every": "soon"}, "--every: 'soon' is no time; write it as 30s, 15m, 1h30m or 1d"),
        ({"every": "0s"}, "--every: '0s' is no time"),
        ({"cron": "often"}, "--cron: 'often' is no cron line"),
        ({"every": "15m", "inputs": ("https://us:pw@a.example/1.txt",)}, "an input has a password or a query"),
        ({"every": "15m", "inputs": ("-",)}, "standard input can be read but once"),
        ({"every": "15m", "name": "a/b"}, "--name: 'a/b' is no name of a deployment, as it holds / or %"),
        ({"every": "15m", "on_problem": "no-such-program"}, "--on-problem: there is no program 'no-such-program'"),
        ({"every": "15m", "fail_on_quarantine": "0"}, "--fail-on-quarantine: '0' is no limit"),
        (
            {"every": "15m"},
            "dehusk serve needs a Prefect server, which keeps the schedule; start one with `prefect",
        ),
        (
            {"every": "15m", "api": "http://127.0.0.1:9/api"},
            r"no Prefect server answers at http://127\.0\.0\.1:9/api; start",
        ),
    ],
)
def test_what_cannot_be_served_is_a_mistake(asked, says, monkeypatch):
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setattr("flows.orchestration.serve.PATIENCE_SECONDS", 0)
    given = {"inputs": ("seeds",), "every": "", "cron": "", "name": "", "api": None, "on_problem": "", "fail_on_quarantine": ""}
    given |= asked
    options = RunOptions(given["inputs"], on_problem=given["on_problem"], fail_on_quarantine=given["fail_on_quarantine"])
    with temporary_settings({PREFECT_API_URL: given["api"]}), pytest.raises(UsageError, match=says):
        serve(options, given["every"], given["cron"], given["name"], unwatched)
