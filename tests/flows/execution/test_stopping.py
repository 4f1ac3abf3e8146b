"""Runs that are stopped by Ctrl-C or by what manages services: a sentence, nothing left behind, and the next run goes on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.signals import STOPPED, ended_at_once, finishing_on_ctrl_c, is_ending, is_stopping, stopped_after, stopped_by_signals
from tests.chaos import MARK, digest, make_pages, processes
from tests.conftest import ROOT
from tests.support.services import wait_until

RUN = """
from tests.chaos import small_run
if __name__ == "__main__":
    small_run()
"""
STALLED_RUN = """
from flows.execution import engines, process_pool as pool
from tests.support import ended
from tests.chaos import small_run
if __name__ == "__main__":
    engines.clean_shard = pool.clean_shard = ended.stall
    small_run()
"""
FINISHING = r"dehusk: stopping; (finishing the (\d+ shards|shard) in hand, Ctrl-C again to stop now|writing down what is done)"
STOPPED_AFTER = r"dehusk: stopped after (\d+) of (\d+) shards; run the same command again to go on with the rest"
ENGINES = pytest.mark.parametrize(
    ("engine", "to_all"),
    [(["--no-prefect"], False), (["--no-prefect"], True), ([], True)],
    ids=["the run", "all its processes", "all its processes and Prefect's server"],
)


class Stopped:
    """A run that is being stopped."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], to_all: bool) -> None:
        self.folder, self.out = folder, folder / "out"
        self._process, self._signal = process, os.killpg if to_all else os.kill

    def get(self, number: signal.Signals) -> None:
        """Have it get a signal."""
        self._signal(self._process.pid, number)

    def comes_to(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        wait_until(lambda: is_so() or self._process.poll() is not None, "a step of a run", 120)
        assert self._process.poll() is None, self._process.communicate()

    def says(self, sentence: str) -> str:
        """Wait for what it says on stderr."""
        assert self._process.stderr is not None
        seen = []
        for line in self._process.stderr:
            seen.append(line)
            if re.fullmatch(sentence + "\n", line):
                return line
        raise AssertionError(seen)

    def ends(self) -> tuple[int, str, str]:
        """Wait for its end and that of all its processes; return its exit code and what it said."""
        said, complained = self._process.communicate(timeout=60)
        wait_until(lambda: not processes(str(self.folder)), "the end of all processes", 20)
        return self._process.returncode, said, complained

    def parts(self) -> list[Path]:
        """Return what is half-written."""
        return list(self.out.rglob("*.part"))


@contextmanager
def started(folder: Path, *asked: str, code: str = RUN, to_all: bool = True):
    make_pages(folder / "pages", 300)
    (folder / "run.py").write_text(code)
    command = [sys.executable, str(folder / "run.py"), str(folder / "pages"), "--out", str(folder / "out"), *asked]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(folder / "home"), MARK: str(folder)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        try:
            yield Stopped(folder, process, to_all)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def assert_the_next_run_goes_on(stopped: Stopped) -> dict:
    """Run the same again, see that it ends with the bytes of an undisturbed run, and return its manifest."""
    folder = stopped.folder
    for out in (stopped.out, folder / "undisturbed"):
        command = [sys.executable, "-c", RUN, str(folder / "pages"), "--out", str(out), "--no-prefect", "--quiet"]
        subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, stderr=subprocess.PIPE)
    assert digest(stopped.out) == digest(folder / "undisturbed")
    assert stopped.parts() == []
    return manifests(stopped.out)[-1]


def manifests(out: Path) -> list[dict]:
    return [json.loads(file.read_text()) for file in sorted(out.glob("runs/*.json"))]


@ENGINES
def test_a_run_that_is_stopped_by_ctrl_c_finishes_what_it_has_begun_and_the_next_one_does_the_rest(engine, to_all, tmp_path):
    with started(tmp_path, "--workers", "2", *engine, to_all=to_all) as run:
        run.comes_to(lambda: list(run.out.glob("records/*.jsonl")))
        run.get(signal.SIGINT)
        code, said, complained = run.ends()
    assert code == 130
    assert "│ pages " in said
    assert run.parts() == []
    *first, last = complained.splitlines()
    assert [line for line in first if not re.fullmatch(FINISHING, line)] == []
    done, shards = map(int, re.fullmatch(STOPPED_AFTER, last).groups())
    assert 0 < done < shards
    (manifest,) = manifests(run.out)
    assert (manifest["stopped"], manifest["left"], len(manifest["shards"])) == (True, shards - done, done)
    written = {file.stem for file in run.out.glob("*/*.jsonl")}
    assert written == {shard["name"] for shard in manifest["shards"] if shard["files"]}
    after = assert_the_next_run_goes_on(run)
    assert (after["stopped"], after["left"], len(after["shards"])) == (False, 0, shards - done)
    assert after["counts"]["pages"] + manifest["counts"]["pages"] == 294


