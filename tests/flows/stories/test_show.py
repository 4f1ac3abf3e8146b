"""Stories are shown from their tables, as far as these can be read, and showing them changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.layout import STORIES_FILE
from flows.planning.database import state_to_read
from flows.stories import database, show
from flows.stories.show import StoryCounts, overview, story_lines
from tests.support.story_pages import clean, crane, make_stories, write_rows


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return make_stories(tmp_path_factory.mktemp("stories"))


@pytest.fixture
def out(made, tmp_path) -> Path:
    return shutil.copytree(made.parent, tmp_path / "made") / "out"


def shown(out: Path) -> show.Overview:
    with state_to_read(out) as state:
        return overview(out, "", state.shards())


def change(out: Path, statement: str) -> None:
    with closing(sqlite3.connect(out / STORIES_FILE)) as connection, connection:
        connection.execute(statement)


def test_numbers_and_the_most_repeated_stories_are_told(out):
    found = shown(out)
    assert (found.condition, found.problem) == ("up to date", "")
    assert found.counts == StoryCounts(stories=2, records=4, with_text=4, duplicates=2)
    assert found.counts.share == 0.5
    (line,) = found.most_repeated
    assert (line.title, line.source, line.count) == ("Old crane to go", "The Quay Post", 3)
    assert (line.first_seen, line.last_seen) == ("2025-07-01T12:00:00Z", "2025-07-03T12:00:00Z")
    assert [*found.text_lines()] == [
        "stories: 2 in 4 records; 50.0% of the 4 records with a text are duplicates",
        f"story {line.story}, 3 times, 2025-07-01T12:00:00Z to 2025-07-03T12:00:00Z: Old crane to go (The Quay Post)",
    ]


def test_the_most_repeated_stories_are_few_and_the_largest_come_first(out, monkeypatch):
    rows = [crane(day, title=f"{word} to go", text=f"{word} " * 90) for word in ("Gull", "Pier") for day in (4, 5)]
    write_rows(out.parent / "pages" / "c.jsonl", *rows)
    clean(out)
    assert [line.count for line in shown(out).most_repeated] == [3, 2, 2]
    monkeypatch.setattr(show, "MOST_REPEATED", 1)
    assert [line.count for line in shown(out).most_repeated] == [3]


def test_the_pages_of_a_story_are_told_in_order(out):
    (line,) = story_lines(out, "", shown(out).most_repeated[0].story)
    assert [seen.page.captured_at[:10] for seen in line.seen] == ["2025-07-01", "2025-07-02", "2025-07-03"]
    assert [(seen.page.path, seen.relation, seen.position) for seen in line.seen][-1] == ("b.jsonl#0", "same", 0)


def test_a_story_that_is_not_there_is_a_mistake(out):
    with pytest.raises(UsageError, match="--story: .*out has no story abc; its stories are in the files of stories/"):
        story_lines(out, "", "abc")
    (out / STORIES_FILE).unlink()
    with pytest.raises(UsageError, match="--story: no stories have been made; a run makes them"):
        story_lines(out, "", "abc")


def test_stories_behind_the_records_are_told_as_that(out):
    write_rows(out.parent / "pages" / "c.jsonl", crane(4))
    clean(out, stories=False)
    found = shown(out)
    assert found.condition == "behind"
    assert found.counts.records == 4
    assert "stories: behind the records; the next run brings them up" in found.text_lines()
    clean(out)
    assert shown(out).counts.records == 5


def test_files_that_are_not_written_yet_are_behind_too(out):
    change(out, "update story_files set written = '' where name = '2025-07-02'")
    assert shown(out).condition == "behind"


def test_an_output_without_stories_has_none(tmp_path):
    write_rows(tmp_path / "pages" / "a.jsonl", crane(1))
    clean(tmp_path / "out", stories=False)
    found = shown(tmp_path / "out")
    assert (found.condition, found.counts, found.most_repeated) == ("none", None, ())
    assert [*found.text_lines()] == ["stories: no stories have been made; a run makes them"]
    assert not (tmp_path / "out" / STORIES_FILE).exists()
    (tmp_path / "out" / STORIES_FILE).touch()  # by a run that was killed before its first commit
    assert shown(tmp_path / "out").condition == "none"


def test_tables_of_another_version_are_not_read(out):
    change(out, "update story_about set value = 'another'")
    found = shown(out)
    assert (found.condition, found.counts) == ("other version", None)
    assert found.problem == "the stories were made by another version of dehusk; the next run makes them anew"


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: (out / STORIES_FILE).write_bytes(b"no database" * 1_000),
        lambda out: (out / STORIES_FILE).write_bytes((out / STORIES_FILE).read_bytes()[:-8192]),
        lambda out: change(out, "update story_lines set lines = x'c1'"),
    ],
)
def test_damaged_tables_are_told_as_that(out, damage):
    damage(out)
    found = shown(out)
    assert (found.condition, found.counts) == ("damaged", None)
    assert found.problem.startswith("stories.db is damaged (") and found.problem.endswith("; the next run makes them anew")


def test_what_is_no_file_cannot_be_read(out):
    (out / STORIES_FILE).unlink()
    (out / STORIES_FILE).mkdir()
    assert shown(out).problem.startswith("stories.db cannot be read (unable to open database file)")


def test_nobody_waits_long_for_a_command_that_writes(out, monkeypatch):
    monkeypatch.setattr(database, "READER_SECONDS", 0)
    with closing(sqlite3.connect(out / STORIES_FILE, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        assert shown(out).problem == "stories.db is being written by another command; try again"


def test_looking_changes_nothing(out):
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    story_lines(out, "", shown(out).most_repeated[0].story)
    assert {file: file.read_bytes() for file in out.rglob("*") if file.is_file()} == before
    out.chmod(0o555)
    try:
        assert shown(out).condition == "up to date"
    finally:
        out.chmod(0o755)
