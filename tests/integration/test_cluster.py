"""Runs on a real Dask cluster on loopback: the same bytes, whatever becomes of its workers, and refusals before any work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest

from flows.errors import UsageError
from flows.execution.run import run
from flows.options import RunOptions
from flows.planning import shards
from tests.chaos import digest, make_pages
from tests.conftest import ROOT
from tests.support.services import dask_cluster, prefect_server, wait_until

pytest.importorskip("distributed", reason="the extra dask is not installed")
pytest.importorskip("prefect_dask", reason="the extra dask is not installed")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    make_pages(folder, 300)
    return folder


@pytest.fixture(autouse=True)
def _small_shards(cut_at):
    cut_at(60_000)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with dask_cluster(tmp_path_factory.mktemp("dask")) as (address, _):
        yield address


@pytest.fixture(scope="module")
def plain(pages, tmp_path_factory):
    out = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", 60_000)
        patch.setattr(shards, "MIN_SOURCE_BYTES", 0)
        run(RunOptions((str(pages),), str(out), workers=1))
    return digest(out)


def test_a_cluster_gives_the_bytes_of_one_process(pages, plain, cluster, tmp_path):
    asked = RunOptions((str(pages),), str(tmp_path / "dask"), engine="dask", scheduler=cluster)
    summary = run(asked)
    assert (summary.failed, digest(tmp_path / "dask")) == ([], plain)
    assert not run(asked).manifest
    run(RunOptions((str(pages),), str(tmp_path / "two"), workers=2))
    assert digest(tmp_path / "two") == plain


def test_a_worker_that_is_killed_costs_nothing(pages, plain, tmp_path):
    out = tmp_path / "out"
    with dask_cluster(tmp_path) as (address, workers):

        def kill_in_the_middle():
            while len(list(out.glob("records/*.jsonl"))) < 3:
                time.sleep(0.02)
            os.kill(workers[0], signal.SIGKILL)

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        summary = run(RunOptions((str(pages),), str(out), engine="dask", scheduler=address))
        killer.join()
    assert (summary.failed, digest(out)) == ([], plain)
    assert list(out.rglob("*.part")) == []


@pytest.mark.parametrize("with_prefect", [False, True])
def test_a_run_that_is_stopped_finishes_what_the_cluster_has_in_hand(pages, plain, tmp_path, with_prefect):
    out = tmp_path / "out"
    with ExitStack() as stack:
        env = stack.enter_context(prefect_server(tmp_path)) if with_prefect else {**os.environ, "PYTHONPATH": str(ROOT)}
        address, _ = stack.enter_context(dask_cluster(tmp_path, env=env))
        code = "from tests.chaos import small_run; small_run()"
        command = [sys.executable, "-c", code, str(pages), "--out", str(out), "--engine", "dask", "--scheduler", address]
        command += [] if with_prefect else ["--no-prefect"]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            wait_until(lambda: list(out.glob("records/*.jsonl")) or process.poll() is not None, "the first shard", 120)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        assert (process.returncode, "dehusk: stopped after" in said) == (130, True), said
        (manifest,) = (json.loads(file.read_text()) for file in out.glob("runs/*.json"))
        assert (manifest["stopped"], manifest["left"] > 0, manifest["failed"]) == (True, True, [])
        written = {file.stem for file in out.glob("*/*.jsonl")}
        assert written == {shard["name"] for shard in manifest["shards"] if shard["files"]}
        subprocess.run(command, env=env, check=True, capture_output=True)
    assert digest(out) == plain


def test_a_cluster_is_used_through_prefect(pages, plain, tmp_path):
    from tests.support.services import ask, run_dehusk

    with prefect_server(tmp_path) as env, dask_cluster(tmp_path, env=env) as (address, _):
        done = run_dehusk(env, str(pages), "--out", str(tmp_path / "out"), "--engine", "dask", "--scheduler", address)
        assert done.returncode == 0, done.stderr
        assert digest(tmp_path / "out") == plain
        (flow_run,) = ask(env, "flow_runs")
        assert flow_run["state_name"] == "Completed"
        assert {run["state_name"] for run in ask(env, "task_runs")} == {"Completed"}


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"scheduler": ""}, "--engine dask needs the address of a scheduler"),
        ({"scheduler": "tcp://127.0.0.1:9"}, "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ({"scheduler": "nonsense://x"}, "no Dask scheduler answers at nonsense://x"),
    ],
)
def test_a_scheduler_that_cannot_be_used_is_a_mistake(pages, what, says, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.execution.dask.CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match=says):
        run(replace(RunOptions((str(pages),), str(tmp_path / "out"), engine="dask"), **what))


def test_a_cluster_without_workers_is_refused(pages, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.execution.dask.CONNECT_SECONDS", 1)
    with dask_cluster(tmp_path, workers=0) as (address, _), pytest.raises(UsageError, match="has no worker; start one with"):
        run(RunOptions((str(pages),), str(tmp_path / "out"), engine="dask", scheduler=address))


def test_workers_with_another_dehusk_or_none_or_other_files_are_refused(pages, cluster, tmp_path, monkeypatch):
    asked = RunOptions((str(pages),), str(tmp_path / "out"), engine="dask", scheduler=cluster)
    with monkeypatch.context() as patch:
        patch.setattr("flows.execution.context.code_digest", lambda: "another")
        with pytest.raises(UsageError, match=r"the worker tcp://\S+ has another version of dehusk \(\S+\); install the same"):
            run(asked)
    with monkeypatch.context() as patch:
        patch.setattr("flows.execution.dask.NAME", "no-such-package")
        with pytest.raises(UsageError, match=r"the worker tcp://\S+ has no dehusk; install the same version"):
            run(asked)
    with monkeypatch.context() as patch:
        patch.setattr("flows.execution.context.locked", _locked_elsewhere)
        with pytest.raises(UsageError, match=r"the worker tcp://\S+ does not see the output folder"):
            run(asked)


def _locked_elsewhere(out):
    """Hold a folder as a run on a machine that mounts another one under its name would."""
    from contextlib import contextmanager

    from flows.output.lock import locked

    @contextmanager
    def held():
        with locked(out):
            yield "the token of another folder"

    return held()
