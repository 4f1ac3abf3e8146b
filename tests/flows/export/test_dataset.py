"""Exports: the same records in another form, even while a run is at work, and no file of a user is lost."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import cycle

import msgspec
import pytest
from pyarrow import parquet

from cleaners import Record
from flows.errors import Failed, UsageError
from flows.execution.run import run
from flows.export import dataset as exporting
from flows.export.dataset import ExportManifest, ExportOptions, export
from flows.export.partitions import PARTITIONS, PartitionedWriter
from flows.options import RunOptions
from tests.conftest import ROOT
from tests.support.command import dehusk
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "out"
    run(RunOptions(inputs=(str(ROOT / "seeds"),), out=str(folder), workers=1))
    return folder


@pytest.fixture
def out(made, tmp_path):
    return shutil.copytree(made, tmp_path / "out")


def records_of(out) -> list[Record]:
    lines = [line for file in sorted(out.glob("records/*.jsonl")) for line in file.read_bytes().splitlines()]
    return [msgspec.json.decode(line, type=Record) for line in lines]


def read(folder) -> list[Record]:
    """The records of an export, of whatever format."""
    found = []
    for file in sorted((folder / "data").rglob("part-*")):
        if file.suffix == ".parquet":
            rows = parquet.ParquetFile(file).read().to_pylist()
            found += [msgspec.convert(row, Record) for row in rows]
        elif file.suffix == ".jsonl":
            found += [msgspec.json.decode(line, type=Record) for line in file.read_bytes().splitlines()]
    return found


def digests(folder) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("format_", ["parquet", "jsonl"])
def test_every_record_is_there_as_it_was(format_, out, tmp_path):
    about = export(ExportOptions(out, tmp_path / "to", format_))
    assert read(tmp_path / "to") == records_of(out)
    assert about.counts["records"] == len(records_of(out)) == 8


def test_csv_has_a_row_for_each_record(out, tmp_path):
    export(ExportOptions(out, tmp_path / "to", "csv"))
    with open(tmp_path / "to" / "data" / "part-00000.csv", encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [record.id for record in records_of(out)]


@pytest.mark.parametrize("format_", ["parquet", "jsonl", "csv"])
def test_the_same_records_give_the_same_bytes(format_, out, tmp_path):
    for name in ("one", "two"):
        export(ExportOptions(out, tmp_path / name, format_, ("kind!=headline",), ("site", "language")))
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_what_machines_are_told_holds(out, tmp_path):
    export(ExportOptions(out, tmp_path / "to", partition_by=("kind",)))
    about = msgspec.json.decode((tmp_path / "to" / "export.json").read_bytes(), type=ExportManifest)
    held = digests(tmp_path / "to")
    del held["export.json"]
    assert about.files == held
    assert sorted(held) == ["README.md", "data/kind=article/part-00000.parquet", "data/kind=story/part-00000.parquet"]
    assert about.counts["kind"] == {"article": 2, "story": 6}


def test_only_records_that_answer_are_exported(out, tmp_path):
    export(ExportOptions(out, tmp_path / "to", "jsonl", ("kind=story", "source~cbs")))
    assert read(tmp_path / "to") == [r for r in records_of(out) if r.kind == "story" and "CBS" in r.source] != []


def test_the_choices_of_the_command_are_those_there_are():
    from flows.cli.consume import export as command

    (choices,) = (option.type.choices for option in command.params if option.name == "partition_by")
    assert sorted(choices) == sorted(PARTITIONS)


def test_an_earlier_export_is_replaced(out, tmp_path):
    export(ExportOptions(out, tmp_path / "to", "jsonl"))
    export(ExportOptions(out, tmp_path / "to", "csv"))
    assert sorted(digests(tmp_path / "to")) == ["README.md", "data/part-00000.csv", "export.json"]
    assert sorted(os.listdir(tmp_path)) == ["out", "to"]


@pytest.mark.parametrize("changed", ["README.md", "notes.txt", "data", "data/part-00000.jsonl", "export.json"])
def test_what_is_not_as_an_export_wrote_it_is_left_alone(changed, out, tmp_path):
    to = tmp_path / "to"
    export(ExportOptions(out, to, "jsonl"))
    if changed == "data":
        (to / "data" / "part-00000.jsonl").rename(to / "moved")
    else:
        (to / changed).write_text("mine")
    before = digests(to)
    with pytest.raises(UsageError, match="is not an export as it was written; name another folder, or replace .* --force"):
        export(ExportOptions(out, to, "jsonl"))
    assert digests(to) == before
    export(ExportOptions(out, to, "jsonl", force=True))
    assert sorted(digests(to)) == ["README.md", "data/part-00000.jsonl", "export.json"]


@pytest.mark.parametrize("place", [".", "out", "out/records", "out/to"])
def test_not_even_force_replaces_what_the_export_is_made_of(place, out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = digests(out)
    with pytest.raises(UsageError, match="an export cannot be at"):
        export(ExportOptions(out, tmp_path / place, "jsonl", force=True))
    with pytest.raises(UsageError, match="an export cannot be at"):
        export(ExportOptions(out, tmp_path.parent, "jsonl", force=True))
    assert digests(out) == before


def test_an_export_that_fails_leaves_the_earlier_one(out, tmp_path):
    export(ExportOptions(out, tmp_path / "to", "jsonl"))
    before = digests(tmp_path)
    for where, error in (
        (("kind=headline",), "holds no record that was asked for; nothing was written"),
        (("kind=x",), "--where"),
    ):
        with pytest.raises((Failed, UsageError), match=error):
            export(ExportOptions(out, tmp_path / "to", "jsonl", where))
        assert digests(tmp_path) == before
    assert sorted(os.listdir(tmp_path)) == ["out", "to"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nowhere"], 2, "dehusk: no run has been made in nowhere; name the folder"),
        (["out", "--where", "colour=red"], 2, "no record has colour; there are id, kind"),
        (["out", "--where", "kind=headline"], 1, "holds no record that was asked for"),
        (["out", "out"], 2, "an export cannot be at out; name a folder of its own"),
        (["out", "file"], 2, "file is a file; name a folder"),
        (["torn"], 1, "line 1 of torn/records/00000-000000000000.jsonl is no record of contract 1.1"),
        (["empty"], 1, "empty holds no record; nothing was written"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, code, says, out, tmp_path):
    (tmp_path / "file").touch()
    for name, content in (("torn", b'{"id": "\x1b[31m'), ("empty", None)):
        (tmp_path / name / "records").mkdir(parents=True)
        if content is not None:
            (tmp_path / name / "records" / "00000-000000000000.jsonl").write_bytes(content)
    before = sorted(os.listdir(tmp_path))
    done = dehusk("export", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (code, b"", 1)
    assert says in done.stderr.decode()
    assert b"\x1b" not in done.stderr
    assert sorted(os.listdir(tmp_path)) == before


def test_the_command_tells_what_it_did(out, tmp_path):
    done = dehusk("export", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"dehusk: 8 records are in out-export\n")
    done = dehusk("export", "out", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (told["folder"], told["counts"]["records"], done.stderr) == ("out-export", 8, b"")


def test_help_imports_nothing_heavy():
    code = """
