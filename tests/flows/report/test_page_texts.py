"""Texts of pages are read again from any input, and no more of it than needed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from flows.execution.run import run
from flows.inputs.discovery import Source
from flows.inputs.listing import find_sources
from flows.options import USUAL, RunOptions
from flows.report import page_texts
from flows.report.build import report
from flows.report.page_texts import PageTexts

ROWS = [{"text": f"Title {number}\nBody of {number}."} for number in range(30)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
WARC = b"".join(
    b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(body), body)
    for body in (f"Title {number}\nBody.".encode() for number in range(3))
)
HELD = {
    "page.txt": b"A title\nA body.",
    "page.txt.gz": gzip.compress(b"A title\nA body."),
    "rows.jsonl": LINES,
    "rows.jsonl.gz": gzip.compress(LINES),
    "rows.json": json.dumps(ROWS).encode(),
    "crawl.wet": WARC,
    "crawl.wet.gz": gzip.compress(WARC),
}


@pytest.mark.parametrize("name", HELD)
def test_the_text_of_each_page_of_a_run_is_found_again(name, tmp_path):
    (tmp_path / name).write_bytes(HELD[name])
    run(RunOptions((str(tmp_path / name),), str(tmp_path / "out")))
    pages = [json.loads(line) for file in (tmp_path / "out").glob("records/*") for line in file.read_text().splitlines()]
    assert pages
    texts = texts_of(tmp_path / name, [page["page"]["path"] for page in pages])
    for page in reversed(pages):
        assert (texts.text_of(page["page"]["path"]) or "").startswith(page["title"])


def texts_of(file: Path, wanted: list[str]) -> PageTexts:
    sources, _ = find_sources([str(file)], file.parent / "out")
    return PageTexts(wanted, {source.name: source for source in sources}, USUAL, 1_000)


def test_a_page_in_rows_that_can_be_read_from_any_place_costs_no_more_than_itself(tmp_path, monkeypatch):
    (tmp_path / "rows.jsonl").write_bytes(LINES)
    seen = []
    reader = page_texts.read_pages

    def watched(*given):
        for page in reader(*given):
            seen.append(page.name)
            yield page

    monkeypatch.setattr(page_texts, "read_pages", watched)
    last = f"rows.jsonl#{LINES.rindex(b'{')}"
    assert texts_of(tmp_path / "rows.jsonl", [last]).text_of(last) == "Title 29\nBody of 29."
    assert seen == [last]


@pytest.mark.parametrize("path", ["gone.txt", "page.txt#12", "page.txt#x", "other.txt"])
def test_what_is_not_at_hand_is_none(path, tmp_path):
    (tmp_path / "page.txt").write_text("A title\nA body.")
    texts = texts_of(tmp_path / "page.txt", [path])
    (tmp_path / "page.txt").unlink()
    assert texts.text_of(path) is None


@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl"])
def test_the_text_of_a_page_that_is_too_long_is_not_kept(name, tmp_path):
    text = "A title " * 200
    (tmp_path / name).write_text(text if name == "page.txt" else json.dumps({"text": text}))
    path = name if name == "page.txt" else f"{name}#0"
    assert texts_of(tmp_path / name, [path]).text_of(path) is None


@pytest.fixture
def elsewhere():
    """Write a file to an address in memory."""
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")

    def write(name: str, content: bytes) -> str:
        memory.pipe(f"/texts/{name}", content)
        return f"memory://texts/{name}"

    yield write
    memory.rm("/texts", recursive=True)


@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl"])
def test_what_lies_at_an_address_is_fetched_once_for_all_its_pages(name, elsewhere, monkeypatch):
    source = Source(elsewhere(name, HELD[name]), name, len(HELD[name]))
    begun = []
    reader = page_texts.read_pages
    monkeypatch.setattr(page_texts, "read_pages", lambda *given: begun.append(given[0].start) or reader(*given))
    last = f"{name}#{LINES.rindex(b'{')}"
    titles = {name: "A title"} if name == "page.txt" else {last: "Title 29", f"{name}#0": "Title 0"}
    texts = PageTexts(titles, {name: source}, USUAL, 1_000)
    assert {path: (texts.text_of(path) or "").split("\n")[0] for path in titles} == titles
    assert begun == [0]


def test_the_report_of_a_run_fetches_nothing_again_and_one_that_is_asked_for_does(elsewhere, tmp_path):
    address = elsewhere("page.txt", HELD["page.txt"])
    run(RunOptions((address,), str(tmp_path / "out"), workers=1))
    assert "is not at hand" in (tmp_path / "out" / "report.html").read_text()
    assert "is not at hand" in report(tmp_path / "out").file.read_text()
    assert "is not at hand" not in report(tmp_path / "out", inputs=[address]).file.read_text()


def test_a_place_in_a_file_that_has_become_another_kind_is_none(tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(LINES)
    assert texts_of(tmp_path / "rows.jsonl", ["rows.jsonl#0-3"]).text_of("rows.jsonl#0-3") is None