def test_one_worker_finishes_its_shard_too(tmp_path):
    with started(tmp_path, "--workers", "1", "--no-prefect", "--json") as run:
        run.comes_to(lambda: list(run.out.glob("records/*.jsonl")))
        run.get(signal.SIGINT)
        code, said, complained = run.ends()
    told = json.loads(said)
    assert (code, told["stopped"], told["failed"], told["left"] > 0) == (130, True, 0, True)
    assert re.fullmatch(STOPPED_AFTER, complained.splitlines()[-1])
    assert_the_next_run_goes_on(run)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_ctrl_c_does_not_wait_and_takes_away_what_is_half_written(workers, tmp_path):
    with started(tmp_path, "--workers", workers, "--no-prefect", "--quiet", code=STALLED_RUN) as run:
        run.comes_to(lambda: len(run.parts()) == 3 * int(workers))
        run.get(signal.SIGINT)
        assert f"{workers if workers != '1' else ''} shard" in run.says(FINISHING)
        run.get(signal.SIGINT)
        code, said, complained = run.ends()
    assert (code, said) == (130, "")
    assert f"dehusk: {STOPPED}" in complained.splitlines()
    assert "Traceback" not in complained
    assert run.parts() == []
    assert manifests(run.out) == []
    assert_the_next_run_goes_on(run)


def test_a_second_ctrl_c_does_not_wait_for_prefect_either(tmp_path):
    with started(tmp_path, "--workers", "2", code=STALLED_RUN) as run:
        run.comes_to(lambda: len(run.parts()) == 6)
        run.get(signal.SIGINT)
        run.says(FINISHING)
        run.get(signal.SIGINT)
        code, _, complained = run.ends()
    assert code == 130
    assert f"dehusk: {STOPPED}" in complained.splitlines()
    assert "Traceback" not in complained
    assert_the_next_run_goes_on(run)


@ENGINES
def test_a_run_that_is_ended_says_so_and_the_next_one_goes_on(engine, to_all, tmp_path):
    with started(tmp_path, "--workers", "2", *engine, code=STALLED_RUN, to_all=to_all) as run:
        run.comes_to(lambda: len(run.parts()) == 6)
        run.get(signal.SIGTERM)
        code, _, complained = run.ends()
    assert code == 143
    assert f"dehusk: {STOPPED}" in complained.splitlines()
    if not to_all:  # which may end a worker while it is starting, and that says so
        assert "Traceback" not in complained
    assert_the_next_run_goes_on(run)


def test_ctrl_c_before_any_shard_is_begun_ends_a_run_at_once():
    with pytest.raises(KeyboardInterrupt), stopped_by_signals():
        signal.raise_signal(signal.SIGINT)
    assert not is_stopping.is_set()


def test_the_first_ctrl_c_waits_for_shards_and_the_second_one_ends_them():
    ended = []
    with pytest.raises(KeyboardInterrupt), stopped_by_signals(), finishing_on_ctrl_c(), ended_at_once(lambda: ended.append(1)):
        signal.raise_signal(signal.SIGINT)
        assert (is_stopping.is_set(), is_ending.is_set(), ended) == (True, False, [])
        signal.raise_signal(signal.SIGINT)
    assert ended == [1]
    assert (is_stopping.is_set(), is_ending.is_set()) == (False, False)


def test_sigterm_waits_for_nothing():
    ended = []
    with pytest.raises(SystemExit, match="143"), stopped_by_signals(), finishing_on_ctrl_c():
        with ended_at_once(lambda: ended.append(1)):
            pass
        signal.raise_signal(signal.SIGTERM)
    assert ended == []


def test_how_to_go_on_is_told():
    assert stopped_after(12, 40, fresh=False) == (
        "stopped after 12 of 40 shards; run the same command again to go on with the rest"
    )
    assert stopped_after(1, 2, fresh=True) == (
        "stopped after 1 of 2 shards; run the same command again without --fresh to go on with the rest"
    )
    assert stopped_after(2, 2, fresh=True) == "stopped after 2 of 2 shards; nothing is left to do"
