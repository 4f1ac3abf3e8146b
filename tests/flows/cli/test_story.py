"""`dehusk status` prints the stories of an output folder and the pages of one."""

from __future__ import annotations

import json

import pytest

from tests.support.command import dehusk
from tests.support.story_pages import clean, crane, make_stories, write_rows


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return make_stories(tmp_path_factory.mktemp("stories"))


def status(out) -> dict:
    return json.loads(dehusk("status", str(out), "--json").stdout)


def test_the_status_tells_of_stories(out):
    told = dehusk("status", str(out)).stdout.decode().splitlines()
    assert told[-2] == "stories: 2 in 4 records; 50.0% of the 4 records with a text are duplicates"
    assert told[-1].endswith(", 3 times, 2025-07-01T12:00:00Z to 2025-07-03T12:00:00Z: Old crane to go (The Quay Post)")


def test_the_status_in_json_has_the_same_keys_with_and_without_stories(out, tmp_path):
    stories = status(out)["stories"]
    assert stories["counts"] == {"stories": 2, "records": 4, "with_text": 4, "duplicates": 2, "share": 0.5}
    assert [(one["title"], one["count"]) for one in stories["most_repeated"]] == [("Old crane to go", 3)]
    write_rows(tmp_path / "pages" / "a.jsonl", crane(1))
    clean(tmp_path / "out", stories=False)
    without = status(tmp_path / "out")["stories"]
    problem = "no stories have been made; a run makes them"
    assert without == {"condition": "none", "problem": problem, "counts": None, "most_repeated": []}
    assert without.keys() == stories.keys()


def test_the_pages_of_a_story_are_printed(out):
    identifier = status(out)["stories"]["most_repeated"][0]["story"]
    rows = [line.split("\t") for line in dehusk("status", str(out), "--story", identifier).stdout.decode().splitlines()]
    assert [row[0] for row in rows] == ["2025-07-01T12:00:00Z", "2025-07-02T12:00:00Z", "2025-07-03T12:00:00Z"]
    assert rows[2][1:5] == ["same", "b.jsonl#0", "0", "https://q3.example/crane"]
    lines = dehusk("status", str(out), "--story", identifier, "--json").stdout
    assert [line + b"\n" for line in lines.splitlines()] == [
        line
        for file in sorted((out / "stories").glob("*.jsonl"))
        for line in file.read_bytes().splitlines(keepends=True)
        if json.loads(line)["story"] == identifier
    ]


def test_a_mistake_is_told_in_a_sentence(out):
    unknown = dehusk("status", str(out), "--story", "\x1b[2Jabc")
    assert unknown.returncode == 2
    assert unknown.stderr.decode().count("\n") == 1
    assert b"abc; its stories are in the files of stories/" in unknown.stderr
    assert b"\x1b" not in unknown.stderr
    assert dehusk("status", str(out), str(out.parent / "pages"), "--story", "abc").returncode == 2
    assert b"no run has been made in" in dehusk("status", str(out.parent / "pages"), "--story", "abc").stderr


def test_a_hostile_title_and_address_are_printed_without_harm(tmp_path):
    hostile = {"title": "Crane \x1b[2J\u202eto go", "url": "https://q.example/\x1b[2J\x9b\u2028"}
    write_rows(tmp_path / "pages" / "a.jsonl", crane(1, **hostile), crane(2, **hostile))
    clean(tmp_path / "out")
    identifier = status(tmp_path / "out")["stories"]["most_repeated"][0]["story"]
    for command in ([], ["--story", identifier]):
        lines = dehusk("status", str(tmp_path / "out"), *command).stdout.decode().split("\n")
        assert all(line.replace("\t", "").isprintable() for line in lines)
