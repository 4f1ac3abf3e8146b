"""Exports fill in the records that others repeat, or take each story once; nothing is lost that no story names."""

from __future__ import annotations

import json
import os

import msgspec
import pytest

from flows.errors import Failed, Stale, UsageError
from flows.export import story_places
from flows.export.dataset import ExportManifest, ExportOptions, export
from flows.export.story_places import Representative, StoryPlaces
from flows.layout import RECORDS
from tests.flows.export.test_dataset import read
from tests.support.command import dehusk
from tests.support.stories import SHARD, id_of, in_parts, record, story, write_records, write_stories

EARLY, CUT, FULL, HEAD = record("early"), record("cut", text="The ferry"), record("full"), record("head", text="")
AGAIN = record("early", path="second crawl/early.txt")  # the page of EARLY, crawled once more: its record has the same id
LONE, BRIEF, BRIEFS = record("lone"), record("brief", text=""), record("briefs", text="")
FERRY = story((HEAD, "mention"), (EARLY, "same"), (AGAIN, "same"), (CUT, "excerpt"), (FULL, "same"), canonical=EARLY, best=FULL)
OTHERS = [story((LONE, "same"), canonical=LONE, best=LONE), story((BRIEF, "mention"), (BRIEFS, "mention"), canonical=BRIEF)]
RECORDS_OF_ALL = [CUT, LONE, BRIEFS, FULL, HEAD, AGAIN, EARLY, BRIEF]  # shards have an order of their own


@pytest.fixture
def out(tmp_path):
    write_records(tmp_path / "out", RECORDS_OF_ALL)
    write_stories(tmp_path / "out", [FERRY, *OTHERS])
    return tmp_path / "out"


def exported(out, unique=None, *where: str) -> dict[str, str]:
    """Export records, and return the ids that are repeated by the paths of pages that were exported."""
    to = out.parent / "to"
    export(ExportOptions(out, to, "jsonl", where, unique=unique))
    return {found.page.path: found.duplicate_of for found in read(to)}


def counts(out) -> dict[str, int]:
    names = ("records", "duplicates", "repeats_left_out", "in_no_story", "stories_missing")
    told = json.loads((out.parent / "to" / "export.json").read_bytes())["counts"]
    return {name: told[name] for name in names if told[name]}


def test_a_copy_and_an_excerpt_name_the_canonical_record_and_a_mention_none(out):
    assert exported(out) == {
        "cut.txt": EARLY.id, "lone.txt": "", "briefs.txt": "", "full.txt": EARLY.id, "head.txt": "",
        "second crawl/early.txt": EARLY.id, "early.txt": "", "brief.txt": "",
    }  # fmt: skip
    assert counts(out) == {"records": 8, "duplicates": 3}
    assert read(out.parent / "to")[1] == LONE


@pytest.mark.parametrize(
    ("unique", "kept"),
    [("earliest", ["lone.txt", "early.txt", "brief.txt"]), ("longest", ["lone.txt", "full.txt", "brief.txt"])],
)
def test_each_story_is_there_once(unique, kept, out):
    assert exported(out, unique) == dict.fromkeys(kept, "")
    assert counts(out) == {"records": 3, "repeats_left_out": 5}
    told = msgspec.json.decode((out.parent / "to" / "export.json").read_bytes(), type=ExportManifest)
    assert told.unique == unique


def test_conditions_are_those_of_the_filled_records(out):
    assert exported(out, None, "duplicate_of=").keys() == {"lone.txt", "briefs.txt", "head.txt", "early.txt", "brief.txt"}
    assert exported(out, None, f"duplicate_of={EARLY.id}").keys() == {"cut.txt", "full.txt", "second crawl/early.txt"}


def test_the_one_record_of_a_story_is_chosen_before_conditions(out):
    assert list(exported(out, "earliest", "title!=early")) == ["lone.txt", "brief.txt"]


def test_the_crawl_that_is_meant_is_told_apart_from_others_with_its_id(tmp_path):
    """A page was seen with a headline, then cut, then whole, then longer: four records with one id."""
    crawls = [record("ferry", path=f"{number}.txt") for number in range(4)]
    told = zip(crawls, ("mention", "excerpt", "same", "same"), strict=True)
    write_records(tmp_path / "out", crawls)
    write_stories(tmp_path / "out", [story(*told, canonical=crawls[2], best=crawls[3])])
    assert exported(tmp_path / "out") == {"0.txt": "", "1.txt": crawls[0].id, "2.txt": "", "3.txt": crawls[0].id}
    assert list(exported(tmp_path / "out", "earliest")) == ["2.txt"]
    assert list(exported(tmp_path / "out", "longest")) == ["3.txt"]


