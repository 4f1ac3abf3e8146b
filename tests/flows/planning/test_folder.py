"""The output folder: made ready, and only what is dehusk's own is taken away in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.planning.database import opened
from flows.planning.folder import check_known, clear_output, clear_remains, make_folders
from flows.planning.state import KnownInput

OURS = "00000-0123456789ab.jsonl"
NOT_OURS = ("mine.jsonl", "0000-0123456789ab.jsonl", "00000-0123456789AB.jsonl", "00000-0123456789ab.jsonl.gz", "notes.txt")


@pytest.fixture
def out(tmp_path) -> Path:
    make_folders(tmp_path / "out")
    return tmp_path / "out"


def names(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.name != "state.db"}


def fill(out: Path, *files: str) -> None:
    for file in files:
        (out / file).parent.mkdir(exist_ok=True)
        (out / file).write_text("{}\n")


def test_the_folders_are_made_and_may_be_there(out):
    make_folders(out)
    assert sorted(folder.name for folder in out.iterdir()) == ["audit", "quarantine", "records", "runs"]
    assert names(out) == set()


@pytest.mark.parametrize("blocked", ["out", "out/records", "out/runs"])
def test_a_file_where_a_folder_should_be_is_a_mistake(tmp_path, blocked):
    (tmp_path / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / blocked).write_text("")
    with pytest.raises(UsageError, match="out cannot be written to .*; name another folder with --out"):
        make_folders(tmp_path / "out")


def test_what_a_killed_run_left_half_written_is_taken_away(out):
    left = [f"{folder}/{OURS}.1-ab.part" for folder in ("records", "audit", "quarantine")]
    fill(out, *left, "runs/1.json.1-ab.part", ".stdin-x/stdin")
    stays = [f"records/{OURS}", "runs/1.json", "stdin-x/stdin", "other/a.part", "a.part"]
    fill(out, *stays)
    clear_remains(out)
    assert names(out) == set(stays)
    assert not (out / ".stdin-x").exists()


def test_a_fresh_run_takes_away_shards_and_nothing_else(out):
    stays = [f"{folder}/{name}" for folder in ("records", "audit", "quarantine") for name in NOT_OURS]
    stays += [f"runs/{OURS}", OURS, f"other/{OURS}"]
    fill(out, *stays, *(f"{folder}/{OURS}" for folder in ("records", "audit", "quarantine")))
    with opened(out) as state:
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])
        clear_output(out, state)
        assert (list(state.known()), state.shards()) == ([], {})
    assert names(out) == set(stays)


def test_a_fresh_run_that_is_killed_leaves_a_state_that_is_seen_to_be_lost(out, monkeypatch):
    fill(out, f"records/{OURS}")
    unlink = Path.unlink
    with opened(out) as state:
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])

        def unlinked_first(file: Path) -> None:
            assert state.next_number() == 1
            unlink(file)

        monkeypatch.setattr(Path, "unlink", unlinked_first)
        clear_output(out, state)
        assert state.next_number() == 0


@pytest.mark.parametrize("folder", ["records", "audit", "quarantine"])
def test_files_of_which_the_state_knows_nothing_are_refused(out, folder):
    with opened(out) as state:
        check_known(out, state)
        fill(out, *(f"{folder}/{name}" for name in NOT_OURS), f"runs/{OURS}")
        check_known(out, state)
        fill(out, f"{folder}/{OURS}")
        with pytest.raises(UsageError, match=f"{folder}/{OURS} is there, but the state knows of no run; use --fresh"):
            check_known(out, state)
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])
        check_known(out, state)
