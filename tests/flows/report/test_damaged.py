"""The report of a run over files that are damaged by now, or with manifests of elsewhere beside its own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.execution.run import run
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS, INPUTS, STATE_FILE
from flows.options import USUAL, RunOptions
from flows.output.lock import locked
from flows.output.manifest import manifest_names
from flows.planning import shards
from flows.planning.database import open_state
from flows.report.build import report
from tests.support.command import dehusk
from tests.support.damage import DAMAGE


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Two pages, the second one bad, each in a shard of its own."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "pages").mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / "pages" / name).write_text(f"Title {name}\nThe ferry is back.")
    (folder / "pages" / "c.txt").write_bytes(b"\xff\xff")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", 1)
        run(RunOptions((str(folder / "pages"),), str(folder / "out"), workers=1))
    return folder


@pytest.fixture
def out(made, tmp_path) -> Path:
    return shutil.copytree(made, tmp_path / "made") / "out"


def read(out: Path) -> tuple[list[str], list[str]]:
    """Return the warnings of the report, and the names of its pages."""
    soup = BeautifulSoup((out / "report.html").read_text(encoding="utf-8"), "lxml")
    warnings = soup.find(class_="warnings")
    pages = json.loads(soup.find(id="pages-data").string)
    return [item.get_text() for item in warnings.find_all("li")] if warnings else [], [page["page"]["path"] for page in pages]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("kind", [kind for kind in DAMAGE if kind != "bit flipped, its time kept"])
def test_damaged_shards_are_named_and_their_pages_not_shown(kind, folder, out):
    file = sorted((out / folder).glob("*.jsonl"))[0]
    DAMAGE[kind](file)
    done = dehusk("report", str(out))
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 2)
    assert f"dehusk: {folder}/{file.name} ".encode() in done.stderr
    (warning,), pages = read(out)
    assert warning.startswith(f"{folder}/{file.name} ")
    assert pages == (["a.txt", "b.txt"] if folder == "quarantine" else ["b.txt"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_of_other_bytes_with_its_size_and_time_does_no_harm(folder, out):
    DAMAGE["bit flipped, its time kept"](sorted((out / folder).glob("*.jsonl"))[0])
    assert dehusk("report", str(out)).returncode == 0


@pytest.mark.parametrize("lost", [[STATE_FILE], [STATE_FILE, INPUTS]])
def test_damage_is_known_without_the_state_too(lost, out):
    os.truncate(sorted((out / "records").glob("*.jsonl"))[0], 0)
    for name in lost:
        shutil.rmtree(out / name) if (out / name).is_dir() else (out / name).unlink()
    assert len(report(out).damaged) == 1
    assert read(out)[1] == ["b.txt"]


def test_a_run_at_work_is_no_damage(out):
    os.truncate(sorted((out / "records").glob("*.jsonl"))[0], 0)
    with locked(out):
        assert report(out).damaged == []


def test_a_shard_that_a_run_without_a_manifest_has_written_is_not_shown_as_of_this_run(out, made):
    (out.parent / "pages" / "a.txt").write_text("Title a\nAnother text.")
    options = RunOptions((str(out.parent / "pages"),), str(out), workers=1)
    (out / run(options).manifest).unlink()
    assert report(out).damaged == []
    assert read(out)[1] == ["b.txt"]


def test_a_manifest_of_elsewhere_is_not_the_last_run(out):
    (own,) = manifest_names(out)
    foreign = "runs/000999-20991231T000000.0Z.json"
    (out / foreign).write_text(json.dumps({"began": "2099-12-31T00:00:00Z", "run": 999}))
    assert own in report(out).file.read_text(encoding="utf-8")
    assert "2099-12-31" in report(out, run=foreign).file.read_text(encoding="utf-8")
    assert list(verify_output(out, [], "", USUAL)) == [f"{foreign} belongs to no run of the state"]
    (out / STATE_FILE).unlink()
    assert "2099-12-31" in report(out).file.read_text(encoding="utf-8")


def test_a_state_elsewhere_is_asked_where_it_is_named(out):
    address = f"sqlite:///{out.parent / 'elsewhere.db'}"
    with open_state(out, address):
        pass
    assert report(out, state=address).damaged == []
    assert read(out)[1] == []  # it knows of no shard
