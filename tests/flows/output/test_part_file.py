"""Part files of processes at work stay, and those of processes that are gone are removed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys

import pytest

from flows.output.atomic import LinesFile, write_whole
from flows.output.part_file import new_part, remove_abandoned_parts
from tests.conftest import ROOT

WRITE = """
import sys
from pathlib import Path
from flows.output.part_file import new_part
part, file = new_part(Path(sys.argv[1]))
print(part.name, flush=True)
sys.stdin.read()
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_part_stays_while_it_is_written(tmp_path):
    with LinesFile(tmp_path / "a.jsonl") as file:
        file.write([b"1"])
        remove_abandoned_parts(tmp_path)
        file.write([b"2"])
    assert names(tmp_path) == ["a.jsonl"]
    assert (tmp_path / "a.jsonl").read_bytes() == b"1\n2\n"


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_part_stays_until_it_has_its_name(at, tmp_path, monkeypatch):
    call = getattr(os, at)

    def tidied(*arguments: object) -> None:
        remove_abandoned_parts(tmp_path)
        call(*arguments)

    monkeypatch.setattr(os, at, tidied)
    write_whole(tmp_path / "a.json", b"{}")
    with LinesFile(tmp_path / "b.jsonl") as file:
        file.write([b"1"])
    assert names(tmp_path) == ["a.json", "b.jsonl"]


def test_a_part_is_removed_when_its_process_is_killed(tmp_path):
    command = [sys.executable, "-c", WRITE, str(tmp_path / "a.json")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        part = process.stdout.readline().strip()
        remove_abandoned_parts(tmp_path)
        assert names(tmp_path) == [part]
        process.kill()
        process.wait()
    remove_abandoned_parts(tmp_path)
    assert names(tmp_path) == []


def test_a_part_that_is_removed_before_its_writer_locks_it_is_created_anew(tmp_path, monkeypatch):
    flock, seen = fcntl.flock, []

    def after_another(handle: object, operation: int) -> None:
        if not seen:
            seen.extend(names(tmp_path))
            remove_abandoned_parts(tmp_path)
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", after_another)
    part, file = new_part(tmp_path / "a.json")
    with file:
        assert names(tmp_path) == [part.name] != seen
        remove_abandoned_parts(tmp_path)
        assert part.exists()


def test_a_part_that_another_is_removing_is_left_to_it(tmp_path, monkeypatch):
    flock, removing = fcntl.flock, []

    def after_another(handle: object, operation: int) -> None:
        if not removing:
            removing.append(next(tmp_path.iterdir()).open("rb"))
            flock(removing[0], fcntl.LOCK_SH)
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", after_another)
    part, file = new_part(tmp_path / "a.json")
    with file, removing[0]:
        assert part.name in names(tmp_path)
        assert removing[0].name != str(part)


def test_only_parts_of_the_named_files_are_removed(tmp_path):
    for name in ("a.json.1-ab.part", "b.json.1-ab.part", "a.json"):
        (tmp_path / name).touch()
    (tmp_path / "a.folder.part").mkdir()
    remove_abandoned_parts(tmp_path, "a.*")
    assert names(tmp_path) == ["a.folder.part", "a.json", "b.json.1-ab.part"]


def test_a_link_or_a_pipe_in_place_of_a_part_is_removed_and_its_target_stays(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (tmp_path / "a.part").symlink_to(precious)
    (tmp_path / "b.part").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "c.part")
    remove_abandoned_parts(tmp_path)
    assert names(tmp_path) == ["precious"]


def test_folders_that_are_not_there_hold_no_parts(tmp_path):
    remove_abandoned_parts(tmp_path / "missing")
