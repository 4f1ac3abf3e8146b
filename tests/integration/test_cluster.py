"""Runs on a real Dask cluster on loopback: the same bytes even when workers die, and refusals before any work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from flows.errors import UsageError
from flows.execution.run import run
from flows.learning.gather import gather
from flows.learning.learn import learn
from flows.options import RunOptions
from flows.planning import shards
from tests.chaos import digest, make_pages
from tests.support.gathering import SHARD_BYTES, contents, make_site_pages
from tests.support.learnt_site import write_site
from tests.support.processes import is_running
from tests.support.services import ask, dask_cluster, run_dehusk
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("Prefect")]
pytest.importorskip("distributed", reason="the extra dask is not installed")
pytest.importorskip("prefect_dask", reason="the extra dask is not installed")


PAGES = 200  # enough for a run that is stopped at its first shard to leave some


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    make_pages(folder, PAGES)
    return folder


@pytest.fixture(autouse=True)
def _small_shards(cut_at):
    cut_at(60_000)


@pytest.fixture(scope="module")
def cluster(prefect_api, tmp_path_factory):
    """The address of a cluster whose workers reach a Prefect server."""
    with dask_cluster(tmp_path_factory.mktemp("dask"), env=prefect_api) as (address, _):
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


def test_a_cluster_is_handed_two_shards_a_thread_at_a_time(pages, plain, cluster, tmp_path, monkeypatch):
    from flows.execution import dask

    submitted, most, slots = [], [], []
    submit, slots_of = dask.Client.submit, dask.slots_of

    def noted(client, *given, **named):
        future = submit(client, *given, **named)
        submitted.append(future)
        most.append(sum(not one.done() for one in submitted))
        return future

    monkeypatch.setattr(dask.Client, "submit", noted)
    monkeypatch.setattr(dask, "slots_of", lambda client: slots.append(slots_of(client)) or slots[-1])
    summary = run(RunOptions((str(pages),), str(tmp_path / "out"), engine="dask", scheduler=cluster))
    assert (summary.failed, digest(tmp_path / "out")) == ([], plain)
    assert summary.shards == len(submitted) > max(slots) >= max(most)


def test_a_cluster_gathers_the_statistics_and_samples_of_one_process(cluster, tmp_path, cut_at):
    cut_at(SHARD_BYTES)
    pages = str(make_site_pages(tmp_path / "pages"))
    found = {}
    for engine in ("local", "dask"):
        (tmp_path / engine).mkdir()
        found[engine] = gather([pages], tmp_path / engine, RunOptions(workers=1, engine=engine, scheduler=cluster))
    assert len(found["dask"].files) > 3
    assert contents(found["dask"]) == contents(found["local"])


def test_a_cluster_proposes_the_packs_of_one_process(cluster, tmp_path):
    site = write_site(tmp_path / "quay", 16)
    found = []
    for engine in ("local", "dask"):
        to = tmp_path / engine
        learnt = learn([str(site)], to, RunOptions(engine=engine, scheduler=cluster, workers=1), "quay")
        assert (learnt.failed, [*learnt.proposed]) == ([], ["quay"])
        found.append((to / "proposed" / "quay.toml").read_bytes())
    assert found[0] == found[1]


def test_a_worker_that_is_killed_costs_nothing(pages, plain, tmp_path):
    out = tmp_path / "out"
    with dask_cluster(tmp_path) as (address, workers):

        def kill_in_the_middle():
            wait_until(lambda: len(list(out.glob("records/*.jsonl"))) > 2, "the third shard")
            os.kill(workers[0], signal.SIGKILL)

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        summary = run(RunOptions((str(pages),), str(out), engine="dask", scheduler=address))
        killer.join(PATIENCE_SECONDS)
        assert not is_running(workers[0])
    assert (summary.failed, digest(out)) == ([], plain)
    assert list(out.rglob("*.part")) == []


@pytest.mark.parametrize("with_prefect", [False, True])
def test_a_run_that_is_stopped_finishes_what_the_cluster_has_in_hand(
    pages, plain, cluster, prefect_api, tmp_path, with_prefect
):
    out = tmp_path / "out"
    code = "from tests.chaos import small_run; small_run()"
    command = [sys.executable, "-c", code, str(pages), "--out", str(out), "--engine", "dask", "--scheduler", cluster]
    command += [] if with_prefect else ["--no-prefect"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=prefect_api, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            wait_until(lambda: list(out.glob("records/*.jsonl")) or process.poll() is not None, "the first shard")
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
    assert (process.returncode, "dehusk: stopped after" in said) == (130, True), said
    (manifest,) = (json.loads(file.read_text()) for file in out.glob("runs/*.json"))
    assert (manifest["stopped"], manifest["left"] > 0, manifest["failed"]) == (True, True, [])
    written = {file.stem for file in out.glob("*/*.jsonl")}
    assert written == {shard["name"] for shard in manifest["shards"] if shard["files"]}
    run(RunOptions((str(pages),), str(out), workers=1))
    assert digest(out) == plain


def test_a_cluster_is_used_through_prefect(pages, plain, cluster, prefect_api, tmp_path):
    done = run_dehusk(prefect_api, str(pages), "--out", str(tmp_path / "out"), "--engine", "dask", "--scheduler", cluster)
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "out") == plain
    (flow_run,) = ask(prefect_api, "flow_runs", flow_runs={"name": {"any_": [f"dehusk to {tmp_path / 'out'}"]}})
    assert flow_run["state_name"] == "Completed"
    task_runs = ask(prefect_api, "task_runs", flow_runs={"id": {"any_": [flow_run["id"]]}})
    assert {task_run["state_name"] for task_run in task_runs} == {"Completed"}


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
        patch.setattr("flows.execution.dask.DISTRIBUTION", "no-such-package")
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
