"""A run over files that are no pages and would hold it up: it passes over them, and cleans the others."""

from __future__ import annotations

import errno
import gzip
import json
import os

from flows.execution import context
from flows.execution.run import run
from flows.export.dataset import ExportOptions, export
from flows.layout import ALL_FOLDERS, SKETCHES
from flows.options import RunOptions

CONTROLS = "\x07\x1b[2J\x7f\x85\x9b31m\u2028\u2029"
TEXT = "A crane returns\nThe crane that left in spring is back at the quay, the harbour master said on Monday."


def test_a_run_goes_on_beside_links_to_themselves_pipes_and_closed_folders(tmp_path, monkeypatch):
    pages, scandir = tmp_path / "pages", os.scandir
    (pages / "closed").mkdir(parents=True)
    (pages / "a.txt").write_text(TEXT)
    (pages / "self.txt").symlink_to("self.txt")
    os.mkfifo(pages / "pipe.txt")
    (pages / "closed" / "b.txt").write_text(TEXT)
    options = RunOptions((str(pages),), str(tmp_path / "out"), workers=1, prune=True)
    assert run(options).counts.pages == 2

    def refuse(path):
        if str(path) == str(pages / "closed"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr("flows.inputs.discovery.os.scandir", refuse)
    records = [path.read_bytes() for path in sorted((tmp_path / "out" / "records").iterdir())]
    summary = run(options)
    assert {skip.name: skip.reason for skip in summary.skipped} == {
        "closed": "not readable (Permission denied)",
        "pipe.txt": "not a regular file (a named pipe)",
        "self.txt": "not a regular file (a link to itself)",
    }
    assert [path.read_bytes() for path in sorted((tmp_path / "out" / "records").iterdir())] == records


def test_a_pipe_as_a_sidecar_costs_its_page(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("a.txt", "b.txt"):
        (pages / name).write_text(TEXT)
    os.mkfifo(pages / "a.txt.json")
    options = RunOptions((str(pages),), str(tmp_path / "out"), workers=1, captured_at="sidecar")
    summary = run(options)
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {"sidecar": 1})
    (pages / "a.txt.json").unlink()
    summary = run(options)
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {})


def test_a_page_that_becomes_a_pipe_while_a_run_is_at_work_is_unreadable(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    make_folders = context.make_folders

    def change(out):
        make_folders(out)
        (tmp_path / "a.txt").unlink()
        os.mkfifo(tmp_path / "a.txt")
        monkeypatch.setattr("flows.execution.shard.current_stamp", lambda source, captured_at: source.stamp)

    monkeypatch.setattr(context, "make_folders", change)
    summary = run(RunOptions((str(tmp_path / "*.txt"),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {"unreadable": 1})


def test_rows_without_end_cost_no_row_before(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.inputs.compression.MIN_MAX_BYTES", 1_000_000)
    row = json.dumps({"text": TEXT}).encode() + b"\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(row + b"\n" * 20_000 + row + b"\n" * 60_000_000 + row))
    (tmp_path / "b.jsonl").write_bytes(row)
    summary = run(RunOptions((str(tmp_path / "*.jsonl*"),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (3, {"compressed": 1})
    (line,) = next((tmp_path / "out" / "quarantine").iterdir()).read_text().splitlines()
    assert "it unpacks to over 200 times its size" in json.loads(line)["detail"]


def test_a_page_of_lines_without_end_costs_no_other(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\n" * 500_000)
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in (TEXT, "a\n" * 500_000, TEXT)))
    (tmp_path / "c.html").write_bytes(b"<html><body>" + b"<p>a" * 1_000_000)
    summary = run(RunOptions((str(tmp_path),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (2, {"too-large": 3})


def test_no_file_of_the_output_holds_a_control_or_a_line_end_inside_a_line(tmp_path):
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    (pages / f"a{CONTROLS}.txt").write_text(f"{TEXT} {CONTROLS}{TEXT}")
    (pages / "b.html").write_text(f"<html><body><h1>A crane{CONTROLS} returns</h1><p>{TEXT} {CONTROLS}{TEXT}</p></body></html>")
    row = {"text": f"{TEXT} {CONTROLS}{TEXT}", "title": f"A{CONTROLS}crane", "author": [f"Ada {CONTROLS}Quay"], CONTROLS: 1}
    bad = {f"body{CONTROLS}": 1, "text": None}
    (pages / "c.jsonl").write_text("\n".join(map(json.dumps, (row, bad))))
    run(RunOptions((str(pages),), str(out), workers=1))
    export(ExportOptions(out, tmp_path / "dataset", "jsonl"))
    written = [path for folder in (out, tmp_path / "dataset") for path in folder.rglob("*.json*")]
    assert {path.parent.name for path in written} == {*ALL_FOLDERS, "dataset", "data"} - {SKETCHES}
    for path in written:
        text = path.read_bytes().decode()
        assert not [char for char in text if char != "\n" and (ord(char) < 32 or 127 <= ord(char) < 160)]
        assert text.splitlines() == text.split("\n")[:-1]
    (line,) = next((out / "quarantine").iterdir()).read_text().splitlines()
    assert json.loads(line)["detail"].isprintable()
    ledgers = [json.loads(line) for path in (out / "audit").iterdir() for line in path.read_text().splitlines()]
    assert any("\x9b31m" in ledger.get("text", "") for ledger in ledgers)
