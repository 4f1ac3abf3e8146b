"""Records that were damaged or lost after a run are never left out in silence."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from cleaners import Record
from flows.errors import Failed, Stale, UsageError
from flows.execution.run import run
from flows.export import read_records
from flows.export import records as reading
from flows.inspect.expected import expected_files
from flows.layout import INPUTS, RECORDS, STATE_FILE
from flows.options import RunOptions
from flows.output.lock import locked
from flows.planning import shards
from flows.planning.database import open_state
from tests.support.command import dehusk
from tests.support.damage import DAMAGE

PAGES = 3  # each in a shard of its own


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "pages").mkdir()
    for number in range(PAGES):
        (folder / "pages" / f"{number}.txt").write_text(f"Title {number}\nThe ferry is back.\nIt sails at {number}.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", 1)
        run(RunOptions((str(folder / "pages"),), str(folder / "out"), workers=1))
    return folder / "out"


@pytest.fixture
def out(made, tmp_path) -> Path:
    """A copy, and the working folder beside it."""
    return shutil.copytree(made, tmp_path / "out")


def files_of(out: Path) -> list[Path]:
    return sorted((out / RECORDS).glob("*.jsonl"))


def titles(records: list[Record]) -> list[str]:
    return [record.title for record in records]


def export(out: Path, *arguments: str):
    return dehusk("export", "out", "to", "--format", "jsonl", *arguments, cwd=out.parent)


@pytest.mark.parametrize("knows", [STATE_FILE, INPUTS])
@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_refused_in_one_sentence_or_left_out_and_named(kind, knows, out):
    if knows == INPUTS:
        (out / STATE_FILE).unlink()
    damaged = files_of(out)[1]
    DAMAGE[kind](damaged)
    done = export(out)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    said = done.stderr.decode()
    assert said.startswith(f"dehusk: records/{damaged.name} ")
    assert "dehusk run cleans damaged shards again, dehusk repair out looks at all files" in said
    assert not (out.parent / "to").exists()
    with pytest.raises(Failed, match=f"records/{damaged.name}"):
        list(read_records(out))

    done = export(out, "--skip-damaged")
    assert done.returncode == 0
    assert f"dehusk: left out: records/{damaged.name} " in done.stderr.decode()
    (left_out,) = json.loads((out.parent / "to" / "export.json").read_bytes())["left_out"]
    assert left_out.startswith(f"records/{damaged.name} ")
    assert f"- {left_out}\n" in (out.parent / "to" / "README.md").read_text()
    with pytest.warns(UserWarning, match=damaged.name):
        assert titles(list(read_records(out, skip_damaged=True))) == ["Title 0", "Title 2"]


def test_an_emptied_file_after_a_power_cut_is_noticed_by_readers_and_cleaned_by_the_next_run(out, made):
    """As it was found: `: > out/records/SHARD.jsonl`, after which an export went well."""
    os.truncate(files_of(out)[0], 0)
    assert export(out).returncode == 1
    done = dehusk("run", str(made.parent / "pages"), "--out", str(out), "--no-prefect", "--workers", "1")
    assert b"has 0 bytes, not" in done.stderr
    assert export(out).returncode == 0
    assert titles(list(read_records(out))) == [f"Title {number}" for number in range(PAGES)]


def test_it_says_how_many_are_damaged(out):
    for file in files_of(out):
        os.truncate(file, 0)
    first = files_of(out)[0].name
    assert f"records/{first} has 0 bytes, not ".encode() in export(out).stderr
    assert b", and 2 more files are damaged or missing; " in export(out).stderr
    done = export(out, "--skip-damaged")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"out holds no record; nothing was written" in done.stderr


def test_a_file_of_no_shard_is_not_exported_in_silence(out):
    (out / RECORDS / "00009-000000000000.jsonl").write_bytes(files_of(out)[0].read_bytes())
    assert b"records/00009-000000000000.jsonl belongs to no shard of the state; " in export(out).stderr
    assert export(out, "--skip-damaged").returncode == 0
    (out / STATE_FILE).unlink()
    assert b"records/00009-000000000000.jsonl has no sound file in inputs/ beside it; " in export(out).stderr


def test_a_damaged_state_is_named_with_its_remedy(out):
    (out / STATE_FILE).write_bytes(b"no database" * 500)
    for command in (["export", "out", "to"], ["report", "out"]):
        done = dehusk(*command, cwd=out.parent)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
        assert b"dehusk repair" in done.stderr


def test_an_emptied_state_is_not_an_output_without_records(out):
    os.truncate(out / STATE_FILE, 0)
    done = export(out)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"belongs to no shard of the state, and 2 more files are damaged or missing; " in done.stderr


def test_an_output_of_an_earlier_version_without_its_state_is_read_as_it_is(out):
    (out / STATE_FILE).unlink()
    shutil.rmtree(out / INPUTS)
    assert expected_files(out) is None
    assert len(list(read_records(out))) == PAGES


def test_what_a_run_that_was_ended_left_is_read_as_it_is_unless_it_is_torn(out):
    with open_state(out) as state:
        row = next(state.known())
        state.plan([], [row._replace(made_by="")])
    first = files_of(out)[0]
    lines = first.read_bytes()
    first.write_bytes(lines.replace(b"ferry", b"bridge"))
    assert len(list(read_records(out))) == PAGES
    first.write_bytes(lines[:-9])
    with pytest.raises(Failed, match=f"{first.name} has .* bytes, not"):
        list(read_records(out))
    first.unlink()
    assert len(list(read_records(out))) == PAGES - 1


def test_a_file_that_changes_while_a_run_is_at_work_is_not_called_damaged(out):
    with locked(out):
        os.truncate(files_of(out)[0], 0)
        with pytest.raises(Stale):
            list(read_records(out))
        assert b"changed while they were read; try again when the run there is over" in export(out).stderr
    with pytest.raises(Failed, match="has 0 bytes"):
        list(read_records(out))


def test_a_file_newer_than_the_state_that_was_read_is_held_to_the_newer_one(out, made, tmp_path, monkeypatch):
    pages = shutil.copytree(made.parent / "pages", tmp_path / "pages")
    options = RunOptions((str(pages),), str(out), workers=1)
    runs = 0
    look = reading.expected_files

    def look_and_run(*arguments):
        nonlocal runs
        found = look(*arguments)
        if runs < 2:
            runs += 1
            (pages / "1.txt").write_text(f"Title 1\nThe ferry is back, version {runs}.")
            run(options)
        return found

    monkeypatch.setattr(reading, "expected_files", look_and_run)
    assert [record.text for record in read_records(out)][1] == "The ferry is back, version 2."


def test_a_state_elsewhere_is_asked_where_it_is_named(out):
    address = f"sqlite:///{out.parent / 'elsewhere.db'}"
    with open_state(out, address):
        pass
    assert b"belongs to no shard of the state" in export(out, "--state", address).stderr
    with pytest.raises(UsageError, match="is no database"):
        list(read_records(out, state="nowhere"))
