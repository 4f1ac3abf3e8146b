"""Runs stopped by Ctrl-C or a service manager: one sentence, nothing left behind, and the next run goes on."""

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

from flows.execution.run import run
from flows.layout import FOLDERS, SKETCHES
from flows.options import RunOptions
from flows.planning import shards
from flows.signals import STOPPED, ended_at_once, finishing_on_ctrl_c, is_ending, is_stopping, stopped_after, stopped_by_signals
from tests.chaos import MARK, SHARD_BYTES, digest, make_pages
from tests.conftest import ROOT
from tests.support.ended import GO_ON
from tests.support.processes import processes_with
from tests.support.waiting import PATIENCE_SECONDS, wait_until

# After its first shard, a run goes on only when the test lets it.
GATED_RUN = """
from flows.execution import engines
from tests.support import ended
from tests.chaos import small_run
if __name__ == "__main__":
    engines.clean_shard = ended.wait_to_go_on
    small_run()
"""
STALLED_RUN = """
from flows.execution import engines
from tests.support import ended
from tests.chaos import small_run
if __name__ == "__main__":
    engines.clean_shard = ended.stall
    small_run()
"""
PAGES, BAD_PAGES = 120, 2
FILES_OF_A_SHARD = len((*FOLDERS, SKETCHES))  # that are written at once
FINISHING = r"dehusk: stopping; (finishing the (\d+ shards|shard) in hand, Ctrl-C again to stop now|writing down what is done)"
PROGRESS = r"dehusk: \d+ of \d+ shards, .+, stopping"  # on a machine that is slow for once
STOPPED_AFTER = r"dehusk: stopped after (\d+) of (\d+) shards; run the same command again to go on with the rest"
ENGINES = pytest.mark.parametrize(
    ("engine", "to_all"),
    [
        pytest.param(["--no-prefect"], False, id="the run"),
        pytest.param(["--no-prefect"], True, id="all its processes"),
        pytest.param([], True, id="all its processes and Prefect's server", marks=pytest.mark.service),
    ],
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
        wait_until(lambda: is_so() or self._process.poll() is not None, "a step of a run")
        assert self._process.poll() is None, self._process.communicate()

    def says(self, sentence: str) -> str:
        """Wait for a text on its stderr."""
        assert self._process.stderr is not None
        seen = []
        for line in self._process.stderr:
            seen.append(line)
            if re.fullmatch(sentence + "\n", line):
                return line
        raise AssertionError(seen)

    def ends(self) -> tuple[int, str, str]:
        """Wait for its end and that of all its processes; return its exit code, its output and its stderr."""
        said, complained = self._process.communicate(timeout=PATIENCE_SECONDS)
        wait_until(lambda: not processes_with(MARK, str(self.folder)), "the end of all processes")
        return self._process.returncode, said, complained

    def parts(self) -> list[Path]:
        """Return the half-written files."""
        return list(self.out.rglob("*.part"))

    def is_let_go_on(self) -> None:
        """Let the shards in hand be finished."""
        (self.folder / GO_ON).touch()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> str:
    """The digest of the output of a run that nothing stops."""
    folder = tmp_path_factory.mktemp("undisturbed")
    make_pages(folder / "pages", PAGES)
    run_again(folder)
    return digest(folder / "out")


def run_again(folder: Path) -> None:
    """Run in this process, with the shards of the runs that are stopped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", SHARD_BYTES)
        patch.setattr(shards, "MIN_SOURCE_BYTES", 0)
        run(RunOptions((str(folder / "pages"),), str(folder / "out"), workers=1, settle=0))


@contextmanager
def started(folder: Path, *asked: str, code: str = GATED_RUN, to_all: bool = True):
    make_pages(folder / "pages", PAGES)
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


def assert_the_next_run_goes_on(stopped: Stopped, undisturbed: str) -> dict:
    """Run the same again, see that it ends with the bytes of an undisturbed run, and return its manifest."""
    run_again(stopped.folder)
    assert digest(stopped.out) == undisturbed
    assert stopped.parts() == []
    return manifests(stopped.out)[-1]


def manifests(out: Path) -> list[dict]:
    return [json.loads(file.read_text()) for file in sorted(out.glob("runs/*.json"))]


@ENGINES
def test_a_run_that_is_stopped_by_ctrl_c_finishes_what_it_has_begun_and_the_next_one_does_the_rest(
    engine, to_all, tmp_path, undisturbed, prefect_home
):
    if "--no-prefect" not in engine:
        prefect_home(tmp_path / "home")
    with started(tmp_path, "--workers", "2", *engine, to_all=to_all) as stopped:
        stopped.comes_to(lambda: len(list(stopped.out.glob("records/*.jsonl"))) == 3)  # the first is done, two are in hand
        stopped.get(signal.SIGINT)
        stopped.says(FINISHING)
        stopped.is_let_go_on()
        code, said, complained = stopped.ends()
    assert code == 130
    assert "│ pages " in said
    assert stopped.parts() == []
    *first, last = complained.splitlines()
    assert [line for line in first if not re.fullmatch(rf"{FINISHING}|{PROGRESS}", line)] == []
    done, planned = map(int, re.fullmatch(STOPPED_AFTER, last).groups())
    assert 0 < done < planned
    (manifest,) = manifests(stopped.out)
    assert (manifest["stopped"], manifest["left"], len(manifest["shards"])) == (True, planned - done, done)
    written = {file.stem for file in stopped.out.glob("*/*.jsonl")}
    assert written == {shard["name"] for shard in manifest["shards"] if shard["files"]}
    after = assert_the_next_run_goes_on(stopped, undisturbed)
    assert (after["stopped"], after["left"], len(after["shards"])) == (False, 0, planned - done)
    assert after["counts"]["pages"] + manifest["counts"]["pages"] == PAGES - BAD_PAGES


def test_one_worker_finishes_its_shard_too(tmp_path, undisturbed):
    with started(tmp_path, "--workers", "1", "--no-prefect", "--json") as stopped:
        stopped.comes_to(lambda: len(list(stopped.out.glob("records/*.jsonl"))) == 2)
        stopped.get(signal.SIGINT)
        stopped.says(FINISHING)
        stopped.is_let_go_on()
        code, said, complained = stopped.ends()
    told = json.loads(said)
    assert (code, told["stopped"], told["failed"], told["left"] > 0) == (130, True, 0, True)
    assert re.fullmatch(STOPPED_AFTER, complained.splitlines()[-1])
    assert_the_next_run_goes_on(stopped, undisturbed)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_ctrl_c_does_not_wait_and_takes_away_what_is_half_written(workers, tmp_path, undisturbed):
    with started(tmp_path, "--workers", workers, "--no-prefect", "--quiet", code=STALLED_RUN) as stopped:
        stopped.comes_to(lambda: len(stopped.parts()) == FILES_OF_A_SHARD * int(workers))
        stopped.get(signal.SIGINT)
        assert f"{workers if workers != '1' else ''} shard" in stopped.says(FINISHING)
        stopped.get(signal.SIGINT)
        code, said, complained = stopped.ends()
    assert (code, said) == (130, "")
    assert f"dehusk: {STOPPED}\n" in complained
    assert "Traceback" not in complained
    assert stopped.parts() == []
    assert manifests(stopped.out) == []
    assert_the_next_run_goes_on(stopped, undisturbed)


@pytest.mark.service
def test_a_second_ctrl_c_does_not_wait_for_prefect_either(tmp_path, undisturbed, prefect_home):
    prefect_home(tmp_path / "home")
    with started(tmp_path, "--workers", "2", code=STALLED_RUN) as stopped:
        stopped.comes_to(lambda: len(stopped.parts()) == 2 * FILES_OF_A_SHARD)
        stopped.get(signal.SIGINT)
        stopped.says(FINISHING)
        stopped.get(signal.SIGINT)
        code, _, complained = stopped.ends()
    assert code == 130
    assert f"dehusk: {STOPPED}\n" in complained
    assert "Traceback" not in complained
    assert_the_next_run_goes_on(stopped, undisturbed)


@ENGINES
def test_a_run_that_is_ended_says_so_and_the_next_one_goes_on(engine, to_all, tmp_path, undisturbed, prefect_home):
    if "--no-prefect" not in engine:
        prefect_home(tmp_path / "home")
    with started(tmp_path, "--workers", "2", *engine, code=STALLED_RUN, to_all=to_all) as stopped:
        stopped.comes_to(lambda: len(stopped.parts()) == 2 * FILES_OF_A_SHARD)
        stopped.get(signal.SIGTERM)
        code, _, complained = stopped.ends()
    assert code == 143
    assert f"dehusk: {STOPPED}\n" in complained
    if not to_all:  # which may end a worker while it is starting, and that says so
        assert "Traceback" not in complained
    assert_the_next_run_goes_on(stopped, undisturbed)


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
