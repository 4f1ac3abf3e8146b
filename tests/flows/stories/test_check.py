"""Faults of stories are found by `dehusk verify`, and mended by `dehusk repair` with the bytes that there were."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from flows.errors import Failed
from flows.inputs.fingerprint import file_digest
from flows.inspect.verify import verify_output
from flows.layout import PART_SUFFIX, SKETCHES, STATE_FILE, STORIES, STORIES_FILE
from flows.options import USUAL
from flows.output.lock import locked
from flows.output.written import written_file
from flows.planning.database import open_state
from flows.planning.state import CLEARING
from flows.stories import database
from flows.stories.repair import repair_stories
from tests.support.command import dehusk
from tests.support.story_pages import clean, crane, make_stories, write_rows

WHOLE = "is whole, nothing was changed"
FIRST = f"{STORIES}/2025-07-01.jsonl"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return make_stories(tmp_path_factory.mktemp("stories"))


@pytest.fixture
def out(made, tmp_path) -> Path:
    return shutil.copytree(made.parent, tmp_path / "made") / "out"


def change(out: Path, *statements: str) -> None:
    with closing(sqlite3.connect(out / STORIES_FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def problems(out: Path) -> list[str]:
    return list(verify_output(out, [], "", USUAL))


def repaired(out: Path) -> list[str]:
    return dehusk("repair", str(out)).stdout.decode().splitlines()


def stories_of(out: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (out / STORIES).iterdir()}


def flip(file: Path) -> None:
    """Change a byte of a file and leave its size and its times."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    times = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def tear(file: Path) -> None:
    """Damage pages of a database that a look at its tables does not read."""
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("select rootpage from sqlite_master where name = 'story_keys'").fetchone()
        (size,) = connection.execute("pragma page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(content)


def put_into_place_of(name: str):
    def damage(out: Path) -> None:
        (out / name).unlink()
        (out / name).mkdir()

    return damage


def forge(out: Path) -> None:
    """Take a record out of a file of stories, and note the file as it is then."""
    lines = [json.loads(line) for line in (out / FIRST).read_text().splitlines()]
    lines[0]["seen"].pop()
    (out / FIRST).write_text("".join(json.dumps(line) + "\n" for line in lines))
    written = msgspec.json.encode(written_file(out / FIRST, file_digest(out / FIRST))).decode()
    change(out, f"update story_files set written = '{written}' where name = '2025-07-01'")


def forge_tables(out: Path) -> None:
    """Damage lines in the tables, and lose the file that holds them."""
    change(out, "update story_lines set lines = x'c1' where file = '2025-07-01'")
    (out / FIRST).unlink()


def drop_tables(out: Path) -> None:
    (out / STORIES_FILE).unlink()


def test_what_is_whole_is_left_alone(out):
    before = stories_of(out), (out / STORIES_FILE).read_bytes()
    assert problems(out) == []
    done = dehusk("repair", str(out))
    assert done.stdout == b""
    assert WHOLE in done.stderr.decode()
    assert (stories_of(out), (out / STORIES_FILE).read_bytes()) == before


@pytest.mark.parametrize(
    ("damage", "problem", "done"),
    [
        (lambda out: (out / FIRST).unlink(), f"{FIRST} is missing", f"{FIRST} was written again"),
        (lambda out: flip(out / FIRST), f"{FIRST} is not as it was written", f"{FIRST} was written again"),
        (lambda out: cut_in_half(out / FIRST), f"{FIRST} has ", f"{FIRST} was written again"),
        (
            lambda out: change(out, "update story_files set written = '' where name = '2025-07-01'"),
            f"{FIRST} is not written yet",
            f"{FIRST} was written again",
        ),
        (
            lambda out: (out / STORIES / "2024-01-01.jsonl").write_text("{}\n"),
            f"{STORIES}/2024-01-01.jsonl belongs to no story",
            f"{STORIES}/2024-01-01.jsonl belonged to no story and was removed",
        ),
        (
            lambda out: (out / f"{FIRST}.1-2{PART_SUFFIX}").touch(),
            f"{FIRST}.1-2.part is half-written",
            "1 half-written files were removed",
        ),
        (put_into_place_of(FIRST), f"{FIRST} is no file, but a folder", f"{FIRST} is no file and is aside/"),
        (
            put_into_place_of(STORIES_FILE),
            "stories.db cannot be read (unable to open database file); mend that",
            "stories.db is no file and is aside/stories.db now",
        ),
        (drop_tables, "the tables of stories are missing, but stories/ has files; the next run", "the tables of stories are"),
        (lambda out: cut_in_half(out / STORIES_FILE), "stories.db is damaged (", "stories.db is damaged ("),
        (lambda out: tear(out / STORIES_FILE), "stories.db is damaged (", "stories.db is damaged ("),
        (
            lambda out: change(out, "update story_about set value = 'another'"),
            "the stories were made by another version of dehusk; the next run makes them anew",
            "the stories were made by another version of dehusk; the stories were made anew from the records",
        ),
        (
            forge_tables,
            f"{FIRST} is missing",
            "stories/ does not hold each record once; the stories were made anew from the records",
        ),
        (
            forge,
            "stories/ does not hold each record once",
            "stories/ does not hold each record once; the stories were made anew from the records",
        ),
    ],
)
def test_each_fault_is_found_and_mended(out, damage, problem, done):
    before = stories_of(out)
    damage(out)
    assert [found for found in problems(out) if found.startswith(problem)]
    assert [found for found in repaired(out) if found.startswith(done)]
    assert stories_of(out) == before
    assert problems(out) == []
    assert repaired(out) == []


def test_stories_behind_the_records_are_brought_up(out):
    write_rows(out.parent / "pages" / "c.jsonl", crane(4))
    clean(out, stories=False)
    assert problems(out) == []  # the run was asked to leave them
    assert repaired(out) == ["stories/ was brought up to the records"]
    assert problems(out) == []
    assert b'"count":4' in stories_of(out)["2025-07-01.jsonl"]
    (out.parent / "pages" / "c.jsonl").unlink()
    clean(out, stories=False, prune=True)
    assert problems(out) == []  # the run was asked to leave them
    assert repaired(out) == ["stories/ was brought up to the records"]
    assert b'"count":3' in stories_of(out)["2025-07-01.jsonl"]


def test_damaged_records_are_left_to_the_next_run_and_change_no_story(out):
    before = stories_of(out)
    (file,) = (out / "records").glob("*.jsonl")
    cut_in_half(file)
    assert [problem for problem in problems(out) if "stories" in problem] == []
    assert repaired(out)[0].endswith("the next dehusk run cleans its shard again")
    assert stories_of(out) == before
    drop_tables(out)
    assert "the tables of stories are missing, but stories/ has files; the stories were made anew from the records" in repaired(
        out
    )
    clean(out)
    assert stories_of(out) == before
    assert problems(out) == []


def test_where_no_stories_were_made_none_are_missed_and_none_are_made(tmp_path):
    write_rows(tmp_path / "pages" / "a.jsonl", crane(1))
    clean(tmp_path / "out", stories=False)
    assert problems(tmp_path / "out") == []
    assert WHOLE in dehusk("repair", str(tmp_path / "out")).stderr.decode()
    assert not (tmp_path / "out" / STORIES_FILE).exists()
    assert stories_of(tmp_path / "out") == {}


def test_sketches_that_wait_for_the_next_run_are_no_fault(out):
    (file,) = (out / "records").glob("*.jsonl")
    (out / SKETCHES / file.name).write_text("[]\n")
    assert problems(out) == []


@pytest.mark.parametrize("folder", ["records", STORIES, SKETCHES])
def test_nobody_waits_for_a_pipe(out, folder):
    before = stories_of(out)
    (file,) = (out / "records").glob("*.jsonl")
    path = out / FIRST if folder == STORIES else out / folder / file.name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    change(out, "update story_shards set records = ''")  # as if the stories were behind
    assert bool(problems(out)) == (folder != SKETCHES)  # which may wait there for a run
    assert [sentence for sentence in repaired(out) if f"{path.relative_to(out)} is no file and is aside/" in sentence]
    clean(out)
    assert stories_of(out) == before
    assert problems(out) == []


def test_tables_that_are_being_written_are_not_judged(out, monkeypatch):
    monkeypatch.setattr(database, "READER_SECONDS", 0)
    with closing(sqlite3.connect(out / STORIES_FILE, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        with pytest.raises(Failed, match=r"stories\.db is being written by another command; try again"):
            problems(out)


def test_nothing_is_repaired_while_a_run_is_at_work(out):
    with locked(out), pytest.raises(Failed, match="a run is at work in .*out; try again when it is over"):
        repair_stories(out)


def test_what_a_fresh_run_was_removing_is_not_repaired(out):
    with open_state(out) as state:
        state.check_about(CLEARING, "yes", "", fresh=True)
    (out / FIRST).unlink()
    assert repair_stories(out) == []
    assert not (out / FIRST).exists()


def test_a_lost_state_and_lost_tables_are_made_again_at_once(out):
    before = stories_of(out)
    (out / STATE_FILE).unlink()
    drop_tables(out)
    done = repaired(out)
    assert done[0].startswith("state.db was missing; it was made again")
    assert done[1:] == [
        "the tables of stories are missing, but stories/ has files; the stories were made anew from the records"
    ]
    assert stories_of(out) == before


def test_a_repair_is_told_in_json_too(out):
    (out / FIRST).unlink()
    told = json.loads(dehusk("repair", str(out), "--json").stdout)
    assert told == {"out": str(out), "done": [f"{FIRST} was written again"], "damaged": []}
