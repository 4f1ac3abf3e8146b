"""A run end to end, without Prefect: what comes out, for good input and bad."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows import containers, shard, shards
from flows.errors import UsageError
from flows.run import Options, run


def rows(out: Path, folder: str) -> list[dict]:
    lines = [line for path in sorted(out.glob(f"{folder}/*.jsonl")) for line in path.read_text(encoding="utf-8").split("\n")]
    return [json.loads(line) for line in lines if line]


def files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.jsonl"))}


@pytest.fixture
def pages(tmp_path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"Title {name}\nBody {name}.\nAdvertisement", encoding="utf-8")
    return folder


def test_the_seeds_become_eight_records(seeds, tmp_path):
    summary = run(Options((str(seeds),), str(tmp_path / "out"), captured_at="2025-07-05T12:00:00Z"))
    found = rows(tmp_path / "out", "records")
    assert [(row["kind"], row["source"], row["published_raw"], row["published"]) for row in found] == [
        ("article", "", "", ""),
        ("story", "CBS News", "an hour ago", "2025-07-05T11:00:00Z"),
        ("story", "Yahoo", "2 hours ago", "2025-07-05T10:00:00Z"),
        ("story", "Yahoo", "4 hours ago", "2025-07-05T08:00:00Z"),
        ("article", "", "", ""),
        ("story", "American Military News", "27 minutes ago", "2025-07-05T11:33:00Z"),
        ("story", "Newsweek", "35 minutes ago", "2025-07-05T11:25:00Z"),
        ("story", "American Military News", "43 minutes ago", "2025-07-05T11:17:00Z"),
    ]
    assert [(row["text"].split()[0], row["text"].split()[-1]) for row in found] == [
        ("Russia's", "warned."),
        ("Trump", "reported."),
        ("MOSCOW", "June."),
        ("The", "reporting."),
        ("MOSCOW", "Afghanistan.'"),
        ("In", "war."),
        ("A", "war."),
        ("Ukraine's", "shift."),
    ]
    assert summary.counts.pages == 2
    assert summary.counts.records == {"article": 2, "story": 6}
    assert not summary.counts.quarantined


def test_every_record_has_every_key_and_no_null(seeds, tmp_path):
    run(Options((str(seeds),), str(tmp_path)))
    keys = (
        "id kind title text source published published_raw published_precision category authors tags language url attribution "
        "flags parent_id position page text_sha256 duplicate_of rules"
    ).split()
    for row in rows(tmp_path, "records"):
        assert list(row) == keys
        assert list(row["page"]) == ["id", "path", "url", "site", "layout", "captured_at"]
        assert all(value is not None for value in (*row.values(), *row["page"].values()))
        assert row["text_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()


def test_the_same_input_gives_the_same_bytes_whatever_the_workers(pages, tmp_path, monkeypatch):
    monkeypatch.setattr(shards.plan_shards, "__defaults__", (40,))
    run(Options((str(pages),), str(tmp_path / "one"), workers=1))
    run(Options((str(pages),), str(tmp_path / "two"), workers=2))
    assert len(files(tmp_path / "one")) == 6
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_second_run_replaces_pages_and_keeps_the_others(pages, tmp_path):
    out = tmp_path / "out"
    run(Options((str(pages),), str(out)))
    first = files(out)
    run(Options((str(pages),), str(out)))
    assert files(out) == first
    (pages / "b.txt").write_text("Title b\nA new body.", encoding="utf-8")
    (pages / "c.txt").unlink()
    run(Options((str(pages),), str(out)))
    assert {row["title"]: row["text"] for row in rows(out, "records")} == {
        "Title a": "Body a.",
        "Title b": "A new body.",
        "Title c": "Body c.",
    }
    assert sorted(row["page"]["path"] for row in rows(out, "audit")) == ["a.txt", "b.txt", "c.txt"]


def test_a_page_that_turns_bad_leaves_its_old_records(pages, tmp_path):
    out = tmp_path / "out"
    run(Options((str(pages),), str(out)))
    (pages / "b.txt").write_bytes(b"\xff\xff")
    run(Options((str(pages),), str(out)))
    assert [row["title"] for row in rows(out, "records")] == ["Title a", "Title c"]
    assert [row["path"] for row in rows(out, "quarantine")] == ["b.txt"]
    (pages / "b.txt").write_text("Title b\nIt is mended.", encoding="utf-8")
    run(Options((str(pages),), str(out)))
    assert rows(out, "quarantine") == []


def test_fresh_starts_from_an_empty_folder(pages, tmp_path):
    out = tmp_path / "out"
    run(Options((str(pages),), str(out)))
    (pages / "c.txt").unlink()
    run(Options((str(pages),), str(out), fresh=True))
    assert [row["title"] for row in rows(out, "records")] == ["Title a", "Title b"]


BAD = {
    "binary.txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \r\n \xef\xbb\xbf"[:4], "empty"),
    "latin1.txt": ("Über die Brücke".encode("latin-1"), "undecodable"),
    "nuls.txt": ("A title\nA body.".encode("utf-16-le"), "binary"),
}


def test_bad_pages_go_to_quarantine_and_the_others_are_done(pages, tmp_path):
    for name, (content, _) in BAD.items():
        (pages / name).write_bytes(content)
    summary = run(Options((str(pages),), str(tmp_path / "out")))
    found = {row["path"]: row for row in rows(tmp_path / "out", "quarantine")}
    assert {name: row["reason"] for name, row in found.items()} == {name: reason for name, (_, reason) in BAD.items()}
    for name, row in found.items():
        assert row["sha256"] == hashlib.sha256(BAD[name][0]).hexdigest()
        assert row["bytes"] == len(BAD[name][0])
        assert row["detail"]
    assert summary.counts.pages == 3
    assert summary.counts.quarantined.total() == len(BAD)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"A title\r\nOne.\r\n\r\nTwo.", "One.\nTwo."),
        (b"A title\rOne.\rTwo.", "One.\nTwo."),
        (b"A title\nOne.\r\nTwo.\r", "One.\nTwo."),
        (b"\xef\xbb\xbfA title\nOne.\nTwo.", "One.\nTwo."),
        (("A title\nOne.\nTwo." + " " * 99).encode("utf-16"), "One.\nTwo."),
        (b"A title\nOne.\0\nTwo." + b" " * 99, "One.\nTwo."),
    ],
)
def test_line_ends_marks_and_stray_nuls_do_no_harm(tmp_path, content, text):
    (tmp_path / "a.txt").write_bytes(content)
    run(Options((str(tmp_path / "a.txt"),), str(tmp_path / "out")))
    (row,) = rows(tmp_path / "out", "records")
    assert (row["title"], row["text"]) == ("A title", text)


def test_a_line_of_50_megabytes_is_cleaned(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"The ferry was back on Monday. " * 1_700_000)
    summary = run(Options((str(tmp_path / "a.txt"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.chars_kept) == (1, 50_999_999)


def test_a_page_over_the_limit_is_not_read(pages, tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MAX_PAGE_BYTES", 40)
    (pages / "b.txt").write_text("word " * 10, encoding="utf-8")
    run(Options((str(pages),), str(tmp_path / "out"), workers=1))
    (row,) = rows(tmp_path / "out", "quarantine")
    assert (row["path"], row["reason"]) == ("b.txt", "too-large")


def test_a_defect_in_cleaning_costs_one_page(pages, tmp_path, monkeypatch):
    clean_page = shard.clean_page

    def fail_on_b(page, library):
        if page.path == "b.txt":
            raise RuntimeError("no such luck")
        return clean_page(page, library)

    monkeypatch.setattr(shard, "clean_page", fail_on_b)
    run(Options((str(pages),), str(tmp_path / "out"), workers=1))
    (row,) = rows(tmp_path / "out", "quarantine")
    assert (row["path"], row["reason"]) == ("b.txt", "defect")
    assert "RuntimeError: no such luck" in row["detail"]
    assert len(rows(tmp_path / "out", "records")) == 2


def test_a_page_that_vanishes_is_told(pages, tmp_path, monkeypatch):
    open_file = containers.open_file

    def vanish(name):
        if name.endswith("b.txt"):
            Path(name).unlink()
        return open_file(name)

    monkeypatch.setattr(containers, "open_file", vanish)
    run(Options((str(pages),), str(tmp_path / "out"), workers=1))
    (row,) = rows(tmp_path / "out", "quarantine")
    assert (row["reason"], row["detail"], row["sha256"]) == ("unreadable", "No such file or directory", "")


def test_a_sidecar_that_cannot_be_read_is_told(pages, tmp_path):
    (pages / "a.txt.json").write_text('{"captured_at": "2025-07-05T12:00:00Z", "url": "https://example.org/a"}')
    (pages / "b.txt.json").write_text("{")
    (pages / "c.txt.json").write_text('{"captured_at": "yesterday"}')
    run(Options((str(pages),), str(tmp_path / "out"), captured_at="sidecar"))
    bad = rows(tmp_path / "out", "quarantine")
    assert [(row["path"], row["reason"]) for row in bad] == [("b.txt", "sidecar"), ("c.txt", "sidecar")]
    first = rows(tmp_path / "out", "records")[0]
    assert (first["url"], first["page"]["captured_at"]) == ("https://example.org/a", "2025-07-05T12:00:00Z")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root may write to")
def test_a_folder_that_cannot_be_written_is_a_mistake(pages):
    with pytest.raises(UsageError, match=r"/proc/out cannot be written to \(.*\); name another folder with --out"):
        run(Options((str(pages),), "/proc/out"))


def test_an_output_that_is_a_file_is_a_mistake(pages, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="cannot be written to .*; name another folder with --out"):
        run(Options((str(pages),), str(tmp_path / "out")))


def test_the_manifest_tells_what_ran(pages, tmp_path):
    (pages / "d.pdf").write_bytes(b"%PDF")
    summary = run(Options((str(pages),), str(tmp_path / "out")))
    manifest = json.loads((tmp_path / "out" / summary.manifest).read_text(encoding="utf-8"))
    assert manifest["counts"]["rules"] == {"en.ad-line": 3}
    assert manifest["rules"] == rows(tmp_path / "out", "records")[0]["rules"]
    assert [(skip["name"], skip["reason"].split(" (")[0]) for skip in manifest["skipped"]] == [("d.pdf", "not a page")]
    for name, digest in manifest["shards"][0]["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest


def test_a_line_that_is_not_ours_stays_where_it_is(pages, tmp_path):
    (tmp_path / "out" / "records").mkdir(parents=True)
    (tmp_path / "out" / "records" / "mine.jsonl").write_text("{not json\n")
    run(Options((str(pages),), str(tmp_path / "out")))
    assert (tmp_path / "out" / "records" / "mine.jsonl").read_text() == "{not json\n"


def test_where_a_pack_lies_changes_nothing(pages, tmp_path, monkeypatch):
    from tests.test_pack import RULE, toml

    monkeypatch.chdir(tmp_path)
    for name in ("zz", "a0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.toml").write_bytes(toml(RULE | {"line": '["Advertisement"]', "remove": '["Advertisement"]'}))
    for folder in ("zz", "a0", str(tmp_path / "zz")):
        run(Options((str(pages),), str(tmp_path / f"out-{Path(folder).name}-{len(folder)}"), packs=folder))
    found = [files(out) for out in sorted(tmp_path.glob("out-*"))]
    assert len(found) == 3
    assert found[0] == found[1] == found[2]


def test_a_full_disk_fails_the_run_and_leaves_no_part_behind(pages, tmp_path):
    out = tmp_path / "out"
    code = f"""
import resource, signal
from flows.run import Options, run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
run(Options(({str(pages)!r},), {str(out)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert [path for path in out.rglob("*") if path.is_file()] == []


def test_own_packs_hold_beside_the_shipped_ones(pages, tmp_path):
    from tests.test_pack import RULE, toml

    own = tmp_path / "packs"
    own.mkdir()
    (own / "mine.toml").write_bytes(toml(RULE | {"line": '["Body {n}.", "Body b."]', "remove": '["Body b."]'}))
    run(Options((str(pages),), str(tmp_path / "out"), packs=str(own)))
    assert [row["text"] for row in rows(tmp_path / "out", "records")] == ["Body a.", "", "Body c."]
    (own / "mine.toml").write_bytes(toml(RULE | {"keep": '["Share this"]'}))
    with pytest.raises(UsageError, match=r"takes 'Share this' from .*, which it must leave alone; mend the pack"):
        run(Options((str(pages),), str(tmp_path / "out"), packs=str(own)))
    (own / "mine.toml").write_bytes(toml(RULE | {"keep": None}))
    with pytest.raises(UsageError, match=r"mine\.toml: .*keep.*; mend the pack"):
        run(Options((str(pages),), str(tmp_path / "out"), packs=str(own)))
