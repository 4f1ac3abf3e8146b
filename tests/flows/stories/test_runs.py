"""Runs end with the same `stories/`, whatever the workers, the splits into runs, and what was there, lost or damaged before."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from random import Random

import msgspec
import pytest

from flows.errors import Failed
from flows.execution import results
from flows.execution.run import run
from flows.layout import SKETCHES, STORIES, STORIES_FILE
from flows.options import RunOptions
from flows.planning import shards
from flows.planning.database import state_to_read
from flows.signals import is_stopping
from flows.stories import changed, files, update
from flows.stories.show import overview
from flows.stories.sketches import carried_lines, sketch_lines
from tests.flows.output.test_schema import validator
from tests.support.kills import Killed, killing
from tests.support.retold_pages import write_story_pages
from tests.support.story_files import by_definition, records_in, stories_in

SHARD_BYTES = 12_000
UNDATED_FILE = "undated.jsonl"


@pytest.fixture(autouse=True)
def _small_shards(cut_at):
    cut_at(SHARD_BYTES)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A folder with pages and the output of one run over them, which tests copy."""
    folder = tmp_path_factory.mktemp("stories")
    write_story_pages(folder / "pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", SHARD_BYTES)
        patch.setattr(shards, "MIN_SOURCE_BYTES", 0)
        clean(folder / "out", folder / "pages")
    return folder


@pytest.fixture
def here(done, tmp_path):
    """A copy of that folder."""
    return shutil.copytree(done, tmp_path / "here")


def clean(out, *inputs, **more):
    summary = run(RunOptions(tuple(map(str, inputs)), str(out), **{"workers": 1, **more}))
    assert (summary.failed, summary.stories_problem) == ([], "")
    return summary


def story_lines(out):
    return [json.loads(line) for content in stories_in(out).values() for line in content.splitlines()]


def test_the_pages_of_these_tests_have_stories_over_shards_and_pages_in_all_forms(done):
    lines = story_lines(done / "out")
    assert len([*(done / "out" / "records").iterdir()]) > 10
    assert len(stories_in(done / "out")) > 3
    assert UNDATED_FILE in stories_in(done / "out")
    relations = Counter(seen["relation"] for line in lines for seen in line["seen"])
    assert min(relations[name] for name in ("same", "excerpt", "mention")) > 20
    assert any(len({seen["page"]["path"].split("#")[0] for seen in line["seen"]}) > 5 for line in lines)
    captures = Counter(seen["record"] for line in lines for seen in line["seen"])
    assert max(captures.values()) > 1
    assert any(line["first_seen"] and not line["seen"][-1]["page"]["captured_at"] for line in lines)


def test_stories_are_those_of_the_definition_and_answer_the_schema(done):
    assert stories_in(done / "out") == by_definition(done / "out")
    problems = [[error.message for error in validator("story").iter_errors(line)] for line in story_lines(done / "out")]
    assert problems == [[]] * len(problems)
    seen = Counter((seen["record"], seen["page"]["path"]) for line in story_lines(done / "out") for seen in line["seen"])
    assert seen == Counter((record.id, record.page.path) for record in records_in(done / "out"))


def test_two_workers_give_the_stories_of_one(done, tmp_path):
    clean(tmp_path / "out", done / "pages", workers=2)
    assert stories_in(tmp_path / "out") == stories_in(done / "out")


@pytest.mark.parametrize(
    ("size", "seed", "cut"),
    [(4, 0, SHARD_BYTES), (4, 1, 10**9), (1, 2, SHARD_BYTES)],
    ids=["thirds", "thirds in one shard each", "file by file"],
)
def test_runs_over_parts_in_any_order_give_the_stories_of_one_run(done, tmp_path, cut_at, size, seed, cut):
    cut_at(cut)
    names = sorted((done / "pages").iterdir())
    Random(seed).shuffle(names)
    for at in range(0, len(names), size):
        clean(tmp_path / "out", *names[at : at + size])
    assert stories_in(tmp_path / "out") == stories_in(done / "out")


@pytest.mark.parametrize("part_records", [1, 40])
def test_an_update_in_many_parts_gives_the_stories_of_one(done, tmp_path, monkeypatch, part_records):
    monkeypatch.setattr(update, "PART_RECORDS", part_records)
    clean(tmp_path / "out", done / "pages")
    assert stories_in(tmp_path / "out") == stories_in(done / "out")


def test_what_was_pruned_leaves_no_trace(here, tmp_path):
    pages, out = here / "pages", here / "out"
    for file in sorted(pages.iterdir())[::3]:
        file.unlink()
    clean(tmp_path / "rest", pages)
    clean(out, pages)
    assert stories_in(out) != stories_in(tmp_path / "rest")
    clean(out, pages, prune=True)
    assert stories_in(out) == stories_in(tmp_path / "rest")
    for file in sorted(pages.iterdir())[1:]:
        file.unlink()
    clean(tmp_path / "one", pages)
    clean(out, pages, prune=True)
    assert stories_in(out) == stories_in(tmp_path / "one")