import sys
from flows.cli import main
try:
    main(["export", "--help"])
except SystemExit as done:
    assert not done.code
heavy = {"msgspec", "pyarrow", "lxml", "prefect", "rich", "cleaners"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def pages(tmp_path):
    """Pages that go into a shard each."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Title {number}\nThe ferry is back, version 0.")
    return folder


def is_whole(folder) -> bool:
    """Return whether all lines are records, none is there twice, and each text is an expected one."""
    found = read(folder)
    keys = {(record.id, record.page.path) for record in found}
    return len(keys) == len(found) > 0 and all(record.text.startswith("The ferry is back, version ") for record in found)


def test_runs_may_change_shards_while_an_export_reads_them(pages, tmp_path, cut_at, monkeypatch):
    """After each record of an export another run is made: one that rewrites shards, prunes them, or makes all anew."""
    cut_at(1)
    out, to, made = tmp_path / "out", tmp_path / "to", 0
    options = RunOptions(inputs=(str(pages),), out=str(out), workers=1)
    run(options)

    def rewrite() -> None:
        for page in pages.iterdir():
            page.write_text(f"Title {page.stem}\nThe ferry is back, version {made}.")
        run(options)

    def prune() -> None:
        (pages / f"{made % 6}.txt").unlink(missing_ok=True)
        (pages / f"{made}-new.txt").write_text("Title\nThe ferry is back, version 0.")
        run(replace(options, prune=True))

    def begin_anew() -> None:
        (pages / f"a{made}.txt").write_text("Title\nThe ferry is back, version 0.")
        run(replace(options, fresh=True))

    actions, add = cycle([rewrite, prune, rewrite, begin_anew]), PartitionedWriter.add

    def add_and_run(self, record, size):
        nonlocal made
        add(self, record, size)
        if made < 24:
            made += 1
            next(actions)()

    monkeypatch.setattr(PartitionedWriter, "add", add_and_run)
    monkeypatch.setattr(exporting, "TRIES", 100)
    while made < 24:
        export(ExportOptions(out, to, "jsonl"))
        assert is_whole(to)
    export(ExportOptions(out, to, "jsonl"))
    found = read(to)
    assert [msgspec.structs.replace(record, duplicate_of="") for record in found] == records_of(out)
    assert {record.duplicate_of for record in found} > {""}
    manifest = export(ExportOptions(out, to, "jsonl", unique="earliest"))
    assert (manifest.counts["in_no_story"], manifest.counts["stories_missing"]) == (0, 0)
    kept = read(to)
    assert [record for record in records_of(out) if record in kept] == kept != []


EXPORTS, VERSIONS = 10, 30  # at the least, while the other process is at work
WRITER = """
import sys
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from flows.planning import shards
from flows.execution.run import run
from flows.options import RunOptions

shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = 1, 0
pages, out, stop = map(Path, sys.argv[1:])
options = RunOptions(inputs=(str(pages),), out=str(out), workers=1)
for version in takewhile(lambda _: not stop.exists(), range(10_000)):
    for page in pages.iterdir():
        page.write_text(f"Title {page.stem}\\nThe ferry is back, version {version}.")
    (pages / f"{version}-new.txt").write_text("Title\\nThe ferry is back, version 0.")
    (pages / f"{version - 3}-new.txt").unlink(missing_ok=True)
    run(replace(options, prune=version % 3 == 0, fresh=version % 7 == 6))
"""


def test_another_process_may_run_again_and_again_meanwhile(pages, tmp_path):
    out, stop = tmp_path / "out", tmp_path / "stop"
    run(RunOptions(inputs=(str(pages),), out=str(out), workers=1))
    exports = 0
    with subprocess.Popen([sys.executable, "-c", WRITER, str(pages), str(out), str(stop)], cwd=ROOT) as writer:
        try:
            while exports < EXPORTS or version_of(pages) < VERSIONS:
                assert writer.poll() is None
                try:
                    export(ExportOptions(out, tmp_path / "to", "jsonl"))
                except Failed as error:  # a run that makes all anew has just taken away everything
                    assert "no record" in str(error) or "changed while" in str(error)
                else:
                    assert is_whole(tmp_path / "to")
                    exports += 1
            stop.touch()
            assert writer.wait(PATIENCE_SECONDS) == 0
        finally:
            writer.kill()


def version_of(pages):
    """Return the last version of the pages that the other process has written."""
    return max((int(page.stem.removesuffix("-new")) for page in pages.glob("*-new.txt")), default=0)


STOPPED = """
import os, signal, sys
import flows.export.dataset
from flows.cli import main
def stopped(*_, **__):
    os.kill(os.getpid(), signal.{name})
    return ()
flows.export.dataset.HeldRecords = stopped
main(["export", sys.argv[1], sys.argv[2], "--format", "jsonl"])
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_export_that_is_stopped_says_so_and_leaves_nothing(name, code, tmp_path):
    (tmp_path / "out" / "records").mkdir(parents=True)
    command = [sys.executable, "-c", STOPPED.format(name=name), str(tmp_path / "out"), str(tmp_path / "dataset")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "dehusk: stopped; nothing was exported\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