def test_a_record_with_another_text_than_its_story_knows_is_in_none(tmp_path):
    """It was cleaned again by a run that left the stories alone."""
    one, other = record("one"), record("other")
    write_records(tmp_path / "out", [one, msgspec.structs.replace(other, text="The crane goes.", text_sha256="0" * 64)])
    write_stories(tmp_path / "out", [story((one, "same"), (other, "same"), canonical=one, best=one)])
    assert exported(tmp_path / "out") == {"one.txt": "", "other.txt": ""}
    assert list(exported(tmp_path / "out", "earliest")) == ["one.txt", "other.txt"]


def test_a_record_in_two_stories_is_told(tmp_path):
    """A run was killed after it had written a story into another file, and before it took it out of the first."""
    one = record("one")
    write_records(tmp_path / "out", [one])
    for name in ("2025-07-01.jsonl", "2025-07-02.jsonl"):
        write_stories(tmp_path / "out", [story((one, "same"), canonical=one, best=one)], name)
    with pytest.raises(Failed, match="a record in .*stories is in two stories; the next run there, or dehusk repair"):
        exported(tmp_path / "out")


def test_two_records_of_a_page_are_told_apart_by_position(tmp_path):
    both = [record("twice", path="page.txt", position=position) for position in (1, 2)]
    write_records(tmp_path / "out", both)
    write_stories(tmp_path / "out", [story(*((one, "same") for one in both), canonical=both[0], best=both[0])])
    export(ExportOptions(tmp_path / "out", tmp_path / "to", "jsonl"))
    assert [(found.position, found.duplicate_of) for found in read(tmp_path / "to")] == [(1, ""), (2, id_of("twice"))]


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_story_may_go_on_in_more_lines(size, out, monkeypatch):
    monkeypatch.setattr(story_places, "BATCH", 3)
    whole = exported(out), exported(out, "earliest"), exported(out, "longest")
    write_stories(out, [*in_parts(FERRY, size), *OTHERS])
    assert (exported(out), exported(out, "earliest"), exported(out, "longest")) == whole


def test_stories_may_be_in_several_files(out):
    whole = exported(out)
    write_stories(out, [FERRY], "2025-07-05.jsonl")
    write_stories(out, OTHERS)
    assert exported(out) == whole


def test_without_stories_nothing_is_filled_in_and_unique_is_a_mistake(out):
    (out / "stories" / "undated.jsonl").unlink()
    assert set(exported(out).values()) == {""}
    assert counts(out) == {"records": 8}
    for remove in (False, True):
        if remove:
            (out / "stories").rmdir()
        done = dehusk("export", "out", "to", "--unique", cwd=out.parent)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
        assert (
            b"--unique needs files in out/stories, and there are none; the next run there without --no-stories" in done.stderr
        )


def test_unique_of_a_folder_without_a_run_says_that_there_was_none(tmp_path):
    with pytest.raises(UsageError, match="no run has been made in"):
        export(ExportOptions(tmp_path / "out", tmp_path / "to", "jsonl", unique="earliest"))


def test_a_record_that_no_story_names_is_kept_and_told_of(out):
    """One is new, the other has another story now than the one that was seen at its place."""
    changed = record("changed", path=CUT.page.path)
    write_records(out.parent / "behind", [record("new"), changed, EARLY, LONE, BRIEF])
    (out / RECORDS / SHARD).write_bytes((out.parent / "behind" / RECORDS / SHARD).read_bytes())
    assert list(exported(out, "earliest")) == ["new.txt", "cut.txt", "early.txt", "lone.txt", "brief.txt"]
    assert counts(out) == {"records": 5, "in_no_story": 2}
    done = dehusk("export", "out", "to", "--unique", cwd=out.parent)
    assert done.stderr.decode().splitlines() == [
        "dehusk: 2 records are in no story yet, and count as told once; another run in out brings its stories up to date",
        "dehusk: 5 records are in to",
    ]
    assert "2 records were in no story yet" in (out.parent / "to" / "README.md").read_text()


def test_a_story_that_is_lost_with_the_record_that_stands_for_it_is_told_of(out):
    left = [one for one in RECORDS_OF_ALL if one is not EARLY]
    (out / RECORDS / SHARD).write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in left))
    assert list(exported(out, "earliest")) == ["lone.txt", "brief.txt"]
    assert counts(out) == {"records": 2, "repeats_left_out": 5, "stories_missing": 1}
    done = dehusk("export", "out", "to", "--unique", cwd=out.parent)
    assert b"dehusk: 1 stories are missing, as the records that stand for them are not there; another run" in done.stderr


@pytest.mark.parametrize("torn", [b"", b"null\n", b"{}\n", b"\xff\n", b'{"story": "\x1b[31m'])
def test_a_broken_line_is_named_and_what_to_do(torn, out):
    file = out / "stories" / "undated.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + torn if torn else whole[:-20])
    done = dehusk("export", "out", "to", cwd=out.parent)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    said = done.stderr.decode()
    assert said.startswith(f"dehusk: line {4 if torn else 3} of out/stories/undated.jsonl is no story of contract 1.1 (")
    assert said.endswith("dehusk repair out makes stories again\n")
    assert "\x1b" not in said
    assert sorted(os.listdir(out.parent)) == ["out"]