def test_changed_pages_change_their_stories_alone(here, tmp_path):
    pages, out = here / "pages", here / "out"
    before = {file.name: file.stat().st_mtime_ns for file in (out / STORIES).iterdir()}
    file = pages / "page0.txt"
    file.write_text(f"A headline of its own\nThe text of page 0 is another one now.\n{file.read_text()}", encoding="utf-8")
    clean(tmp_path / "anew", pages)
    clean(out, pages)
    assert stories_in(out) == stories_in(tmp_path / "anew")
    after = {file.name: file.stat().st_mtime_ns for file in (out / STORIES).iterdir()}
    assert {name for name in before if after[name] == before[name]} > {"2026-03-04.jsonl"}
    rows = pages / "site1-4.jsonl"
    rows.write_text("".join(rows.read_text(encoding="utf-8").splitlines(keepends=True)[::2]), encoding="utf-8")
    shutil.rmtree(tmp_path / "anew")
    clean(tmp_path / "anew", pages)
    clean(out, pages)
    assert stories_in(out) == stories_in(tmp_path / "anew")


def test_a_fresh_run_keeps_no_story_of_before(here, tmp_path):
    for file in sorted((here / "pages").iterdir())[::2]:
        file.unlink()
    clean(tmp_path / "anew", here / "pages")
    clean(here / "out", here / "pages", fresh=True)
    assert stories_in(here / "out") == stories_in(tmp_path / "anew")


def test_runs_without_stories_leave_them_as_they_are_for_a_later_run(here, tmp_path):
    pages, out = here / "pages", here / "out"
    clean(tmp_path / "out", pages, stories=False)
    assert stories_in(tmp_path / "out") == {}
    clean(tmp_path / "out", pages)
    assert stories_in(tmp_path / "out") == stories_in(out)
    (pages / "page1.txt").unlink()
    clean(out, pages, prune=True, stories=False)
    assert stories_in(out) == stories_in(tmp_path / "out")
    clean(out, pages)
    clean(tmp_path / "out", pages, prune=True)
    assert stories_in(out) == stories_in(tmp_path / "out")


def of_another_version(out):
    with sqlite3.connect(out / STORIES_FILE) as connection:
        connection.execute("UPDATE story_about SET value = 'another'")
        connection.execute("ALTER TABLE story_texts RENAME COLUMN rank TO order_of_it")


def without_a_table(out):
    with sqlite3.connect(out / STORIES_FILE) as connection:
        connection.execute("DROP TABLE story_keys")


def with_a_text_that_cannot_be_read(out):
    with sqlite3.connect(out / STORIES_FILE) as connection:
        connection.execute("UPDATE story_texts SET sketch = x'C1', links = x'C1'")


def with_a_hole(out):
    with (out / STORIES_FILE).open("r+b") as file:
        file.seek(file.seek(0, 2) // 2)
        file.write(bytes(16_384))


def cut_short(out):
    with (out / STORIES_FILE).open("r+b") as file:
        file.truncate(file.seek(0, 2) // 2)


TABLES_LOST = {
    "removed": lambda out: (out / STORIES_FILE).unlink(),
    "no database": lambda out: (out / STORIES_FILE).write_bytes(b"no database" * 1_000),
    "empty": lambda out: (out / STORIES_FILE).write_bytes(b""),
    "cut short": cut_short,
    "with a hole": with_a_hole,
    "without a table": without_a_table,
    "with a text that cannot be read": with_a_text_that_cannot_be_read,
    "of another version": of_another_version,
}


@pytest.mark.parametrize("lose", TABLES_LOST.values(), ids=TABLES_LOST)
def test_tables_that_are_lost_or_damaged_are_made_again(lose, here, done, tmp_path):
    lose(here / "out")
    clean(here / "out", here / "pages")
    assert stories_in(here / "out") == stories_in(done / "out")
    (here / "pages" / "site0-3.jsonl").unlink()
    clean(here / "out", here / "pages", prune=True)
    clean(tmp_path / "anew", here / "pages")
    assert stories_in(here / "out") == stories_in(tmp_path / "anew")


def changed_in_place(file):
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"relation":"same"', b'"relation":"none"', 1))


FILE_LOST = {
    "removed": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"{}\n"),
    "changed": changed_in_place,
    "a stray one beside": lambda file: file.with_name("2020-01-01.jsonl").write_bytes(b"{}\n"),
}


@pytest.mark.parametrize("lose", FILE_LOST.values(), ids=FILE_LOST)
def test_files_that_are_lost_or_damaged_are_written_again(lose, here, done):
    lose(here / "out" / STORIES / "2026-03-01.jsonl")
    assert stories_in(here / "out") != stories_in(done / "out")
    assert clean(here / "out", here / "pages").manifest == ""
    assert stories_in(here / "out") == stories_in(done / "out")


def test_files_of_others_stay(here, done):
    note = here / "out" / STORIES / "notes.jsonl"
    note.write_bytes(b"{}\n")
    clean(here / "out", here / "pages")
    clean(here / "out", here / "pages", fresh=True)
    assert stories_in(here / "out") == stories_in(done / "out") | {"notes.jsonl": b"{}\n"}


def test_records_that_were_damaged_are_cleaned_again_before_they_count(here, done, monkeypatch):
    file = min((here / "out" / "records").iterdir())
    (here / "out" / STORIES_FILE).unlink()
    file.write_bytes(file.read_bytes().replace(b"a week before", b"a year before"))
    clean(here / "out", here / "pages")
    assert stories_in(here / "out") == stories_in(done / "out")


def without_one(sketches):
    sketches[0].unlink()


def of_other_records(sketches):
    shutil.copy(sketches[0], sketches[1])


def unreadable_inside(sketches):
    content = sketches[0].read_bytes()
    sketches[0].write_bytes(content[:100] + b"\0" * 50 + content[150:])


def with_other_times_inside(sketches):
    for file in sketches:
        file.write_bytes(file.read_bytes().replace(b"2026-03", b"2025-04"))


def without_a_line(sketches):
    for file in sketches:
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))


