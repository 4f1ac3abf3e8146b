"""What a run has to do, told from what is known and what is there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.inputs.discovery import Source
from flows.inputs.fingerprint import input_digest
from flows.inputs.listing import Listing, find_sources
from flows.options import RunOptions
from flows.output.written import WrittenFile
from flows.planning.comparison import RunRequest
from flows.planning.database import open_state
from flows.planning.folder import make_folders
from flows.planning.planner import RunPlan
from flows.planning.planner import plan_run as plan_listing
from flows.planning.state import KnownInput, State

WANTED = RunRequest("rules", "", RunOptions())
EMPTY = WrittenFile(hashlib.sha256(b"").hexdigest(), 0)
SHARD, OTHER = "00000-0123456789ab", "00001-0123456789ab"


def request(**options: object) -> RunRequest:
    return replace(WANTED, options=replace(WANTED.options, **options))


@pytest.fixture
def pages(tmp_path) -> Path:
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        (tmp_path / "pages" / f"{name}.txt").write_text(f"Title {name}\nBody.")
    return tmp_path / "pages"


@pytest.fixture
def out(tmp_path) -> Path:
    make_folders(tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def state(out) -> Iterator[State]:
    with open_state(out) as state:
        yield state


def listed(pages: Path) -> list[Source]:
    return find_sources([str(pages)], pages / "out")[0] if any(pages.iterdir()) else []


def plan_run(state: State, sources: Iterable[Source], out: Path, request: RunRequest) -> RunPlan:
    return plan_listing(state, Listing(sources), out, request)


def clean(state: State, sources: list[Source], shard: str = SHARD, **change: object) -> None:
    """Write down that sources were cleaned into a shard."""
    made = {"made_by": "rules", "quarantined": 0} | change
    rows = [
        KnownInput(one.name, one.start, one.end, shard, place, one.stamp, input_digest(one, ""))._replace(**made)
        for place, one in enumerate(sources)
    ]
    state.plan([(shard, int(shard[:5]), rows)])
    state.commit(shard, rows, {})


def told(work: RunPlan) -> list[tuple[list[str], list[str]]]:
    """Return of each shard what is cleaned and what is kept."""
    return [
        (
            [one.name for one in shard.sources if (one.name, one.start) not in shard.carried],
            sorted(name for name, _ in shard.carried),
        )
        for shard in work.shards
    ]


def test_what_is_new_goes_into_a_new_shard_that_is_written_down_first(state, pages, out):
    work = plan_run(state, listed(pages), out, WANTED)
    assert told(work) == [(["a.txt", "b.txt"], [])]
    (shard,) = work.shards
    assert [(known.name, known.shard, known.digest) for known in state.known()] == [
        ("a.txt", shard.name, ""),
        ("b.txt", shard.name, ""),
    ]
    again = plan_run(state, listed(pages), out, WANTED)
    assert [(one.name, one.sources) for one in again.shards] == [(one.name, one.sources) for one in work.shards]
    assert list(state.known()) == [row for rows in again.shards.contents.values() for row in rows]


def test_numbers_of_shards_go_on(state, pages, out):
    clean(state, listed(pages)[:1], "00007-0123456789ab")
    work = plan_run(state, listed(pages), out, WANTED)
    assert [shard.name[:5] for shard in work.shards] == ["00008"]
    assert work.unchanged == 1


def touch(pages: Path) -> None:
    os.utime(pages / "b.txt", (1, 1))


def write(pages: Path) -> None:
    (pages / "b.txt").write_text("Other b\nBody.")


def remove(pages: Path) -> None:
    (pages / "b.txt").unlink()


def nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "change", "wanted", "to_do", "unchanged"),
    [
        ({}, nothing, {}, [], 2),
        ({}, touch, {}, [], 2),
        ({}, write, {}, [(["b.txt"], ["a.txt"])], 1),
        ({}, remove, {}, [], 1),
        ({}, remove, {"prune": True}, [([], ["a.txt"])], 1),
        ({}, nothing, {"prune": True}, [], 2),
        ({}, nothing, {"retry_quarantine": True}, [], 2),
        ({"quarantined": 1}, nothing, {}, [], 2),
        ({"quarantined": 1}, nothing, {"retry_quarantine": True}, [(["a.txt", "b.txt"], [])], 0),
        ({"quarantined": 1}, write, {}, [(["b.txt"], ["a.txt"])], 1),
        ({"made_by": "other"}, nothing, {}, [(["a.txt", "b.txt"], [])], 0),
        ({"made_by": "other"}, remove, {}, [(["a.txt"], ["b.txt"])], 0),
        ({"digest": ""}, nothing, {}, [(["a.txt", "b.txt"], [])], 0),
        ({"digest": ""}, remove, {}, [(["a.txt"], [])], 0),
        ({"stamp": ""}, nothing, {}, [], 2),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_what_is_done_again(state, pages, out, before, change, wanted, to_do, unchanged):
    clean(state, listed(pages), **before)
    change(pages)
    work = plan_run(state, listed(pages), out, request(**wanted))
    assert (told(work), work.unchanged, work.unsettled) == (to_do, unchanged, [])
    assert [[row.name for row in work.shards.contents[shard.name]] for shard in work.shards] == [
        sorted(a + b) for a, b in to_do
    ]


def test_a_touched_input_is_known_by_its_new_stamp(state, pages, out):
    clean(state, listed(pages))
    touch(pages)
    plan_run(state, listed(pages), out, WANTED)
    assert [known.stamp for known in state.known()] == [source.stamp for source in listed(pages)]


def test_a_touched_input_is_known_by_its_new_stamp_beside_a_changed_one(state, pages, out):
    clean(state, listed(pages))
    os.utime(pages / "a.txt", (1, 1))
    write(pages)
    work = plan_run(state, listed(pages), out, WANTED)
    assert work.shards.contents[SHARD][0].stamp == listed(pages)[0].stamp != list(state.known())[1].stamp


def test_an_input_without_a_stamp_is_known_by_its_content(state, pages, out):
    clean(state, [replace(source, stamp="") for source in listed(pages)])
    write(pages)
    work = plan_run(state, [replace(source, stamp="") for source in listed(pages)], out, WANTED)
    assert (told(work), work.unchanged) == ([(["b.txt"], ["a.txt"])], 1)


def test_an_input_with_its_old_stamp_is_not_read(state, pages, out, monkeypatch):
    clean(state, listed(pages))
    monkeypatch.setattr("flows.planning.comparison.input_digest", lambda *_: pytest.fail("it is read"))
    assert plan_run(state, listed(pages), out, WANTED).unchanged == 2


def test_what_lies_in_a_folder_that_cannot_be_read_is_not_pruned(state, pages, out):
    for name in ("closed", "closed-not"):
        (pages / name).mkdir()
        (pages / name / "c.txt").write_text("Title c\nBody.")
    clean(state, listed(pages))
    left = [source for source in listed(pages) if not source.name.startswith("closed")]
    work = plan_run(state, left, out, replace(request(prune=True), unread=("closed",)))
    assert [shard.carried for shard in work.shards] == [{("a.txt", 0), ("b.txt", 0), ("closed/c.txt", 0)}]


@pytest.mark.parametrize(("change", "wanted"), [(write, {}), (remove, {"prune": True})])
def test_what_is_begun_is_not_done_until_it_is_written_down(state, pages, out, change, wanted):
    clean(state, listed(pages))
    content = (pages / "b.txt").read_text()
    change(pages)
    plan_run(state, listed(pages), out, request(**wanted))
    (pages / "b.txt").write_text(content)  # as it was before the run that was ended
    assert told(plan_run(state, listed(pages), out, WANTED)) == [(["b.txt"], ["a.txt"])]


@pytest.mark.parametrize("folder", ["records", "audit", "quarantine"])
def test_a_shard_that_has_lost_a_file_is_done_again_and_no_other(state, pages, out, folder):
    a, b = listed(pages)
    clean(state, [a])
    clean(state, [b], OTHER)
    for shard in (SHARD, OTHER):
        state.commit(shard, [row for row in state.known() if row.shard == shard], {f"{folder}/{shard}.jsonl": EMPTY})
    (out / folder / f"{SHARD}.jsonl").write_text("")
    assert told(plan_run(state, [a, b], out, WANTED)) == [(["b.txt"], [])]


def test_what_was_in_a_lost_file_and_is_gone_is_forgotten(state, pages, out):
    clean(state, listed(pages))
    state.commit(SHARD, list(state.known()), {f"records/{SHARD}.jsonl": EMPTY})
    remove(pages)
    work = plan_run(state, listed(pages), out, WANTED)
    assert told(work) == [(["a.txt"], [])]


def pieces(state: State) -> list[tuple[int, int | None]]:
    return sorted((row.start, row.end) for row in state.known())


@pytest.fixture
def rows(tmp_path, cut_at) -> Path:
    """A file of rows of 20 bytes each, which are cut at 100."""
    cut_at(100)
    (tmp_path / "rows").mkdir()
    grow(tmp_path / "rows", 12)
    return tmp_path / "rows"


def grow(folder: Path, number: int, first: int = 0) -> None:
    (folder / "a.jsonl").write_bytes(b"".join(b'{"text": "T\\nB %03d"}\n' % i for i in range(first, first + number)))


def test_a_large_file_that_grows_has_its_last_piece_done_again_and_new_ones(state, rows, out):
    assert (rows / "a.jsonl").stat().st_size == 12 * 21
    plan_run(state, listed(rows), out, WANTED)
    before = pieces(state)
    assert len(before) == 3
    for row in list(state.known()):
        piece = replace(listed(rows)[0], start=row.start, end=row.end)
        state.commit(row.shard, [row._replace(stamp=piece.stamp, digest=input_digest(piece, ""), made_by="rules")], {})
    assert [*plan_run(state, listed(rows), out, WANTED).shards] == []
    grow(rows, 20)
    work = plan_run(state, listed(rows), out, WANTED)
    cleaned = sorted((one.start, one.end) for shard in work.shards for one in shard.sources)
    assert cleaned[0] == (before[-1][0], cleaned[1][0])
    assert [start for start, _ in cleaned[1:]] == [end for _, end in cleaned[:-1]]
    assert (work.unchanged, all(not shard.carried for shard in work.shards)) == (0, True)


def test_a_large_file_that_shrinks_has_its_last_pieces_dropped(state, rows, out):
    plan_run(state, listed(rows), out, WANTED)
    for row in list(state.known()):
        piece = replace(listed(rows)[0], start=row.start, end=row.end)
        state.commit(row.shard, [row._replace(stamp=piece.stamp, digest=input_digest(piece, ""), made_by="rules")], {})
    grow(rows, 2)
    work = plan_run(state, listed(rows), out, WANTED)
    assert [[(one.start, one.end) for one in shard.sources] for shard in work.shards] == [[(0, None)], [], []]
    assert [len(work.shards.contents[shard.name]) for shard in work.shards] == [1, 0, 0]


def test_a_file_that_changes_while_it_is_looked_at_is_left(state, pages, out, monkeypatch):
    slept = []

    def write_meanwhile(seconds: float) -> None:
        slept.append(seconds)
        write(pages)

    monkeypatch.setattr("time.sleep", write_meanwhile)
    work = plan_run(state, listed(pages), out, request(settle=60))
    assert (told(work), work.unsettled, slept) == ([(["a.txt"], [])], ["b.txt"], [60])


@pytest.mark.parametrize("settle", [0, 10])
def test_files_that_were_not_changed_just_now_are_not_waited_for(state, pages, out, monkeypatch, settle):
    for file in pages.iterdir():
        os.utime(file, (1, 1))
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("it waits"))
    assert told(plan_run(state, listed(pages), out, request(settle=settle))) == [(["a.txt", "b.txt"], [])]
