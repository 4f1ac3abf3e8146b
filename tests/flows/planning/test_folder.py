"""The output folder: made ready, and only what is dehusk's own is taken away in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.errors import Failed, UsageError
from flows.execution.run import run
from flows.inspect.verify import verify_output
from flows.layout import ALL_FOLDERS
from flows.options import USUAL, RunOptions
from flows.planning.database import open_state
from flows.planning.folder import (
    README_BEGIN,
    check_known,
    clear_output,
    clear_remains,
    is_half_cleared,
    make_folders,
    write_readme,
)
from flows.planning.state import KnownInput
from tests.conftest import ROOT

CONTRACT_PAGE = (ROOT / "flows" / "output" / "templates" / "README.md").read_bytes()

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
    assert {folder.name for folder in out.iterdir()} == {*ALL_FOLDERS}
    assert names(out) == set()


@pytest.mark.parametrize("blocked", ["out", "out/records", "out/runs"])
def test_a_file_where_a_folder_should_be_is_a_mistake(tmp_path, blocked):
    (tmp_path / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / blocked).write_text("")
    with pytest.raises(UsageError, match="out cannot be written to .*; name another folder with --out"):
        make_folders(tmp_path / "out")


def test_what_a_killed_run_left_half_written_is_taken_away(out):
    left = [f"{folder}/{OURS}.1-ab.part" for folder in ("records", "audit", "quarantine")]
    fill(out, *left, "runs/1.json.1-ab.part", "report.html.1-ab.part", "README.md.1-ab.part", ".stdin-x/stdin")
    stays = [f"records/{OURS}", "runs/1.json", "stdin-x/stdin", "other/a.part", "a.part"]
    fill(out, *stays)
    clear_remains(out)
    assert names(out) == set(stays)
    assert not (out / ".stdin-x").exists()


@pytest.mark.parametrize("before", [None, README_BEGIN + b" It is an older one.", CONTRACT_PAGE])
def test_the_contract_is_written_where_there_is_none_or_another_version(out, before):
    if before is not None:
        (out / "README.md").write_bytes(before)
    status = (out / "README.md").stat() if before == CONTRACT_PAGE else None
    write_readme(out)
    assert (out / "README.md").read_bytes() == CONTRACT_PAGE
    assert status in (None, (out / "README.md").stat())
    assert names(out) == {"README.md"}


@pytest.mark.parametrize("before", [b"", b"# My pages\n", b"# This folder\n\nIt is mine."])
def test_a_readme_of_somebody_else_stays(out, before):
    (out / "README.md").write_bytes(before)
    write_readme(out)
    assert (out / "README.md").read_bytes() == before


def test_a_folder_named_as_the_readme_stays(out):
    (out / "README.md").mkdir()
    write_readme(out)
    assert (out / "README.md").is_dir()


@pytest.mark.parametrize(
    ("error", "raised", "advice"),
    [
        (OSError(13, "Permission denied"), UsageError, "name another folder with --out"),
        (OSError(28, "No space left on device"), Failed, "mend that, and run the same command again"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_a_mistake_and_a_full_disk_is_none(out, monkeypatch, error, raised, advice):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("flows.planning.folder.write_whole", fail)
    with pytest.raises(raised, match=rf"out cannot be written to \({error.strerror}\); {advice}"):
        write_readme(out)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_run_writes_the_contract_and_its_output_is_sound(tmp_path, fresh):
    (tmp_path / "a.txt").write_text("A title\nA body of one sentence.")
    out = tmp_path / "out"
    for _ in range(2):
        run(RunOptions(inputs=(str(tmp_path / "a.txt"),), out=str(out), workers=1, fresh=fresh))
        assert (out / "README.md").read_bytes() == CONTRACT_PAGE
        assert list(verify_output(out, [], "", USUAL)) == []
        (out / "README.md").unlink()


def test_the_contract_of_the_project_is_the_one_that_runs_write():
    """flows/output/templates/README.md is the original: a run into the project's own out/ writes it there."""
    assert CONTRACT_PAGE.startswith(README_BEGIN)
    assert (ROOT / "out" / "README.md").read_bytes() == CONTRACT_PAGE, "cp flows/output/templates/README.md out/README.md"


def test_a_fresh_run_takes_away_shards_and_nothing_else(out):
    stays = [f"{folder}/{name}" for folder in ("records", "audit", "quarantine") for name in NOT_OURS]
    stays += [f"runs/{OURS}", OURS, f"other/{OURS}"]
    fill(out, *stays, *(f"{folder}/{OURS}" for folder in ("records", "audit", "quarantine", "inputs")))
    with open_state(out) as state:
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])
        clear_output(out, state)
        assert (list(state.known()), state.shards()) == ([], {})
    assert names(out) == set(stays)


def test_a_fresh_run_that_is_killed_leaves_a_state_that_is_seen_to_be_lost(out, monkeypatch):
    fill(out, f"records/{OURS}")
    unlink = Path.unlink
    with open_state(out) as state:
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])

        def unlinked_first(file: Path, **more: bool) -> None:
            assert state.next_number() == 1
            assert is_half_cleared(state)
            unlink(file, **more)

        monkeypatch.setattr(Path, "unlink", unlinked_first)
        clear_output(out, state)
        assert (state.next_number(), is_half_cleared(state)) == (0, False)


@pytest.mark.parametrize("folder", ["records", "audit", "quarantine", "inputs"])
def test_files_of_which_the_state_knows_nothing_are_refused(out, folder):
    with open_state(out) as state:
        check_known(out, state)
        fill(out, *(f"{folder}/{name}" for name in NOT_OURS), f"runs/{OURS}")
        check_known(out, state)
        fill(out, f"{folder}/{OURS}")
        with pytest.raises(UsageError, match=f"{folder}/{OURS} is there, but the state knows of no run; dehusk repair"):
            check_known(out, state)
        state.plan([("00000-0123456789ab", 0, [KnownInput("a", 0, None, "00000-0123456789ab", 0)])])
        check_known(out, state)