@pytest.mark.parametrize("damage", [without_one, of_other_records, unreadable_inside, with_other_times_inside, without_a_line])
def test_sketches_that_are_lost_or_damaged_are_made_again_of_the_records(damage, done, tmp_path, monkeypatch):
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(results, "update_stories", fails)
        summary = run(RunOptions((str(done / "pages"),), str(out), workers=1))
    assert summary.stories_problem == "the stories are behind the records: no tables today"
    sketches = sorted((out / SKETCHES).iterdir())
    assert [file.name for file in sketches] == [file.name for file in sorted((out / "records").iterdir())]
    damage(sketches)
    clean(out, done / "pages")
    assert stories_in(out) == stories_in(done / "out")


def fails(*_):
    raise Failed("no tables today")


def test_a_story_of_many_records_is_in_lines_that_are_bounded(done, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.stories.lines.MAX_SEEN", 3)
    clean(tmp_path / "out", done / "pages")
    joined = {}
    for line in story_lines(tmp_path / "out"):
        assert len(line["seen"]) <= 3
        whole = joined.setdefault(line["story"], line | {"seen": []})
        assert line | {"seen": [], "part": 0} == whole | {"seen": []}
        assert line["part"] * 3 == len(whole["seen"])
        whole["seen"] += line["seen"]
    assert any(line["part"] > 2 for line in story_lines(tmp_path / "out"))
    assert [*joined.values()] == story_lines(done / "out")


def test_an_update_that_is_stopped_is_gone_on_with(done, tmp_path, monkeypatch):
    taken = []

    def stop(*arguments):
        taken.append(arguments)
        is_stopping.set()
        return group(*arguments)

    group = update.group
    with monkeypatch.context() as patch:
        patch.setattr(update, "PART_RECORDS", 1)
        patch.setattr(update, "group", stop)
        try:
            clean(tmp_path / "out", done / "pages")
        finally:
            is_stopping.clear()
    assert len(taken) == 1
    assert [*(tmp_path / "out" / STORIES).iterdir()] == []
    clean(tmp_path / "out", done / "pages")
    assert stories_in(tmp_path / "out") == stories_in(done / "out")


@pytest.mark.parametrize(
    ("module", "step", "after"),
    [
        *((update, "group", after) for after in (0, 3)),
        *((changed, "_write", after) for after in (0, 3)),
        *((files, "_write_file", after) for after in (0, 3)),
        (update, "write_changed", 0),
        (update, "write_files", 0),
        (update, "remove_files", 0),
    ],
)
def test_an_update_that_is_killed_is_gone_on_with(module, step, after, here, done, monkeypatch):
    (here / "out" / STORIES_FILE).unlink()
    (here / "out" / STORIES / UNDATED_FILE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(update, "PART_RECORDS", 30)
        patch.setattr(changed, "STORIES_AT_ONCE", 5)
        patch.setattr(module, step, killing(getattr(module, step), after))
        with pytest.raises(Killed):
            clean(here / "out", here / "pages")
    with state_to_read(here / "out") as state:
        condition = overview(here / "out", "", state.shards()).condition
    assert condition == ("up to date" if step == "remove_files" else "behind")
    clean(here / "out", here / "pages")
    assert stories_in(here / "out") == stories_in(done / "out")


def test_records_of_an_earlier_contract_tell_their_stories_as_well(done):
    for record in records_in(done / "out"):
        row = json.loads(msgspec.json.encode(record))
        del row["confidence"], row["page"]["type"], row["attribution"]
        assert carried_lines([json.dumps(row).encode()]) == sketch_lines([record])
