"""The status of an output folder, as `dehusk status` shows it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.execution.run import run
from flows.inspect.status import RUNS_SHOWN, Status, status_of, text_lines
from flows.layout import STATE_FILE
from flows.options import RunOptions
from flows.output.lock import locked
from flows.planning.database import open_state
from flows.planning.runs import Totals
from flows.planning.state import KnownInput


@pytest.fixture
def pages(tmp_path) -> Path:
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        (tmp_path / "pages" / f"{name}.txt").write_text(f"Title {name}\nBody.")
    (tmp_path / "pages" / "c.txt").write_bytes(b"\xff")
    return tmp_path / "pages"


def status(pages: Path, *, named: bool = True) -> Status:
    return status_of(pages.parent / "out", "", [str(pages)] if named else [])


def clean(pages: Path, **more: object) -> None:
    run(RunOptions((str(pages),), str(pages.parent / "out"), **more))


def test_what_is_done_is_told(pages):
    clean(pages)
    found = status(pages, named=False)
    assert (found.is_running, found.new, found.changed) == (False, None, None)
    assert found.totals == Totals(done=3, pending=0, with_bad_pages=1, bad_pages=1, shards=1)
    assert [(one.outcome, one.manifest[:5]) for one in found.runs] == [("done", "runs/")]
    assert (pages.parent / "out" / found.runs[0].manifest).exists()


def test_what_is_planned_and_not_done_is_told(pages):
    clean(pages)
    with open_state(pages.parent / "out") as state:
        state.plan([("00001-x", 1, [KnownInput("d.txt", 0, None, "00001-x", 0)])])
    assert status(pages).totals == Totals(done=3, pending=1, with_bad_pages=1, bad_pages=1, shards=2)


@pytest.mark.parametrize(
    ("change", "new", "changed"),
    [
        (lambda pages: None, 0, 0),
        (lambda pages: (pages / "d.txt").write_text("New"), 1, 0),
        (lambda pages: (pages / "a.txt").write_text("Changed"), 0, 1),
        (lambda pages: os.utime(pages / "a.txt", (1, 1)), 0, 1),
        (lambda pages: (pages / "a.txt").unlink(), 0, 0),
        (lambda pages: (pages / "a.txt").rename(pages / "d.txt"), 1, 0),
    ],
    ids=["nothing", "new", "changed", "touched", "gone", "renamed"],
)
@pytest.mark.parametrize("captured_at", ["", "file-time", "sidecar"])
def test_what_waits_for_the_next_run_is_told(pages, captured_at, change, new, changed):
    (pages / "b.txt.json").write_text("{}")
    clean(pages, captured_at=captured_at)
    change(pages)
    assert (status(pages).new, status(pages).changed) == (new, changed)


def test_a_changed_sidecar_waits_too(pages):
    (pages / "b.txt.json").write_text("{}")
    clean(pages, captured_at="sidecar")
    (pages / "b.txt.json").write_text('{"url": ""}')
    assert (status(pages).new, status(pages).changed) == (0, 1)


def test_the_last_runs_are_told_the_newest_first(pages):
    for _ in range(RUNS_SHOWN + 1):
        clean(pages)
    found = status(pages)
    assert [one.outcome for one in found.runs] == ["nothing new"] * RUNS_SHOWN
    assert [one.number for one in found.runs] == list(range(RUNS_SHOWN + 1, 1, -1))


def test_the_newest_run_is_told_whatever_the_clock_said(pages, monkeypatch):
    clean(pages)
    with monkeypatch.context() as patch:
        patch.setattr("flows.execution.context.manifest_time", lambda _: "2001-01-01T00:00:00.000000Z")
        (pages / "d.txt").write_text("Title d\nBody.")
        clean(pages)
        clean(pages)
    found = status(pages)
    assert [(one.number, one.outcome) for one in found.runs] == [(3, "nothing new"), (2, "done"), (1, "done")]


def test_a_run_at_work_is_told(pages):
    clean(pages)
    with locked(pages.parent / "out"):
        assert status(pages).is_running
        assert text_lines(status(pages))[0].endswith("out: a run is at work")
    assert text_lines(status(pages))[0].endswith("out: no run is at work")


def test_it_is_told_in_words(pages):
    clean(pages)
    (pages / "d.txt").write_text("New")
    found = replace(status(pages), drift=["a site may have changed"])
    _, done, bad, waiting, last, stories, drift = text_lines(found)
    assert done == "done: 3 inputs; planned and not done: 0; shards: 1"
    assert bad == "quarantined: 1 pages of 1 inputs"
    assert waiting == "for the next run: 1 new inputs, 0 changed ones"
    assert last.startswith("run 1 of 20") and last.endswith(f": done, {found.runs[0].seconds:.1f} s, {found.runs[0].manifest}")
    assert stories.startswith("stories: 2 in 2 records; ")
    assert drift == "a site may have changed"
    assert len(text_lines(status(pages, named=False))) == 5


def test_warnings_are_those_of_the_last_run_that_did_anything(pages):
    clean(pages)
    out = pages.parent / "out"
    manifest = out / status(pages).runs[0].manifest
    manifest.write_text('{"began": "", "drift": ["it was so"]}')
    clean(pages)
    assert status(pages).drift == ["it was so"]
    manifest.write_text("{")
    assert status(pages).drift == []
    manifest.unlink()
    assert status(pages).drift == []


def test_a_lost_state_is_told_with_its_remedy(pages):
    clean(pages)
    (pages.parent / "out" / STATE_FILE).unlink()
    with pytest.raises(UsageError, match=r"out/state\.db is missing; dehusk repair .*out makes it again from the folder"):
        status(pages)


def test_a_first_run_that_has_folders_and_no_state_yet_is_at_work(tmp_path):
    (tmp_path / "out" / "records").mkdir(parents=True)
    with locked(tmp_path / "out"):
        assert status_of(tmp_path / "out", "", []).is_running


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_without_a_run_is_a_mistake(tmp_path, there):
    if there:
        (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="no run has been made in .*out; name the folder that was given"):
        status_of(tmp_path / "out", "", [])
    assert not (tmp_path / "out" / STATE_FILE).exists()


def test_a_missing_input_is_a_mistake(pages):
    clean(pages)
    with pytest.raises(UsageError, match="nowhere does not exist"):
        status_of(pages.parent / "out", "", ["nowhere"])


def test_looking_changes_nothing(pages):
    clean(pages)
    before = {file: file.read_bytes() for file in (pages.parent / "out").rglob("*") if file.is_file()}
    status(pages)
    assert {file: file.read_bytes() for file in (pages.parent / "out").rglob("*") if file.is_file()} == before
