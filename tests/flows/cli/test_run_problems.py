"""Runs with problems, as a scheduler or a person starts them: exit codes, sentences, and the command that is called."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.planning.state import State
from tests.conftest import ROOT
from tests.support.command import dehusk, dehusk_process
from tests.support.processes import processes_with
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with two pages, an empty one, and a program that writes down its input in the file `log`."""
    (tmp_path / "pages").mkdir()
    for name, text in {"a": "The ferry is back.", "b": "The quay was swept.", "c": " \n"}.items():
        (tmp_path / "pages" / f"{name}.txt").write_text(text)
    (tmp_path / "tell").write_text("#!/bin/sh\ncat >> log && echo >> log\n")
    (tmp_path / "tell").chmod(0o755)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return dehusk("run", "pages", "--no-prefect", "--settle", "0", "--quiet", *arguments, cwd=folder)


def log(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "log").read_text().splitlines()] if (folder / "log").exists() else []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--fail-on-quarantine"], "1 of 3 pages went to quarantine; the run fails by --fail-on-quarantine=1"),
        (["--fail-on-quarantine=33%"], "1 of 3 pages went to quarantine; the run fails by --fail-on-quarantine=33%"),
    ],
)
def test_a_run_fails_for_its_quarantine_and_keeps_all_its_work(arguments, sentence, folder):
    done = run(folder, *arguments, "--on-problem", "./tell")
    assert done.returncode == 1
    assert done.stderr.decode() == f"dehusk: 1 page went to out/quarantine\ndehusk: {sentence}\n"
    (call,) = log(folder)
    assert (call["what"], call["sentences"], call["pages"], call["quarantined"]) == (["quarantine"], [sentence], 2, 1)
    assert Path(str(call["manifest"])).is_file()
    assert sum(len(file.read_bytes().splitlines()) for file in folder.glob("out/records/*.jsonl")) == 2
    assert (run(folder, *arguments).returncode, len(log(folder))) == (0, 1)  # by the next run none went there


@pytest.mark.parametrize("arguments", [[], ["--fail-on-quarantine=2"], ["--fail-on-quarantine=34%"]])
def test_a_run_below_its_limit_ends_well(arguments, folder):
    assert run(folder, *arguments, "--on-problem", "./tell").returncode == 0
    assert log(folder) == []


def test_a_word_after_the_option_is_an_input(folder):
    done = dehusk("run", "--no-prefect", "--settle", "0", "--quiet", "--fail-on-quarantine", "pages", cwd=folder)
    assert done.returncode == 1
    assert b"by --fail-on-quarantine=1" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--on-problem", "no-such-program"], ["--on-problem", "'"], ["--fail-on-quarantine=none"]], ids=str
)
def test_a_mistake_in_the_options_comes_before_all_work(arguments, folder):
    done = run(folder, *arguments)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert not (folder / "out").exists()


def test_a_mistake_in_the_inputs_is_told_to_the_command(folder):
    done = dehusk("run", "missing", "--no-prefect", "--on-problem", "./tell", cwd=folder)
    assert done.returncode == 2
    (call,) = log(folder)
    assert (call["what"], call["sentences"]) == (["failed"], ["missing does not exist; name a file or a folder of pages"])


def test_an_error_is_told_to_the_command(folder, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "out/state.db")

    monkeypatch.setattr(State, "commit", fail)
    done = run(folder, "--on-problem", "./tell")
    assert (done.returncode, done.stderr) == (1, b"dehusk: No space left on device: out/state.db\n")
    assert [call["sentences"] for call in log(folder)] == [["No space left on device: out/state.db"]]


def test_files_that_were_damaged_are_told_to_the_command(folder):
    run(folder)
    (file,) = folder.glob("out/records/*.jsonl")
    file.write_bytes(b"")
    assert run(folder, "--on-problem", "./tell", "--fail-on-quarantine").returncode == 1  # the empty page is met again
    (call,) = log(folder)
    assert (call["what"], call["run"]) == (["quarantine", "damage"], 2)
    assert str(call["sentences"][1]).startswith(f"records/{file.name} has 0 bytes, not ")


def test_a_shard_that_fails_is_told_to_the_command(folder, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr("flows.execution.engines.clean_shard", fail)
    done = run(folder, "--on-problem", "./tell")
    assert done.returncode == 1
    (call,) = log(folder)
    assert (call["what"], call["failed_shards"]) == (["failed"], 1)
    assert str(call["sentences"]).endswith("was not cleaned: no such luck']")


def test_the_command_may_use_the_output_folder_and_its_words_are_kept_nowhere(folder):
    hook = f"sh -c '{sys.executable} -m flows.cli verify out > log' secret-token"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DEHUSK_ON_PROBLEM": hook, "DEHUSK_FAIL_ON_QUARANTINE": "1"}
    done = dehusk_process("run", "pages", "--no-prefect", "--settle", "0", "--json", cwd=folder, env=env)
    assert done.returncode == 1
    assert json.loads(done.stdout)["quarantined"] == {"empty": 1}  # nothing else on stdout
    assert b"dehusk: out is whole\n" in done.stderr
    assert b"secret-token" not in b"".join(file.read_bytes() for file in folder.rglob("out/**/*") if file.is_file())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_stopped_while_its_command_is_at_work_ends_both(number, code, folder):
    (folder / "hang").write_text("#!/bin/sh\ntouch hangs\nsleep 300\n")
    (folder / "hang").chmod(0o755)
    command = [sys.executable, "-m", "flows.cli", "run", "missing", "--no-prefect", "--on-problem", "./hang"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DEHUSK_HANGING": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE) as process:
        wait_until(lambda: (folder / "hangs").exists() or process.poll() is not None, "the command")
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == code
    assert said == b"dehusk: stopped; what is done is kept, and the next run goes on with the rest\n"
    wait_until(lambda: not processes_with("DEHUSK_HANGING", str(folder)), "the end of the command")
