"""The command of --on-problem: called once when there is a problem, harmless when it fails, and stopped when it hangs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flows.errors import Busy, UsageError
from flows.execution import on_problem
from flows.execution.on_problem import alarm_on_problem, parsed_command
from flows.execution.results import RunSummary
from flows.options import RunOptions
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts
from tests.support.processes import is_running
from tests.support.waiting import wait_until


@pytest.fixture
def log(tmp_path) -> Path:
    """The file to which the command `tell` writes its input as one line."""
    tell = tmp_path / "tell"
    tell.write_text(f"#!/bin/sh\ncat >> {tmp_path}/log && echo >> {tmp_path}/log && echo printed\n")
    tell.chmod(0o755)
    return tmp_path / "log"


def options(command: object, **more: object) -> RunOptions:
    return RunOptions(out="out", on_problem=str(command), **more)


def calls(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def summary(**changes: object) -> RunSummary:
    values = {"out": "out", "counts": Counts(pages=3, quarantined={"empty": 1}), "unchanged": 2, "unsettled": [], "skipped": []}
    return RunSummary(**values | {"failed": [], "manifest": "runs/1.json", "seconds": 1.25, "number": 7} | changes)


def test_the_command_gets_the_problems_and_counters_as_json(log, tmp_path, capfd):
    with alarm_on_problem(options(log.with_name("tell"), fail_on_quarantine="1")) as alarm:
        alarm.summary = summary(failed=[ShardFailure("00001", "no \x1b[1mroom")], drift=["a site drifts"])
    assert calls(log) == [
        {
            "out": os.path.abspath("out"),
            "run": 7,
            "what": ["failed", "quarantine", "drift"],
            "sentences": [
                "shard 00001 was not cleaned: no �[1mroom",
                "1 of 4 pages went to quarantine; the run fails by --fail-on-quarantine=1",
                "a site drifts",
            ],
            "manifest": os.path.abspath("out/runs/1.json"),
            "pages": 3, "quarantined": 1, "unchanged": 2, "failed_shards": 1, "seconds": 1.25,
        }
    ]  # fmt: skip
    assert capfd.readouterr() == ("", "printed\n")


def test_a_run_without_a_problem_calls_nothing(log):
    with alarm_on_problem(options(log.with_name("tell"))) as alarm:
        alarm.summary = summary()
    with alarm_on_problem(options("")) as alarm:
        alarm.summary = summary(drift=["a site drifts"])
    assert calls(log) == []


def test_an_error_is_a_problem_and_goes_on_upwards(log):
    with pytest.raises(OSError, match="No space"), alarm_on_problem(options(log.with_name("tell"))):
        raise OSError(28, "No space left on device", "out/a")
    (call,) = calls(log)
    assert (call["what"], call["sentences"]) == (["failed"], ["No space left on device: out/a"])
    assert (call["run"], call["manifest"], call["pages"]) == (0, "", 0)


def test_what_comes_after_the_summary_calls_the_command_once(log):
    with pytest.raises(SystemExit), alarm_on_problem(options(log.with_name("tell"))) as alarm:
        alarm.summary = summary(drift=["a site drifts"])
        raise SystemExit(1)
    assert [call["what"] for call in calls(log)] == [["drift"]]


@pytest.mark.parametrize("end", [Busy("another run is at work"), KeyboardInterrupt(), SystemExit(143)], ids=repr)
def test_a_run_that_is_skipped_or_stopped_is_no_problem(end, log):
    with pytest.raises(type(end)), alarm_on_problem(options(log.with_name("tell"))):
        raise end
    assert calls(log) == []


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sh -c 'exit 3'", "failed with exit code 3"),
        ("sh -c 'kill -9 $$'", "failed with exit code -9"),
        ("{folder}/fails", "could not be run: Exec format error: {folder}/fails"),
        ("sh -c 'sleep 300 & wait'", "had not ended after 0.2 seconds, and was killed"),
    ],
)
def test_a_command_that_fails_is_one_line(command, says, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(on_problem, "LIMIT_SECONDS", 0.2 if "sleep" in command else 60)
    (tmp_path / "fails").write_bytes(b"\0")
    (tmp_path / "fails").chmod(0o755)
    with alarm_on_problem(options(command.replace("{folder}", str(tmp_path)))) as alarm:
        alarm.summary = summary(drift=["a site drifts"])
    says = says.replace("{folder}", str(tmp_path))
    assert capfd.readouterr() == ("", f"dehusk: the command of --on-problem {says}\n")


def test_a_command_that_hangs_is_killed_with_what_it_has_started(tmp_path, monkeypatch):
    (tmp_path / "hangs").write_text("#!/bin/sh\nsleep 300 &\necho $! > child\nwait\n")
    (tmp_path / "hangs").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(on_problem, "LIMIT_SECONDS", 5)
    with alarm_on_problem(options("./hangs")) as alarm:
        alarm.summary = summary(drift=["a site drifts"])
    child = int(Path("child").read_text())
    wait_until(lambda: not is_running(child), "the end of a child")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("mail 'me", "cannot be parted into words (No closing quotation); see to its quotes"),
        ("  ", "the command is blank; name a program and its arguments"),
        ("no-such-program --token 1", "there is no program 'no-such-program'; give its path, and let it be executable"),
    ],
)
def test_a_command_that_cannot_be_run_is_a_mistake_before_any_work(command, says):
    with pytest.raises(UsageError) as mistake, alarm_on_problem(options(command)):
        raise AssertionError("the work has begun")
    assert says in str(mistake.value)
    assert "--token" not in str(mistake.value)


def test_a_command_is_parted_as_by_a_shell_and_run_without_one():
    assert parsed_command("sh -c 'echo $HOME' \"a b\" '*'") == ["sh", "-c", "echo $HOME", "a b", "*"]
