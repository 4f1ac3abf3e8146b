"""What files hold, told by their content, and what a run makes of all kinds of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
from collections import Counter

import pytest

from flows.execution.run import run
from flows.inputs import jsonl
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source
from flows.inputs.file_kind import kind_of
from flows.options import USUAL, RowFields, RunOptions
from flows.planning import shards
from tests.flows.execution.test_run import files, rows
from tests.flows.inputs.test_compression import PACKERS
from tests.support.command import dehusk
from tests.support.warcs import page

TEXT = "Old crane to go\nThe harbour board said on Monday that the old crane would be taken down."
ROW = json.dumps({"text": TEXT, "url": "https://quaypost.example/crane", "date": "2025-07-05T12:00:00Z"}).encode()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (ROW, "a", "rows"),
        (b"\xef\xbb\xbf\n" + ROW + b"\n{broken", "a.txt", "rows"),
        (b'{"broken\n' + ROW, "a.jsonl", "rows"),
        (b'{"@context": "https://schema.org", "headline": "A script left in"}\nA story.', "a.txt", "page"),
        (b'{"id": 1}\n{"text": "A story."}\n', "a.txt", "rows"),
        (b"{not json}\nA story.", "a.txt", "page"),
        (page(1), "a.txt", "warc"),
        (b"WARC/1.0 is a format\nIt says so.", "a.txt", "page"),
        (TEXT.encode(), "a.txt", "page"),
        (b"", "a.txt", "page"),
        (b"XXXX/1.0\r\n" + page(1), "a.warc", "warc"),
        (page(1).replace(b"WARC/1.0", b"WARC/0.18", 1), "a", "warc"),
        (b'[\n{"text": "A story."}]', "a.jsonl", "page"),
        (b"[1, 2]\n" + ROW, "a.jsonl", "rows"),
        (ROW.decode().encode("utf-16"), "a.jsonl", "page"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, *PACKERS.values()])
def test_a_file_is_told_by_its_content(content, name, kind, pack):
    assert kind_of(io.BytesIO(pack(content)), name, USUAL) == kind


def test_a_row_is_told_by_the_fields_that_are_asked_for():
    row = b'{"words": "A story."}\n'
    assert kind_of(io.BytesIO(row), "a.txt", USUAL) == "page"
    assert kind_of(io.BytesIO(row), "a.txt", RowFields(text="words")) == "rows"


@pytest.fixture
def mixed(tmp_path):
    """A folder with pages in every kind of container."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    lines = [json.dumps({"text": TEXT, "url": f"https://quaypost.example/{i}"}) for i in range(30)]
    content = "\n".join([*lines, "{broken", ""]).encode()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.jsonl").write_bytes(content)
    for suffix, pack in PACKERS.items():
        (folder / f"c.jsonl{suffix}").write_bytes(pack(content))
    archive = [page(number) for number in range(30)]
    (folder / "d.warc").write_bytes(b"".join(archive))
    (folder / "e.warc.gz").write_bytes(b"".join(map(gzip.compress, archive)))
    return folder


def test_all_kinds_of_containers_become_records(mixed, tmp_path):
    summary = run(RunOptions((str(mixed),), str(tmp_path / "out"), workers=1))
    assert summary.counts.pages == 1 + 5 * 30 + 2 * 30
    assert summary.counts.quarantined == {"row": 5}
    bad = rows(tmp_path / "out", "quarantine")
    assert {row["detail"][:18] for row in bad} == {"the row is no JSON"}
    paths = {row["page"]["path"] for row in rows(tmp_path / "out", "records")}
    assert {"a.txt", "b.jsonl#0", "c.jsonl.gz#0", "d.warc#0", "e.warc.gz#0"} < paths
    captured = {row["page"]["captured_at"] for row in rows(tmp_path / "out", "records") if ".warc" in row["page"]["path"]}
    assert captured == {"2025-07-05T12:00:00Z"}


def test_how_files_are_cut_into_shards_changes_no_page(mixed, tmp_path, cut_at):
    run(RunOptions((str(mixed),), str(tmp_path / "whole"), workers=1))
    cut_at(2_000)
    run(RunOptions((str(mixed),), str(tmp_path / "cut"), workers=1))
    assert len(files(tmp_path / "cut")) > 5 * len(files(tmp_path / "whole"))
    for folder in ("records", "audit", "quarantine"):
        assert rows(tmp_path / "cut", folder) == rows(tmp_path / "whole", folder)


