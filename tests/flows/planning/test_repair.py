"""A damaged or lost state is made again, and damaged shards are cleaned again by the next run: these and no others."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.execution.run import run
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS, INPUTS, RUNS, STATE_FILE
from flows.options import USUAL, RunOptions
from flows.output.lock import locked
from flows.output.manifest import manifest_names
from flows.planning import repair as repairing
from flows.planning import repair_files, shards
from flows.planning.database import open_state
from flows.planning.repair import repair
from flows.planning.state import CLEARING
from tests.support.command import dehusk
from tests.support.damage import DAMAGE

NAMES = ("a.txt", "b.txt", "c.txt", "d.txt")  # in a shard each; the last one is bad


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Pages and the output of two runs over them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "pages").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", 1)
        for names in (NAMES[:2], NAMES[2:]):
            for name in names:
                text = f"Title {name}\nThe ferry is back.\nAdvertisement\nIt sails at nine.".encode()
                (folder / "pages" / name).write_bytes(b"\xff\xff" if name == "d.txt" else text)
            run(RunOptions((str(folder / "pages"),), str(folder / "out"), workers=1))
    return folder


@pytest.fixture
def out(made, tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(shards, "SHARD_BYTES", 1)
    return shutil.copytree(made, tmp_path / "made") / "out"


def files_of(out: Path, *folders: str) -> dict[str, bytes]:
    found = (file for folder in folders or (*FOLDERS, INPUTS) for file in (out / folder).glob("*.jsonl"))
    return {str(file.relative_to(out)): file.read_bytes() for file in found}


def clean_again(out: Path) -> int:
    """Make a run over the same inputs, and return the number of pages that it cleaned or put into quarantine."""
    counts = run(RunOptions((str(out.parent / "pages"),), str(out), workers=1)).counts
    return counts.pages + counts.quarantined.total()


def problems(out: Path, state: str = "") -> list[str]:
    return list(verify_output(out, [str(out.parent / "pages")], state, USUAL))


def empty(file: Path) -> None:
    os.truncate(file, 0)


def overwrite_pages(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:8192] = bytes(4096)
    file.write_bytes(content)


def drop_table(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("drop table sources")
    connection.close()


def forget_all(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        for table in ("sources", "shards", "runs"):
            connection.execute(f"delete from {table}")
    connection.close()


def forge_a_name(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("update sources set name = 'e.txt' where name = 'a.txt'")
    connection.close()


NO_FILES = {
    "a folder": lambda path: path.mkdir(), "a pipe": os.mkfifo, "a link to itself": lambda path: path.symlink_to(path.name),
}  # fmt: skip

STATES = {
    "lost": lambda file: file.unlink(), "empty": empty, "no database": lambda file: file.write_bytes(b"no database" * 900),
    "torn": DAMAGE["torn"], "zeros in it": overwrite_pages, "without a table": drop_table, "without rows": forget_all,
    "another name in it": forge_a_name,
}  # fmt: skip


def test_a_whole_folder_is_left_as_it_is(out):
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*") if file.is_file() and file.name != ".lock"}
    done = dehusk("repair", str(out))
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"dehusk: {out} is whole, nothing was changed\n"
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*") if file.is_file() and file.name != ".lock"} == before


@pytest.mark.parametrize("kind", STATES)
def test_a_state_is_made_again_from_the_files(kind, out):
    before = files_of(out)
    with open_state(out) as state:
        runs = state.last_runs(9)
    STATES[kind](out / STATE_FILE)
    (sentence,) = repair(out).done
    assert "it was made again, with 4 shards, 4 inputs and 2 runs" in sentence
    with open_state(out) as state:
        again = state.last_runs(9)
    assert [(one.number, one.began, one.outcome, one.manifest) for one in again] == [
        (one.number, one.began, one.outcome, one.manifest) for one in runs
    ]
    assert problems(out) == []
    assert clean_again(out) == 0
    assert files_of(out) == before
    assert repair(out).done == []


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("is_lost", [False, True], ids=["state whole", "state lost"])
def test_the_next_run_cleans_damaged_shards_again_and_no_others(is_lost, folder, kind, out):
    before = files_of(out)
    damaged = sorted((out / folder).glob("*.jsonl"))[0]
    DAMAGE[kind](damaged)
    if is_lost:
        (out / STATE_FILE).unlink()
    result = repair(out)
    assert [fault.split()[0] for fault in result.damaged] == [f"{folder}/{damaged.name}"]
    assert any("it was made again" in sentence for sentence in result.done) is is_lost
    assert clean_again(out) == 1
    assert files_of(out) == before
    assert problems(out) == []
    assert repair(out) == repairing.Repair()


@pytest.mark.parametrize("kind", DAMAGE)
def test_files_of_inputs_are_written_again_from_the_state(kind, out):
    before = files_of(out)
    damaged = sorted((out / INPUTS).glob("*.jsonl"))[0]
    DAMAGE[kind](damaged)
    result = repair(out)
    assert (result.done, result.damaged) == ([f"inputs/{damaged.name} was written again from the state"], [])
    assert files_of(out) == before
    assert problems(out) == []
    assert clean_again(out) == 0


def test_a_state_older_than_the_files_is_brought_up_to_them(out):
    shutil.copy(out / STATE_FILE, out.parent / "old.db")
    (out.parent / "pages" / "a.txt").write_text("Title a\nThe ferry is late.")
    (out.parent / "pages" / "e.txt").write_text("Title e\nThe ferry is gone.")
    assert clean_again(out) == 2
    before = files_of(out)
    shutil.copy(out.parent / "old.db", out / STATE_FILE)
    (sentence,) = repair(out).done
    assert sentence == "the state was not that of the files; it was made again, with 5 shards, 5 inputs and 3 runs"
    assert clean_again(out) == 0
    assert files_of(out) == before
    assert problems(out) == []


@pytest.mark.parametrize("has_manifests", [True, False])
@pytest.mark.parametrize("kind", [None, *DAMAGE])
def test_a_folder_of_an_earlier_version_keeps_its_shards_and_the_lines_of_inputs_that_are_gone(kind, has_manifests, out):
    before = files_of(out, *FOLDERS)
    (out / STATE_FILE).unlink()
    shutil.rmtree(out / INPUTS)
    if not has_manifests:
        shutil.rmtree(out / RUNS)
    if kind is not None:
        DAMAGE[kind](sorted((out / "records").glob("*.jsonl"))[0])
    (out.parent / "pages" / "b.txt").rename(out.parent / "b.txt")
    repair(out)
    assert clean_again(out) == 3
    assert files_of(out, *FOLDERS) == before
    assert problems(out) == []
    (out.parent / "b.txt").rename(out.parent / "pages" / "b.txt")
    assert clean_again(out) == 1
    assert files_of(out, *FOLDERS) == before


@pytest.mark.parametrize("kind", NO_FILES)
def test_a_state_that_is_no_file_is_set_aside(kind, out):
    before = files_of(out)
    (out / STATE_FILE).unlink()
    NO_FILES[kind](out / STATE_FILE)
    assert repair(out).done[0] == "state.db is no file and is aside/state.db now"
    assert clean_again(out) == 0
    assert files_of(out) == before
    assert problems(out) == []


def test_inputs_with_damaged_lines_are_named_where_nothing_else_tells_them(out):
    (out / STATE_FILE).unlink()
    shutil.rmtree(out / INPUTS)
    shutil.rmtree(out / RUNS)
    (path,) = (file for file in (out / "records").glob("*.jsonl") if b'"path":"b.txt"' in file.read_bytes())
    path.write_bytes(b"{}\n")
    assert repair(out).damaged == [f"b.txt has damaged lines in {path.stem}"]


def test_the_state_of_another_folder_costs_no_sound_shard(out):
    before = files_of(out)
    for name in ("b.txt", "c.txt"):  # of these the other folder has other shards
        (out.parent / "pages" / name).rename(out.parent / name)
    (out.parent / "pages" / "e.txt").write_text("Title e\nThe ferry is gone.")
    other = out.parent / "other"
    run(RunOptions((str(out.parent / "pages"),), str(other), workers=1))
    shutil.copy(other / STATE_FILE, out / STATE_FILE)
    result = repair(out)
    assert {fault.split(" ", 1)[1] for fault in result.damaged} == {"is missing"}
    assert clean_again(out) == 1
    assert {name: content for name, content in files_of(out).items() if name in before} == before
    assert problems(out) == []
    assert not (out / repair_files.ASIDE).exists()


@pytest.mark.parametrize("left", [0, 1, 3])
def test_pieces_of_a_large_file_keep_their_shards(left, tmp_path, cut_at):
    cut_at(200)
    (tmp_path / "pages").mkdir()
    rows = [{"text": f"Title {number}\nThe ferry is back. It sails at nine."} for number in range(20)]
    (tmp_path / "pages" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out"
    assert clean_again(out) == 20
    before = files_of(out, *FOLDERS)
    (out / STATE_FILE).unlink()
    for file in sorted((out / INPUTS).iterdir())[left:]:  # some are left where a repair was ended
        file.unlink()
    repair(out)
    assert not (out / repair_files.ASIDE).exists()
    clean_again(out)
    assert len(before) > 8
    assert files_of(out, *FOLDERS) == before
    assert problems(out) == []


@pytest.mark.parametrize("kind", NO_FILES)
@pytest.mark.parametrize("folder", [*FOLDERS, INPUTS, RUNS])
def test_what_is_no_file_is_set_aside_and_holds_up_nothing(folder, kind, out):
    before = files_of(out)
    path = sorted((out / folder).iterdir())[-1]
    path.unlink()
    NO_FILES[kind](path)
    assert dehusk("verify", str(out)).returncode == 1
    assert dehusk("status", str(out)).returncode == 0
    name = path.relative_to(out)
    assert f"{name} is no file and is aside/{name} now" in repair(out).done
    assert clean_again(out) == (folder in FOLDERS)
    assert files_of(out) == before
    assert problems(out) == []


def test_what_belongs_to_nothing_is_set_aside(out):
    strays = ["records/00009-000000000000.jsonl", "inputs/00009-000000000000.jsonl", "runs/000999-20991231T000000.0Z.json"]
    for name in strays:
        (out / name).write_text(json.dumps({"began": "2099-12-31T00:00:00Z", "run": 999}))
    (out / RUNS / "000001-20200101T000000.0Z.json").write_text("{")
    (out / "records" / "x.jsonl.1-aa.part").write_text("half")
    done = repair(out).done
    assert done[0] == "1 half-written files were removed"
    assert all(f"{name} belongs to nothing here and is aside/{name} now" in done for name in strays)
    assert problems(out) == []
    assert clean_again(out) == 0


def test_a_run_that_was_ended_is_left_to_the_next_one(out):
    (out.parent / "pages" / "a.txt").write_text("Title a\nThe ferry is late.")
    with open_state(out) as state:
        row = next(row for row in state.known() if row.name == "a.txt")
        state.plan([], [row._replace(made_by="")])
    empty(out / "records" / f"{row.shard}.jsonl")
    assert repair(out) == repairing.Repair()
    assert clean_again(out) == 1
    assert problems(out) == []


def test_a_fresh_run_that_was_ended_in_its_clearing_is_left_to_the_next_one(out):
    before = files_of(out)
    with open_state(out) as state:
        state.check_about(CLEARING, "yes", "", fresh=True)
    sorted((out / "records").glob("*.jsonl"))[0].unlink()
    assert repair(out).done == [
        "a run with --fresh was ended while it removed earlier output; the next dehusk run goes on with that"
    ]
    assert clean_again(out) == len(NAMES)
    assert files_of(out) == before


STEPS = [(repairing, "write_inputs"), (repairing, "write_content"), (repair_files, "_swap"), (repair_files, "flush_folder")]


@pytest.mark.parametrize("is_done_first", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "step"), STEPS)
def test_a_repair_that_is_ended_anywhere_is_finished_by_the_next(module, step, is_done_first, out, monkeypatch):
    before = files_of(out, *FOLDERS)
    overwrite_pages(out / STATE_FILE)
    DAMAGE["torn"](sorted((out / INPUTS).glob("*.jsonl"))[0])
    empty(sorted((out / "records").glob("*.jsonl"))[1])
    with monkeypatch.context() as patch:
        patch.setattr(module, step, _ended(getattr(module, step), is_done_first=is_done_first))
        with pytest.raises(KeyboardInterrupt):
            repair(out)
    repair(out)
    assert list(out.glob(f"{repair_files.BESIDE_PREFIX}*")) == []
    assert clean_again(out) == 2
    assert files_of(out, *FOLDERS) == before
    assert problems(out) == []


def _ended(step, *, is_done_first: bool):
    def ended(*arguments, **named):
        if is_done_first:
            step(*arguments, **named)
        raise KeyboardInterrupt

    return ended


def test_a_new_state_that_cannot_be_written_is_no_mistake_of_the_user(out, monkeypatch):
    (out / STATE_FILE).unlink()

    def refuse(folder: Path, *_: object) -> None:
        raise UsageError(f"{folder / STATE_FILE} cannot be used as the state (attempt to write a readonly database)")

    with monkeypatch.context() as patch:
        patch.setattr(repair_files, "open_state", refuse)
        with pytest.raises(Failed, match=rf"^no state can be written into {out}; see to its disk"):
            repair(out)
    assert list(out.glob(f"{repair_files.BESIDE_PREFIX}*")) == []
    repair(out)
    assert clean_again(out) == 0


def test_nothing_is_repaired_while_a_run_is_at_work(out, tmp_path):
    with locked(out), pytest.raises(Failed, match="a run is at work in .*; try again when it is over"):
        repair(out)
    with pytest.raises(UsageError, match="no run has been made in"):
        repair(tmp_path / "nowhere")


def test_a_state_in_a_database_is_made_again_there(out):
    before = files_of(out)
    address = f"sqlite:///{out.parent / 'elsewhere.db'}"
    (out / STATE_FILE).unlink()
    assert repair(out, address).done == ["the state knew of no run; it was made again, with 4 shards, 4 inputs and 2 runs"]
    assert not (out / STATE_FILE).exists()
    with pytest.raises(UsageError, match="the state of .* is in a database; name it with --state"):
        repair(out)
    summary = run(RunOptions((str(out.parent / "pages"),), str(out), workers=1, state=address))
    assert summary.manifest == ""
    assert files_of(out) == before
    assert problems(out, address) == []


def test_runs_of_an_earlier_version_come_before_those_with_numbers(out):
    first, second = manifest_names(out)
    (out / first).rename(out / RUNS / "20250101T000000.000001Z.json")
    (out / STATE_FILE).unlink()
    repair(out)
    with open_state(out) as state:
        assert [(one.number, one.manifest) for one in state.last_runs(5)] == [
            (2, second), (1, "runs/20250101T000000.000001Z.json"),
        ]  # fmt: skip


def test_a_damaged_state_is_kept_beside_the_new_one(out):
    overwrite_pages(out / STATE_FILE)
    damaged = (out / STATE_FILE).read_bytes()
    (out / f"{STATE_FILE}-journal").write_bytes(b"")
    repair(out)
    assert (out / repair_files.DAMAGED).read_bytes() == damaged
    engine = sa.create_engine(f"sqlite:///{out / STATE_FILE}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    engine.dispose()


def test_machines_are_told_the_same(out):
    damaged = sorted((out / "records").glob("*.jsonl"))[0]
    empty(damaged)
    told = json.loads(dehusk("repair", str(out), "--json").stdout)
    assert told["out"] == str(out)
    assert told["damaged"] == [f"records/{damaged.name} has 0 bytes, not {told['damaged'][0].split()[-1]}"]
    done = dehusk("repair", str(out))
    assert done.stdout.decode().startswith(f"records/{damaged.name} has 0 bytes, not ")
    assert "; the next dehusk run cleans its shard again" in done.stdout.decode()