LINES = in_parts(FERRY, 2)
CHANGE = msgspec.structs.replace


@pytest.mark.parametrize(
    "lines",
    [
        LINES[:-1], LINES[1:], [LINES[0], LINES[2]], [LINES[0], *LINES], [*LINES, CHANGE(LINES[2], part=3)],
        [CHANGE(line, canonical=LONE.id) for line in LINES], [CHANGE(line, best=LONE.id) for line in LINES],
        [CHANGE(line, canonical=HEAD.id) for line in LINES], [CHANGE(line, canonical=CUT.id) for line in LINES],
    ],
)  # fmt: skip
def test_lines_that_are_not_those_of_a_story_are_named(lines, out):
    write_stories(out, lines)
    with pytest.raises(Failed, match=rf"story {FERRY.story} in .*undated.jsonl do not belong together; dehusk repair "):
        exported(out)


def test_a_file_that_went_or_was_replaced_meanwhile_is_read_again(out, monkeypatch):
    table, versions = out.parent / "table.db", story_places._versions

    def remove(files):
        found = versions(files)
        for file in files:
            file.unlink()
        return found

    def replace(files):
        found = versions(files)
        write_stories(out, [FERRY], "new")
        (out / "stories" / "new").replace(out / "stories" / "undated.jsonl")
        return found

    for change in (replace, remove):
        monkeypatch.setattr(story_places, "_versions", change)
        with pytest.raises(Stale):
            StoryPlaces(out, table)
        assert not table.exists()


def test_an_export_begins_again_when_stories_are_replaced(out, monkeypatch):
    fill, tries = StoryPlaces._fill, []

    def fill_late(self, folder):
        tries.append(folder)
        if len(tries) < 3:
            raise Stale("stories")
        fill(self, folder)

    monkeypatch.setattr(StoryPlaces, "_fill", fill_late)
    assert len(exported(out, "earliest")) == 3
    assert len(tries) == 3


def test_a_full_disk_is_one_sentence(out, monkeypatch):
    monkeypatch.setattr(story_places, "SETTINGS", ("max_page_count = 1",))
    with pytest.raises(Failed, match=r"the table of stories .* cannot be written: database or disk is full"):
        exported(out)
    assert sorted(os.listdir(out.parent)) == ["out"]


def test_every_record_is_found_in_a_table_larger_than_its_cache(out, tmp_path, monkeypatch):
    monkeypatch.setattr(story_places, "BATCH", 500)
    monkeypatch.setattr(story_places, "SETTINGS", (*story_places.SETTINGS[:-1], "cache_size = 1"))
    many = [record(f"copy {number}") for number in range(3_000)]
    told = story(*((one, "same") for one in many), canonical=many[0], best=many[-1])
    write_stories(out, in_parts(told, 1_000))
    places = StoryPlaces(out, tmp_path / "table.db")
    try:
        assert [places.of(one).duplicate_of for one in many] == ["", *[many[0].id] * 2_999]
        assert places.of(many[-1]).role is Representative.LONGEST
        assert [places.count(role) for role in Representative] == [1, 1]
    finally:
        places.close()
    assert not (tmp_path / "table.db").exists()


def test_the_command_takes_a_value_or_none(out):
    for arguments, titles in (
        (["--unique"], ["lone", "early", "brief"]),
        (["--unique", "--format", "jsonl"], ["lone", "early", "brief"]),
        (["--unique", "earliest"], ["lone", "early", "brief"]),
        (["--unique=longest"], ["lone", "full", "brief"]),
    ):
        done = dehusk("export", "out", "to", *arguments, cwd=out.parent)
        assert (done.returncode, done.stderr) == (0, b"dehusk: 3 records are in to\n")
        assert [found.title for found in read(out.parent / "to")] == titles
    assert "    dehusk export --format parquet --unique=longest\n" in (out.parent / "to" / "README.md").read_text()
    done = dehusk("export", "out", "to", "--unique=best", cwd=out.parent)
    assert done.returncode == 2


def test_an_export_with_other_records_replaces_one_before_it(out):
    exported(out)
    exported(out, "longest")
    assert sorted(path.name for path in (out.parent / "to").rglob("*")) == [
        "README.md",
        "data",
        "export.json",
        "part-00000.jsonl",
    ]


def test_a_table_that_cannot_be_made_is_one_sentence(tmp_path):
    with pytest.raises(Failed, match=r"the table of stories .* cannot be written: unable to open database file; mend that"):
        StoryPlaces(tmp_path, tmp_path / "missing" / "table.db")