def test_a_second_run_replaces_the_pages_of_a_container(mixed, tmp_path):
    out = tmp_path / "out"
    run(RunOptions((str(mixed),), str(out)))
    (mixed / "b.jsonl").write_bytes(ROW)
    run(RunOptions((str(mixed / "b.jsonl"),), str(out)))
    found = [row for row in rows(out, "records") if row["page"]["path"].startswith("b.jsonl")]
    assert [row["page"]["path"] for row in found] == ["b.jsonl#0"]
    assert found[0]["page"]["captured_at"] == "2025-07-05T12:00:00Z"
    assert len(rows(out, "audit")) == 1 + 1 + 4 * 30 + 2 * 30


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_container_that_is_cut_off_is_read_as_far_as_it_goes(suffix, tmp_path):
    lines = [json.dumps({"text": f"{TEXT} {i * i}"}) for i in range(300)]
    stored = PACKERS[suffix]("\n".join(lines).encode())
    for name, content in (("cut", stored[:-9]), ("begun", stored[:12])):
        (tmp_path / f"{name}.jsonl{suffix}").write_bytes(content)
    (tmp_path / f"more.jsonl{suffix}").write_bytes(stored + b"<html>")
    summary = run(RunOptions((str(tmp_path / "*.jsonl.*"),), str(tmp_path / "out"), workers=1))
    assert summary.counts.quarantined["compressed"] == 3
    read = Counter(row["page"]["path"].partition("#")[0] for row in rows(tmp_path / "out", "records"))
    assert read[f"more.jsonl{suffix}"] == 300
    if suffix == ".gz":  # others are unpacked by blocks larger than this
        assert read[f"cut.jsonl{suffix}"] > 250


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_page_that_is_followed_by_something_else_is_read(suffix, tmp_path):
    (tmp_path / f"a.txt{suffix}").write_bytes(PACKERS[suffix](TEXT.encode()) + b"<html>")
    summary = run(RunOptions((str(tmp_path / "*.txt.*"),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {"compressed": 1})


@pytest.mark.parametrize("content", [ROW.decode().encode("utf-16"), bytes(range(256)) * 40, b'[{"text": "A story."'])
def test_a_file_of_rows_that_are_none_is_told_once(content, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(content)
    summary = run(RunOptions((str(tmp_path / "a.jsonl"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.quarantined) == (0, {"row": 1})


def test_the_rows_of_a_document_are_read_one_after_the_other(tmp_path, monkeypatch):
    made = []
    page_of = jsonl._page_of
    monkeypatch.setattr(jsonl, "_page_of", lambda *given: made.append(given) or page_of(*given))
    (tmp_path / "a.json").write_text(json.dumps([json.loads(ROW)] * 50))
    pages = read_pages(Source(str(tmp_path / "a.json"), "a.json", 1), USUAL, "", Counter())
    assert next(pages).name == "a.json#0"
    assert len(made) < 50
    assert [page.name for page in pages] == [f"a.json#{number}" for number in range(1, 50)]


def test_a_page_too_large_in_a_container_costs_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.inputs.jsonl.MAX_PAGE_BYTES", 500)
    large = json.dumps({"text": "word " * 500}).encode()
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([ROW, large, ROW]))
    summary = run(RunOptions((str(tmp_path / "a.jsonl"),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (2, {"too-large": 1})


def test_what_rows_say_stands_in_records(tmp_path):
    row = {"body_text": TEXT.partition("\n")[2], "title": "Crane goes", "author": "Tobin Marsh", "published": "2025-07-04"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    done = dehusk("run", str(tmp_path / "a.jsonl"), "--out", str(tmp_path / "out"), "--no-prefect", "--text-field", "body_text")
    assert done.returncode == 0
    (record,) = rows(tmp_path / "out", "records")
    assert (record["title"], record["text"]) == ("Crane goes", row["body_text"])
    assert (record["authors"], record["published"], record["published_precision"]) == (
        ["Tobin Marsh"], "2025-07-04T00:00:00Z", "day",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        (json.dumps([{"text": TEXT}, {"text": TEXT, "url": "https://quaypost.example/1"}]), ["a.json#0", "a.json#1"]),
        (json.dumps({"text": TEXT}, indent=1), ["a.json#0"]),
        (f"[Photo] {TEXT}", ["a.json"]),
        (f"{{}} {TEXT}", ["a.json"]),
    ],
)
def test_a_file_that_is_json_as_a_whole_is_read_as_rows(document, paths, tmp_path):
    (tmp_path / "a.json").write_text(document)
    run(RunOptions((str(tmp_path / "a.json"),), str(tmp_path / "out")))
    assert [row["page"]["path"] for row in rows(tmp_path / "out", "records")] == paths


def test_json_that_holds_no_page_is_no_text(tmp_path):
    (tmp_path / "a.txt").write_text('{"error": "blocked",\n "code": 403}')
    (tmp_path / "b.txt").write_text('[1, {"text": "A title"}]')
    run(RunOptions((str(tmp_path / "*.txt"),), str(tmp_path / "out")))
    assert [(row["path"], row["reason"]) for row in rows(tmp_path / "out", "quarantine")] == [
        ("a.txt#0", "row"),
        ("b.txt#0", "row"),
    ]


@pytest.mark.parametrize("first", [b'{"text": "cut', b"[1]", b'he end of a row"}'])
def test_a_bad_row_at_the_beginning_costs_no_other(first, tmp_path):
    (tmp_path / "a").write_bytes(b"\n".join([first, ROW, ROW]))
    summary = run(RunOptions((str(tmp_path / "a"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.quarantined) == (2, {"row": 1})


@pytest.mark.parametrize("content", [b"[" + ROW + b",\n{broken]", ROW[:-9], ROW.decode().encode("utf-16")])
def test_broken_json_never_becomes_an_article(content, tmp_path):
    (tmp_path / "a.txt").write_bytes(content)
    summary = run(RunOptions((str(tmp_path / "a.txt"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.quarantined) == (0, {"row": 1})


def test_half_a_character_in_a_row_costs_one_page(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "A \\ud800 title"}\n' + ROW)
    summary = run(RunOptions((str(tmp_path / "a.jsonl"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {"undecodable": 1})


def test_half_a_character_in_what_a_row_says_costs_nothing(tmp_path):
    said = b'"title": "Crane \\ud800 goes", "author": ["Tobin \\udc00"], "url": "https://a.example/\\ud800"'
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "The crane goes on Monday, they said.", ' + said + b"}\n" + ROW)
    done = dehusk("clean", str(tmp_path / "a.jsonl"))
    assert (done.returncode, b"was not cleaned" in done.stderr) == (0, False)
    first, *more = map(json.loads, done.stdout.splitlines())
    assert (first["authors"], first["url"], len(more)) == (["Tobin ?"], "https://a.example/?", 1)


def test_containers_may_come_by_standard_input(mixed, tmp_path):
    out = tmp_path / "out"
    content = (mixed / "c.jsonl.gz").read_bytes()
    done = dehusk("run", "-", str(mixed / "a.txt"), "--out", str(out), "--no-prefect", "--json", stdin=content)
    assert json.loads(done.stdout)["pages"] == 31
    names = {row["page"]["path"].partition("#")[0] for row in rows(out, "records")}
    assert names == {"a.txt", f"stdin-{hashlib.sha256(content).hexdigest()[:12]}"}
    assert not list(out.glob(".stdin*"))
    dehusk("run", "-", "--out", str(out), "--no-prefect", stdin=content)
    dehusk("run", "-", "--out", str(out), "--no-prefect", stdin=ROW)
    assert len(rows(out, "audit")) == 32
    assert dehusk("clean", "-", stdin=content).stdout.count(b"\n") == 30


def test_one_page_of_a_container_is_cleaned_and_explained(mixed):
    for name in ("b.jsonl", "c.jsonl.gz", "d.warc", "e.warc.gz"):
        done = dehusk("clean", str(mixed / name))
        paths = [json.loads(line)["page"]["path"] for line in done.stdout.splitlines()]
        assert len(paths) == 30
        assert done.returncode == (1 if "jsonl" in name else 0)
        asked = f"{mixed / name}#{paths[3].partition('#')[2]}"
        (line,) = dehusk("clean", asked).stdout.splitlines()
        assert json.loads(line)["page"]["path"] == paths[3]
        assert dehusk("explain", asked).stdout.startswith(b"site")
        done = dehusk("explain", str(mixed / name))
        assert (done.returncode, b"holds several pages; name one of them" in done.stderr) == (2, True)
    done = dehusk("explain", str(mixed / "b.jsonl#7"))
    assert (done.returncode, b"b.jsonl#7 was not cleaned: the row is no JSON" in done.stderr) == (1, True)


def test_what_is_in_an_archive_beside_pages_is_counted_in_the_manifest(tmp_path):
    from tests.support.warcs import http, record

    picture = record("https://quaypost.example/x.png", http(b"\x89PNG", media="image/png"))
    (tmp_path / "a.warc").write_bytes(page(1) + picture)
    done = dehusk("run", str(tmp_path / "a.warc"), "--out", str(tmp_path / "out"), "--no-prefect", "--json")
    assert json.loads(done.stdout)["not_pages"] == {"neither HTML nor text": 1}


def test_a_huge_file_is_cut_into_shards(tmp_path):
    line = json.dumps({"text": TEXT * 50}).encode() + b"\n"
    (tmp_path / "a.jsonl").write_bytes(line * 20_000)
    source_bytes = len(line) * 20_000
    from flows.inputs.discovery import Source

    (shutil.copy(tmp_path / "a.jsonl", tmp_path / "b.txt"))
    for name in ("a.jsonl", "b.txt"):
        found = shards.plan_shards(shards.pieces_of(Source(str(tmp_path / name), name, source_bytes), USUAL))
        pieces = [piece for shard in found for piece in shard.sources]
        assert len(found) == -(-source_bytes // shards.SHARD_BYTES)
        assert sum(piece.size for piece in pieces) == source_bytes
        assert all(piece.start % len(line) == 0 for piece in pieces)
        assert len({shard.name for shard in found}) == len(found)


def test_whatever_goes_wrong_in_a_file_costs_no_other(mixed, tmp_path, monkeypatch):
    def fail(*_):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("flows.inputs.containers.read_rows", fail)
    summary = run(RunOptions((str(mixed),), str(tmp_path / "out"), workers=1))
    assert summary.counts.pages == 1 + 2 * 30
    assert summary.counts.quarantined == {"defect": 5}
