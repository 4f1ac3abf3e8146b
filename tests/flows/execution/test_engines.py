"""Engines: a failing shard, a dying worker or a lost run costs only the shards that it must."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.errors import OtherVersion, Superseded, WorkerEnded
from flows.execution import engines
from flows.execution.engines import clean_shards, cleaning
from flows.execution.process_pool import Pool
from flows.execution.run import run
from flows.execution.scheduling import result_or_failure
from flows.execution.shard import ShardResult, clean_shard
from flows.inputs.discovery import Source
from flows.options import RunOptions, WorkerSettings
from flows.output.lock import locked
from flows.output.manifest import ShardFailure
from flows.planning.shards import Shard
from tests.conftest import ROOT
from tests.flows.execution.test_run import files, rows
from tests.support import ended
from tests.support.processes import is_running
from tests.support.waiting import PATIENCE_SECONDS, wait_until

SHARD = Shard("00000-0123456789ab", ())
SLOW_POOL = """
import sys
from flows.execution import engines
from flows.execution.engines import clean_shards
from flows.options import LOCAL, WorkerSettings

from flows.planning.shards import Shard
from tests.support.ended import wait
if __name__ == "__main__":
    engines.clean_shard = wait
    list(clean_shards(LOCAL, "", 2, WorkerSettings(sys.argv[1], ()), [Shard(str(number), ()) for number in range(4)]))
"""


@pytest.fixture
def pages(tmp_path, cut_at) -> Path:
    """Four pages, each to be cleaned in a shard of its own."""
    cut_at(20)
    (tmp_path / "pages").mkdir()
    for name in ("a", "b", "c", "d"):
        (tmp_path / "pages" / f"{name}.txt").write_text(f"Title {name}\nBody {name}.")
    return tmp_path / "pages"


def failing(problem: BaseException):
    def clean() -> ShardResult:
        raise problem

    return clean


def test_what_is_cleaned_is_the_outcome():
    result = ShardResult(SHARD.name)
    assert result_or_failure(SHARD, lambda: result) is result


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (OSError(28, "No space left on device", "/out/records/a"), "No space left on device: /out/records/a"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("nothing there"), "nothing there"),
        (PermissionError(13, "Permission denied", "/x"), "Permission denied: /x"),
        (WorkerEnded("its process was ended twice"), "its process was ended twice"),
        (RuntimeError("no such luck"), "no such luck"),
        (RuntimeError(), "RuntimeError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_what_goes_wrong_is_told(problem, reason):
    assert result_or_failure(SHARD, failing(problem)) == ShardFailure(SHARD.name, reason)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit])
def test_a_run_that_is_to_end_ends(problem):
    with pytest.raises(problem):
        result_or_failure(SHARD, failing(problem()))


def test_no_shards_need_no_engine():
    assert list(clean_shards("none", "", 0, WorkerSettings("", ()), [])) == []


def test_a_shard_that_fails_costs_no_other(pages, tmp_path, monkeypatch):
    clean_shard = engines.clean_shard

    def fail_on_b(shard: Shard, settings: WorkerSettings) -> ShardResult:
        if shard.sources[0].name == "b.txt":
            raise RuntimeError("no such luck")
        return clean_shard(shard, settings)

    with monkeypatch.context() as patch:
        patch.setattr(engines, "clean_shard", fail_on_b)
        summary = run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    assert [failure.reason for failure in summary.failed] == ["no such luck"]
    assert [row["title"] for row in rows(tmp_path / "out", "records")] == ["Title a", "Title c", "Title d"]
    summary = run(RunOptions((str(pages),), str(tmp_path / "out")))
    assert (summary.failed, summary.counts.pages, summary.unchanged) == ([], 1, 3)


def test_a_worker_that_is_killed_once_changes_nothing(pages, tmp_path, monkeypatch):
    run(RunOptions((str(pages),), str(tmp_path / "undisturbed"), workers=1))
    monkeypatch.setattr(engines, "clean_shard", ended.end_once)
    summary = run(RunOptions((str(pages),), str(tmp_path / "out"), workers=2))
    assert (tmp_path / "out" / ended.MARK).exists()
    assert (summary.failed, summary.counts.pages) == ([], 4)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")
    assert list(tmp_path.rglob("*.part")) == []


def test_a_shard_that_kills_its_workers_is_told_and_the_others_are_done(pages, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(engines, "clean_shard", ended.end_always)
        summary = run(RunOptions((str(pages),), str(tmp_path / "out"), workers=2))
    (failure,) = summary.failed
    assert failure.shard.startswith("00001-")
    assert failure.reason == "its process was ended twice, perhaps because memory ran out"
    assert [row["title"] for row in rows(tmp_path / "out", "records")] == ["Title a", "Title c", "Title d"]
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    run(RunOptions((str(pages),), str(tmp_path / "undisturbed"), workers=1))
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


@pytest.mark.parametrize(("holder", "code", "problem"), [("", "other", OtherVersion), ("earlier", "", Superseded)])
def test_who_must_not_write_writes_nothing(pages, tmp_path, holder, code, problem):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    before = files(out)
    source = Source(str(pages / "b.txt"), "b.txt", 0)
    with pytest.raises(problem), locked(out):
        clean_shard(Shard(SHARD.name, (source,)), WorkerSettings(str(out), (), holder=holder, code=code))
    assert files(out) == before
    assert list(out.rglob("*.part")) == []


def test_a_pool_goes_on_after_a_worker_was_killed_between_shards(tmp_path):
    settings = WorkerSettings(str(tmp_path), ())
    for folder in ("records", "audit", "quarantine"):
        (tmp_path / folder).mkdir()
    with Pool(1, cleaning(settings)) as workers:
        assert workers.call(SHARD).shard == SHARD.name
        (process,) = workers._pool._processes.values()
        process.kill()
        process.join()
        assert [workers.call(SHARD).shard for _ in range(2)] == [SHARD.name] * 2
        (other,) = workers._pool._processes.values()
        assert other.pid != process.pid
        assert other.is_alive()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see which processes there are")
def test_workers_end_when_their_run_is_killed(tmp_path):
    command = [sys.executable, "-c", SLOW_POOL, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            workers = wait_until(
                lambda: found if len(found := list(tmp_path.glob("*.pid"))) == 2 else [], "the start of workers"
            )
            assert all(is_running(int(worker.stem)) for worker in workers)
        finally:
            process.kill()
            process.wait(PATIENCE_SECONDS)
    wait_until(lambda: not any(is_running(int(worker.stem)) for worker in workers), "the end of workers")
