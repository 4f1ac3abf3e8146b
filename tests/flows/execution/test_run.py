"""A run end to end, without Prefect: its output for good and bad input."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.errors import UsageError
from flows.execution import context, results, shard
from flows.execution import run as runs
from flows.execution.results import RunSummary
from flows.execution.run import run
from flows.inputs import containers
from flows.inspect.status import status_of
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS, INPUTS
from flows.options import USUAL, RowFields, RunOptions
from flows.output.lock import locked
from flows.planning import code_digest
from flows.planning.database import open_state
from flows.planning.state import State
from tests.support.kills import Killed, killing


def rows(out: Path, folder: str) -> list[dict]:
    lines = [line for path in sorted(out.glob(f"{folder}/*.jsonl")) for line in path.read_text(encoding="utf-8").split("\n")]
    return [json.loads(line) for line in lines if line]


def files(out: Path) -> dict[str, bytes]:
    """Return the lines' files of shards, without those in inputs/, which differ with the shards and the rules."""
    return {str(file.relative_to(out)): file.read_bytes() for name in FOLDERS for file in sorted((out / name).glob("*.jsonl"))}


@pytest.fixture
def pages(tmp_path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"Title {name}\nBody {name}.\nAdvertisement", encoding="utf-8")
    return folder


@pytest.fixture
def in_shards(pages, cut_at) -> Path:
    """Pages, each in a shard of its own."""
    cut_at(10)
    return pages


@pytest.mark.parametrize("step", ["find_drift", "write_manifest", "_report"])
def test_ctrl_c_after_the_last_shard_leaves_nothing_out(step, in_shards, tmp_path, monkeypatch):
    done = getattr(results, step)

    def stopped(*given, **named):
        signal.raise_signal(signal.SIGINT)
        return done(*given, **named)

    monkeypatch.setattr(results, step, stopped)
    summary = run(RunOptions((str(in_shards),), str(tmp_path / "out"), workers=1))
    assert (summary.left, summary.counts.pages, summary.report_problem) == (0, 3, "")
    assert (tmp_path / "out" / summary.manifest).exists()
    assert (tmp_path / "out" / "report.html").exists()
    assert [made.outcome for made in status_of(tmp_path / "out", "", ()).runs] == ["done"]


@pytest.mark.parametrize("ends", [SystemExit(143), KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_what_a_run_has_done_that_is_ended_at_once_is_told_by_a_manifest(ends, in_shards, tmp_path, monkeypatch):
    commit, committed = results._commit, []

    def ended(*given):
        if len(committed) == 2:
            raise ends
        committed.append(given[1].shard)
        commit(*given)

    monkeypatch.setattr(results, "_commit", ended)
    options = RunOptions((str(in_shards),), str(tmp_path / "out"), workers=1)
    with pytest.raises(type(ends)):
        run(options)
    monkeypatch.undo()
    (file,) = (tmp_path / "out" / "runs").iterdir()
    manifest = json.loads(file.read_text())
    assert ([shard["name"] for shard in manifest["shards"]], manifest["left"]) == (committed, 1)
    assert manifest["counts"]["pages"] == 2
    assert [made.outcome for made in status_of(tmp_path / "out", "", ()).runs] == ["stopped"]
    assert run(options).counts.pages == 1


def test_the_seeds_become_eight_records(seeds, tmp_path):
    summary = run(RunOptions((str(seeds),), str(tmp_path / "out"), captured_at="2025-07-05T12:00:00Z"))
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
    run(RunOptions((str(seeds),), str(tmp_path)))
    keys = (
        "id kind title text source published published_raw published_precision category authors tags language url attribution "
        "confidence flags parent_id position page text_sha256 duplicate_of rules"
    ).split()
    for row in rows(tmp_path, "records"):
        assert list(row) == keys
        assert list(row["page"]) == ["id", "path", "url", "site", "layout", "type", "captured_at"]
        assert all(value is not None for value in (*row.values(), *row["page"].values()))
        assert row["text_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()


def test_the_same_input_gives_the_same_bytes_whatever_the_workers(pages, tmp_path, cut_at):
    cut_at(40)
    run(RunOptions((str(pages),), str(tmp_path / "one"), workers=1))
    run(RunOptions((str(pages),), str(tmp_path / "two"), workers=2))
    assert len(files(tmp_path / "one")) == 6
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_second_run_replaces_pages_and_keeps_the_others(pages, tmp_path):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out)))
    first = files(out)
    run(RunOptions((str(pages),), str(out)))
    assert files(out) == first
    (pages / "b.txt").write_text("Title b\nA new body.", encoding="utf-8")
    (pages / "c.txt").unlink()
    run(RunOptions((str(pages),), str(out)))
    assert {row["title"]: row["text"] for row in rows(out, "records")} == {
        "Title a": "Body a.",
        "Title b": "A new body.",
        "Title c": "Body c.",
    }
    assert sorted(row["page"]["path"] for row in rows(out, "audit")) == ["a.txt", "b.txt", "c.txt"]


def test_a_page_that_turns_bad_leaves_its_old_records(pages, tmp_path):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out)))
    (pages / "b.txt").write_bytes(b"\xff\xff")
    run(RunOptions((str(pages),), str(out)))
    assert [row["title"] for row in rows(out, "records")] == ["Title a", "Title c"]
    assert [row["path"] for row in rows(out, "quarantine")] == ["b.txt"]
    (pages / "b.txt").write_text("Title b\nIt is mended.", encoding="utf-8")
    run(RunOptions((str(pages),), str(out)))
    assert rows(out, "quarantine") == []


def test_fresh_starts_from_an_empty_folder(pages, tmp_path):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out)))
    (pages / "c.txt").unlink()
    run(RunOptions((str(pages),), str(out), fresh=True))
    assert [row["title"] for row in rows(out, "records")] == ["Title a", "Title b"]


@pytest.mark.parametrize("removed", [0, 1, 3])
def test_a_fresh_run_that_is_killed_while_it_clears_the_folder_is_gone_on_with(in_shards, tmp_path, monkeypatch, removed):
    out = tmp_path / "out"
    run(RunOptions((str(in_shards),), str(out), workers=1))
    (in_shards / "b.txt").unlink()
    run(RunOptions((str(in_shards),), str(tmp_path / "anew"), workers=1))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killing(Path.unlink, removed))
        with pytest.raises(Killed):
            run(RunOptions((str(in_shards),), str(out), workers=1, fresh=True))
    run(RunOptions((str(in_shards),), str(out), workers=1))
    assert files(out) == files(tmp_path / "anew")


BAD = {
    "binary.txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \r\n \xef\xbb\xbf"[:4], "empty"),
    "half.txt": (b"\xff\xfe\x00", "undecodable"),
    "nuls.txt": ("A title\nA body.".encode("utf-16-le"), "binary"),
}


def test_bad_pages_go_to_quarantine_and_the_others_are_done(pages, tmp_path):
    for name, (content, _) in BAD.items():
        (pages / name).write_bytes(content)
    summary = run(RunOptions((str(pages),), str(tmp_path / "out")))
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
    run(RunOptions((str(tmp_path / "a.txt"),), str(tmp_path / "out")))
    (row,) = rows(tmp_path / "out", "records")
    assert (row["title"], row["text"]) == ("A title", text)


def test_a_line_of_50_megabytes_is_cleaned(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"The ferry was back on Monday. " * 1_700_000)
    summary = run(RunOptions((str(tmp_path / "a.txt"),), str(tmp_path / "out")))
    assert (summary.counts.pages, summary.counts.chars_kept) == (1, 50_999_999)


def test_a_page_over_the_limit_is_not_read(pages, tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MAX_PAGE_BYTES", 40)
    (pages / "b.txt").write_text("word " * 10, encoding="utf-8")
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    (row,) = rows(tmp_path / "out", "quarantine")
    assert (row["path"], row["reason"]) == ("b.txt", "too-large")


def test_a_defect_in_cleaning_costs_one_page(pages, tmp_path, monkeypatch):
    clean_page = shard.clean_page

    def fail_on_b(page, library):
        if page.path == "b.txt":
            raise RuntimeError("no such luck")
        return clean_page(page, library)

    monkeypatch.setattr(shard, "clean_page", fail_on_b)
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
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
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    (row,) = rows(tmp_path / "out", "quarantine")
    assert (row["reason"], row["detail"], row["sha256"]) == ("unreadable", "No such file or directory", "")


def test_a_sidecar_that_cannot_be_read_is_told(pages, tmp_path):
    (pages / "a.txt.json").write_text('{"captured_at": "2025-07-05T12:00:00Z", "url": "https://example.org/a"}')
    (pages / "b.txt.json").write_text("{")
    (pages / "c.txt.json").write_text('{"captured_at": "yesterday"}')
    run(RunOptions((str(pages),), str(tmp_path / "out"), captured_at="sidecar"))
    bad = rows(tmp_path / "out", "quarantine")
    assert [(row["path"], row["reason"]) for row in bad] == [("b.txt", "sidecar"), ("c.txt", "sidecar")]
    first = rows(tmp_path / "out", "records")[0]
    assert (first["url"], first["page"]["captured_at"]) == ("https://example.org/a", "2025-07-05T12:00:00Z")


def test_an_unknown_engine_is_a_mistake(pages, tmp_path):
    with pytest.raises(UsageError, match="there is no engine 'ray'; use local or dask"):
        run(RunOptions((str(pages),), str(tmp_path / "out"), engine="ray"))
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root may write to")
def test_a_folder_that_cannot_be_written_is_a_mistake(pages):
    with pytest.raises(UsageError, match=r"/proc/out cannot be written to \(.*\); name another folder with --out"):
        run(RunOptions((str(pages),), "/proc/out"))


def test_an_output_that_is_a_file_is_a_mistake(pages, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="cannot be written to .*; name another folder with --out"):
        run(RunOptions((str(pages),), str(tmp_path / "out")))


def test_the_manifest_tells_what_ran(pages, tmp_path):
    (pages / "d.pdf").write_bytes(b"%PDF")
    summary = run(RunOptions((str(pages),), str(tmp_path / "out")))
    manifest = json.loads((tmp_path / "out" / summary.manifest).read_text(encoding="utf-8"))
    assert manifest["counts"]["rules"] == {"en.ad-line": 3}
    assert manifest["rules"] == rows(tmp_path / "out", "records")[0]["rules"]
    assert [(skip["name"], skip["reason"].split(" (")[0]) for skip in manifest["skipped"]] == [("d.pdf", "not a page")]
    for name, digest in manifest["shards"][0]["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest


def test_a_line_that_is_not_ours_stays_where_it_is(pages, tmp_path):
    (tmp_path / "out" / "records").mkdir(parents=True)
    (tmp_path / "out" / "records" / "mine.jsonl").write_text("{not json\n")
    run(RunOptions((str(pages),), str(tmp_path / "out")))
    assert (tmp_path / "out" / "records" / "mine.jsonl").read_text() == "{not json\n"


def test_where_a_pack_lies_changes_nothing(pages, tmp_path, monkeypatch):
    from tests.cleaners.rules.test_model import RULE, toml

    monkeypatch.chdir(tmp_path)
    for name in ("zz", "a0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.toml").write_bytes(toml(RULE | {"line": '["Advertisement"]', "remove": '["Advertisement"]'}))
    for folder in ("zz", "a0", str(tmp_path / "zz")):
        run(RunOptions((str(pages),), str(tmp_path / f"out-{Path(folder).name}-{len(folder)}"), packs=folder))
    found = [files(out) for out in sorted(tmp_path.glob("out-*"))]
    assert len(found) == 3
    assert found[0] == found[1] == found[2]


def test_a_full_disk_fails_the_shard_and_leaves_no_part_behind(pages, tmp_path):
    (pages / "d.txt").write_text("\n".join(["Title d", *(f"The {i}th line of a long body." for i in range(9_000))]))
    out = tmp_path / "out"
    command = ["run", str(pages), "--out", str(out), "--no-prefect", "--settle", "0", "--workers", "1"]
    code = f"""
import resource, signal
from flows.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
main({command!r})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "was not cleaned: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(out) == {}
    assert list(out.rglob("*.part")) == []
    assert len(rows(out, "records")) == 0
    run(RunOptions((str(pages),), str(out)))
    run(RunOptions((str(pages),), str(tmp_path / "undisturbed")))
    assert files(out) == files(tmp_path / "undisturbed") != {}


def test_own_packs_hold_beside_the_shipped_ones(pages, tmp_path):
    from tests.cleaners.rules.test_model import RULE, toml

    own = tmp_path / "packs"
    own.mkdir()
    (own / "mine.toml").write_bytes(toml(RULE | {"line": '["Body {n}.", "Body b."]', "remove": '["Body b."]'}))
    run(RunOptions((str(pages),), str(tmp_path / "out"), packs=str(own)))
    assert [row["text"] for row in rows(tmp_path / "out", "records") if row["text"]] == ["Body a.", "Body c."]
    (own / "mine.toml").write_bytes(toml(RULE | {"keep": '["Share this"]'}))
    with pytest.raises(UsageError, match=r"takes 'Share this' from .*, which it must leave alone; mend the pack"):
        run(RunOptions((str(pages),), str(tmp_path / "out"), packs=str(own)))
    (own / "mine.toml").write_bytes(toml(RULE | {"keep": None}))
    with pytest.raises(UsageError, match=r"mine\.toml: .*keep.*; mend the pack"):
        run(RunOptions((str(pages),), str(tmp_path / "out"), packs=str(own)))


def entries(out: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return the inode, time and content of each file, which change when it is written."""
    found = (path for name in FOLDERS for path in (out / name).iterdir())
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def clean(pages: Path, **more: object) -> RunSummary:
    return run(RunOptions((str(pages),), str(pages.parent / "out"), **more))


def titles(pages: Path) -> list[str]:
    return sorted(row["title"] for row in rows(pages.parent / "out", "records"))


def lines(out: Path) -> list[bytes]:
    return sorted(line for content in files(out).values() for line in content.splitlines())


def test_a_second_run_does_nothing(pages, tmp_path):
    clean(pages)
    before = entries(tmp_path / "out")
    summary = clean(pages)
    assert entries(tmp_path / "out") == before != {}
    assert (summary.unchanged, summary.counts.pages, summary.manifest, summary.failed) == (3, 0, "", [])
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 1


@pytest.mark.parametrize(
    ("names", "says"),
    [(("a", "b"), "1 input is as it was"), ((), "3 inputs are as they were")],
)
def test_a_second_run_says_that_it_does_nothing(pages, tmp_path, names, says):
    for name in names:
        (pages / f"{name}.txt").unlink()
    command = ["run", str(pages), "--out", str(tmp_path / "out"), "--no-prefect", "--settle", "0"]
    assert "│ pages " in CliRunner().invoke(main, command).stdout
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, again.stdout, again.stderr) == (0, f"dehusk: nothing new; {says}\n", "")
    row = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert (row["pages"], row["unchanged"], row["manifest"]) == (0, 3 - len(names), "")


def test_a_run_beside_another_is_skipped(pages, tmp_path):
    clean(pages)
    (pages / "b.txt").write_text("Title b\nNew.")
    before = entries(tmp_path / "out")
    with locked(tmp_path / "out"):
        done = CliRunner().invoke(main, ["run", str(pages), "--out", str(tmp_path / "out"), "--no-prefect"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"dehusk: skipped: another run is at work in {tmp_path / 'out'}\n"
    assert entries(tmp_path / "out") == before


def test_a_second_run_reads_no_page(pages, monkeypatch):
    clean(pages)
    (pages / "b.txt").write_text("Title b\nNew.")
    clean(pages)
    monkeypatch.setattr("flows.planning.comparison.input_digest", lambda *_: pytest.fail("it is read"))
    assert clean(pages).unchanged == 3


def test_what_a_killed_run_has_left_is_taken_away(pages, tmp_path):
    clean(pages)
    (tmp_path / "out" / ".stdin-x").mkdir()
    (tmp_path / "out" / ".stdin-x" / "stdin").write_text("Half a")
    (tmp_path / "out" / "records" / "00009-0123456789ab.jsonl.1-a.part").write_text("Half a")
    clean(pages)
    assert [*tmp_path.rglob("*.part"), *tmp_path.rglob(".stdin-*")] == []


def test_what_was_only_touched_is_not_done_again(pages, tmp_path):
    clean(pages)
    before = entries(tmp_path / "out")
    (pages / "a.txt").write_bytes((pages / "a.txt").read_bytes())
    os.utime(pages / "b.txt", (1, 1))
    (pages / "c.txt").replace(pages / "new")
    (pages / "new").replace(pages / "c.txt")
    assert (clean(pages).unchanged, entries(tmp_path / "out")) == (3, before)


def test_what_is_new_goes_into_a_new_shard_and_no_file_is_touched(pages, tmp_path):
    clean(pages)
    before = entries(tmp_path / "out")
    (pages / "aa.txt").write_text("Title aa\nNew.")
    assert (clean(pages).counts.pages, titles(pages)) == (1, ["Title a", "Title aa", "Title b", "Title c"])
    after = entries(tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2


def test_lines_of_other_inputs_are_kept_byte_by_byte(pages, tmp_path, monkeypatch):
    (pages / "bad.txt").write_bytes(b"\xff")
    clean(pages)
    before = [line for line in lines(tmp_path / "out") if b'"b.txt"' not in line]
    (pages / "b.txt").write_text("Title b\nA new body.")
    clean_page = shard.clean_page
    monkeypatch.setattr(shard, "clean_page", lambda page, rules: clean_page(page, rules) if page.path == "b.txt" else 1 / 0)
    summary = clean(pages, workers=1)
    assert (summary.counts.pages, summary.unchanged, summary.counts.quarantined) == (1, 3, {})
    assert [line for line in lines(tmp_path / "out") if b'"b.txt"' not in line] == before
    assert [row["text"] for row in rows(tmp_path / "out", "records")] == ["Body a.", "A new body.", "Body c."]


@pytest.mark.parametrize(
    "other",
    [{"strict": True}, {"site_packs": False}, {"captured_at": "2025-07-05T12:00:00Z"}, {"captured_at": "file-time"},
     {"fields": RowFields(text="body")}, {"packs": "packs"}],
    ids=str,
)  # fmt: skip
def test_other_options_do_all_again(pages, tmp_path, monkeypatch, other):
    from tests.cleaners.rules.test_model import RULE, toml

    monkeypatch.chdir(tmp_path)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "mine.toml").write_bytes(toml(RULE))
    clean(pages)
    first = files(tmp_path / "out")
    assert (clean(pages, **other).counts.pages, clean(pages, **other).unchanged) == (3, 3)
    run(RunOptions((str(pages),), str(tmp_path / "fresh"), **other))
    assert files(tmp_path / "out") == files(tmp_path / "fresh")
    assert (clean(pages).counts.pages, files(tmp_path / "out")) == (3, first)


def test_a_changed_pack_does_all_again(pages, tmp_path):
    from tests.cleaners.rules.test_model import RULE, toml

    (tmp_path / "packs").mkdir()
    for gone in ("a", "b"):
        rule = RULE | {"line": f'["Body {gone}."]', "remove": f'["Body {gone}."]'}
        (tmp_path / "packs" / "mine.toml").write_bytes(toml(rule))
        assert clean(pages, packs=str(tmp_path / "packs")).counts.pages == 3
        texts = {row["title"][-1]: row["text"] for row in rows(tmp_path / "out", "records")}
        assert [name for name, text in texts.items() if not text] == [gone]
    assert clean(pages, packs=str(tmp_path / "packs")).unchanged == 3


def test_other_code_does_all_again(pages, monkeypatch):
    clean(pages)
    for module in (shard, context, code_digest):
        monkeypatch.setattr(module, "code_digest", lambda: "other")
    assert clean(pages, workers=1).counts.pages == 3
    assert clean(pages, workers=1).unchanged == 3


def test_inputs_that_are_gone_keep_their_records_unless_pruned(pages, tmp_path):
    clean(pages)
    before = entries(tmp_path / "out")
    (pages / "b.txt").unlink()
    assert (clean(pages).unchanged, entries(tmp_path / "out")) == (2, before)
    summary = clean(pages, prune=True)
    assert (summary.counts.pages, summary.unchanged, titles(pages)) == (0, 2, ["Title a", "Title c"])
    assert [row["page"]["path"] for row in rows(tmp_path / "out", "audit")] == ["a.txt", "c.txt"]
    (pages / "b.txt").write_text("Title b\nIt is back.")
    assert (clean(pages).counts.pages, titles(pages)) == (1, ["Title a", "Title b", "Title c"])


def test_a_shard_of_which_all_is_pruned_goes(pages, tmp_path, cut_at):
    cut_at(20)
    clean(pages)
    (pages / "c.txt").unlink()
    clean(pages, prune=True)
    assert sorted(name[:13] for name in files(tmp_path / "out")) == [
        "audit/00000-1", "audit/00001-f", "records/00000", "records/00001"
    ]  # fmt: skip
    assert clean(pages).unchanged == 2


def test_an_input_of_another_name_is_another(pages, tmp_path):
    clean(pages)
    (pages / "b.txt").rename(pages / "d.txt")
    assert (clean(pages).counts.pages, titles(pages)) == (1, ["Title a", "Title b", "Title b", "Title c"])
    clean(pages, prune=True)
    assert [row["page"]["path"] for row in rows(tmp_path / "out", "records")] == ["a.txt", "c.txt", "d.txt"]


def test_quarantine_is_tried_again_when_asked_for(pages, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        clean_page = shard.clean_page
        patch.setattr(shard, "clean_page", lambda page, rules: clean_page(page, rules) if page.path != "b.txt" else 1 / 0)
        clean(pages, workers=1)
    assert [row["path"] for row in rows(tmp_path / "out", "quarantine")] == ["b.txt"]
    assert (clean(pages).unchanged, titles(pages)) == (3, ["Title a", "Title c"])
    summary = clean(pages, retry_quarantine=True)
    assert (summary.counts.pages, summary.unchanged, titles(pages)) == (1, 2, ["Title a", "Title b", "Title c"])
    assert rows(tmp_path / "out", "quarantine") == []
    assert clean(pages, retry_quarantine=True).unchanged == 3


def meanwhile(monkeypatch, change):
    """Have something change after the inputs were listed and before they are read."""
    cleaned = runs.clean_shards

    def change_first(*arguments):
        change()
        yield from cleaned(*arguments)

    monkeypatch.setattr(runs, "clean_shards", change_first)


@pytest.mark.parametrize("how", [{"strict": True}, {}])
def test_a_file_that_is_written_while_a_run_is_on_is_left_to_the_next(pages, tmp_path, monkeypatch, how):
    clean(pages)
    before = [line for line in lines(tmp_path / "out") if b'"b.txt"' in line]
    for name in ("a", "b"):
        (pages / f"{name}.txt").write_text(f"Title {name}\nHalf a")
    (pages / "d.txt").write_text("Title d\nHalf a")
    with monkeypatch.context() as patch:
        meanwhile(patch, lambda: [(pages / f"{name}.txt").write_text(f"Title {name}\nA whole body.") for name in "bd"])
        summary = clean(pages, **how)
    assert (summary.unsettled, summary.counts.pages) == (["b.txt", "d.txt"], 2 if how else 1)
    assert [line for line in lines(tmp_path / "out") if b'"b.txt"' in line] == before
    assert titles(pages) == ["Title a", "Title b", "Title c"]
    summary = clean(pages, **how)
    assert (summary.unsettled, summary.counts.pages, summary.unchanged) == ([], 2, 2)
    assert [row["text"] for row in rows(tmp_path / "out", "records") if row["title"][-1] in "bd"] == ["A whole body."] * 2


def test_a_file_in_pieces_that_is_written_is_named_once(tmp_path, cut_at, monkeypatch):
    cut_at(100)
    (tmp_path / "pages").mkdir()
    file = tmp_path / "pages" / "a.jsonl"
    file.write_bytes(ROW * 9)
    with monkeypatch.context() as patch:
        meanwhile(patch, lambda: file.write_bytes(ROW * 10))
        assert clean(tmp_path / "pages", workers=1).unsettled == ["a.jsonl"]
    assert clean(tmp_path / "pages", workers=1).counts.pages == 10


def test_a_new_input_that_is_removed_while_a_run_is_on_is_told_and_forgotten(pages, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        meanwhile(patch, (pages / "b.txt").unlink)
        assert clean(pages).counts.quarantined == {"unreadable": 1}
    assert [row["path"] for row in rows(tmp_path / "out", "quarantine")] == ["b.txt"]
    assert (clean(pages).unchanged, rows(tmp_path / "out", "quarantine")) == (2, [])
    assert titles(pages) == ["Title a", "Title c"]


@pytest.mark.parametrize("how", [{"strict": True}, {}])
def test_an_input_that_is_removed_while_a_run_is_on_keeps_its_records(pages, tmp_path, monkeypatch, how):
    clean(pages)
    before = [line for line in lines(tmp_path / "out") if b'"b.txt"' in line]
    (pages / "b.txt").write_text("Title b\nNew.")
    with monkeypatch.context() as patch:
        meanwhile(patch, (pages / "b.txt").unlink)
        assert not clean(pages, **how).counts.quarantined
    for _ in range(2):
        assert [line for line in lines(tmp_path / "out") if b'"b.txt"' in line] == before
        assert clean(pages, **how).unchanged == 2
    clean(pages, prune=True, **how)
    assert titles(pages) == ["Title a", "Title c"]


ROW = b'{"text": "Row\\nBody."}\n'


def pieces(out: Path) -> list[tuple[str, int, int | None]]:
    with open_state(out) as state:
        return sorted((known.name, known.start, known.end) for known in state.known())


@pytest.mark.parametrize(("before", "after"), [(12, 30), (12, 13), (12, 2), (2, 12), (12, 4), (4, 0), (30, 12), (5, 12)])
@pytest.mark.parametrize("first", [b"", b'{"text": "A longer row\\nWith another body."}\n'])
def test_a_large_file_may_grow_and_shrink(tmp_path, cut_at, before, after, first):
    cut_at(100)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "b.txt").write_text("Title\nBody.")
    for number, head in ((before, b""), (after, first)):
        (tmp_path / "pages" / "a.jsonl").write_bytes(head + ROW * number)
        clean(tmp_path / "pages", workers=1)
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "fresh"), workers=1))
    assert lines(tmp_path / "out") == lines(tmp_path / "fresh")
    assert pieces(tmp_path / "out") == pieces(tmp_path / "fresh")
    assert clean(tmp_path / "pages", workers=1).unchanged == 2


def test_of_a_large_file_that_grows_only_its_end_is_done(tmp_path, cut_at):
    cut_at(100)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.jsonl").write_bytes(ROW * 40)
    assert clean(tmp_path / "pages", workers=1).counts.pages == 40
    (tmp_path / "pages" / "a.jsonl").write_bytes(ROW * 41)
    assert clean(tmp_path / "pages", workers=1).counts.pages <= 6


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_state_that_is_lost_is_told_in_a_sentence(pages, tmp_path, folder):
    (pages / "bad.txt").write_bytes(b"\xff")
    clean(pages)
    first = files(tmp_path / "out")
    (tmp_path / "out" / "state.db").unlink()
    for name in {*FOLDERS, INPUTS} - {folder}:
        shutil.rmtree(tmp_path / "out" / name)
    with pytest.raises(
        UsageError, match=r"jsonl is there, but the state knows of no run; dehusk repair .* --fresh begins anew"
    ):
        clean(pages)
    assert not (tmp_path / "out" / "state.db").exists()
    assert [*files(tmp_path / "out")] == [name for name in first if name.startswith(folder)]
    clean(pages, fresh=True)
    assert files(tmp_path / "out") == first


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_that_is_lost_is_made_again(pages, tmp_path, folder):
    (pages / "bad.txt").write_bytes(b"\xff")
    clean(pages)
    first = files(tmp_path / "out")
    for file in (tmp_path / "out" / folder).iterdir():
        file.unlink()
    assert clean(pages).unchanged == 0
    assert files(tmp_path / "out") == first


def test_the_state_of_another_folder_is_refused(pages, tmp_path):
    url = f"sqlite:///{tmp_path}/all.db"
    for _ in range(2):
        summary = run(RunOptions((str(pages),), str(tmp_path / "one"), state=url))
    assert summary.unchanged == 3
    with pytest.raises(UsageError, match="the state is that of another output folder; name another database, or begin"):
        run(RunOptions((str(pages),), str(tmp_path / "two"), state=url))
    assert files(tmp_path / "two") == {}
    assert not list(tmp_path.rglob("state.db"))
    run(RunOptions((str(pages),), str(tmp_path / "two"), state=url, fresh=True))
    assert files(tmp_path / "two") == files(tmp_path / "one")


def test_a_state_may_be_named_by_the_environment(pages, tmp_path, monkeypatch):
    monkeypatch.setenv("DEHUSK_STATE", f"sqlite:///{tmp_path}/all.db")
    assert (clean(pages).counts.pages, clean(pages).unchanged) == (3, 3)
    assert (tmp_path / "all.db").exists()
    assert not (tmp_path / "out" / "state.db").exists()


@pytest.mark.parametrize("then", [{}, {"prune": True}, {"strict": True}])
def test_a_run_that_ends_before_it_is_written_down_is_made_good(pages, tmp_path, monkeypatch, then):
    clean(pages)
    content = (pages / "b.txt").read_bytes()
    (pages / "b.txt").write_text("Title b\nThis was taken back.")
    (pages / "c.txt").unlink()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(State, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        clean(pages, workers=1, prune=True, strict=True)
    assert b"taken back" in b"".join(lines(tmp_path / "out"))
    (pages / "b.txt").write_bytes(content)
    (pages / "c.txt").write_text("Title c\nBody c.\nAdvertisement")
    clean(pages, **then)
    run(RunOptions((str(pages),), str(tmp_path / "fresh"), **then))
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_standard_input_is_known_by_its_content(tmp_path, monkeypatch):
    for content, pages_done in ((b"One\nBody.", 1), (b"One\nBody.", 0), (b"Two\nBody.", 1), (b"One\nBody.", 0)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        summary = run(RunOptions(("-",), str(tmp_path / "out")))
        assert (summary.counts.pages, summary.unchanged) == (pages_done, 1 - pages_done)
    assert [row["title"] for row in rows(tmp_path / "out", "records")] == ["One", "Two"]
    assert list((tmp_path / "out").glob(".stdin-*")) == []


@pytest.mark.parametrize(("after", "left"), [(1, ["Title a", "Title b", "Title c"]), (2, ["Title a", "Title c"])])
def test_what_a_killed_run_tore_is_whole_again_though_its_input_is_gone(pages, tmp_path, monkeypatch, after, left):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    (pages / "b.txt").write_text("Title b\nA new body.")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killing(Path.replace, after))
        with pytest.raises(Killed):
            run(RunOptions((str(pages),), str(out), workers=1))
    (pages / "b.txt").unlink()
    run(RunOptions((str(pages),), str(out), workers=1))
    assert list(verify_output(out, (), "", USUAL)) == []
    assert [row["title"] for row in rows(out, "records")] == left


def test_an_input_that_cannot_be_read_for_a_while_is_tried_again(pages, tmp_path, monkeypatch):
    open_file = containers.open_file

    def fail_once(name):
        if name.endswith("b.txt"):
            monkeypatch.setattr(containers, "open_file", open_file)
            raise OSError(errno.EIO, "Input/output error")
        return open_file(name)

    monkeypatch.setattr(containers, "open_file", fail_once)
    out = tmp_path / "out"
    assert run(RunOptions((str(pages),), str(out), workers=1)).counts.quarantined == {"unreadable": 1}
    assert run(RunOptions((str(pages),), str(out), workers=1)).counts.pages == 1
    assert [row["title"] for row in rows(out, "records")] == ["Title a", "Title b", "Title c"]
    assert run(RunOptions((str(pages),), str(out), workers=1)).manifest == ""


def test_records_of_an_input_that_is_gone_outlive_any_number_of_killed_runs(pages, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    (pages / "b.txt").unlink()
    for text in ("one", "two", "three"):
        (pages / "a.txt").write_text(f"Title a\nThe body is {text}.")
        with monkeypatch.context() as patch:
            patch.setattr(State, "commit", killing(State.commit, 0))
            with pytest.raises(Killed):
                run(RunOptions((str(pages),), str(out), workers=1))
        assert run(RunOptions((str(pages),), str(out), workers=1)).lost == []
        assert [row["text"] for row in rows(out, "records")] == [f"The body is {text}.", "Body b.", "Body c."]
        with open_state(out) as state:
            assert all(row.made_by for row in state.known())


def _replaced(content: bytes) -> bytes:
    return content.replace(b"Body a.", b"Body x.")


@pytest.mark.parametrize("folder", ["records", "audit"])
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: b"", "has 0 bytes, not"),
        (lambda content: content[:-9], "bytes, not"),
        (lambda content: bytes(len(content)), "is not as it was written"),
        (None, "is missing"),
    ],
)
def test_a_damaged_shard_is_told_and_cleaned_again(pages, tmp_path, folder, damage, words):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    before = files(out)
    (file,) = (out / folder).glob("*.jsonl")
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage(file.read_bytes()))
    summary = run(RunOptions((str(pages),), str(out), workers=1))
    assert len(summary.damaged) == 1 and summary.damaged[0].startswith(f"{folder}/{file.name} ") and words in summary.damaged[0]
    assert (files(out), summary.failed, summary.lost, summary.counts.pages) == (before, [], [], 3)
    assert list(verify_output(out, [str(pages)], "", USUAL)) == []
    assert run(RunOptions((str(pages),), str(out), workers=1)).manifest == ""


def test_damage_without_a_trace_in_size_or_time_is_found_before_lines_are_kept(pages, tmp_path):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    (records,) = out.glob("records/*.jsonl")
    status = records.stat()
    records.write_bytes(_replaced(records.read_bytes()))
    os.utime(records, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert run(RunOptions((str(pages),), str(out), workers=1)).damaged == []
    (pages / "b.txt").write_text("Title b\nA new body.")
    summary = run(RunOptions((str(pages),), str(out), workers=1))
    assert summary.damaged == [f"records/{records.name} is not as it was written"]
    assert [row["text"] for row in rows(out, "records")] == ["Body a.", "A new body.", "Body c."]
    assert list(verify_output(out, [str(pages)], "", USUAL)) == []


@pytest.mark.parametrize(("gone", "lost"), [("b.txt", []), ("a.txt", ["a.txt"])])
def test_sound_lines_of_inputs_that_are_gone_outlive_the_damage_of_others(pages, tmp_path, gone, lost):
    out = tmp_path / "out"
    run(RunOptions((str(pages),), str(out), workers=1))
    (records,) = out.glob("records/*.jsonl")
    records.write_bytes(_replaced(records.read_bytes()))
    (pages / gone).unlink()
    summary = run(RunOptions((str(pages),), str(out), workers=1))
    assert (summary.lost, len(summary.damaged)) == (lost, 1)
    left = ["Body a.", "Body b.", "Body c."] if not lost else ["Body b.", "Body c."]
    assert [row["text"] for row in rows(out, "records")] == left
    assert list(verify_output(out, [str(pages)], "", USUAL)) == []
    assert run(RunOptions((str(pages),), str(out), workers=1)).manifest == ""


def test_a_copied_folder_is_as_good_as_the_first(pages, tmp_path):
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    shutil.copytree(tmp_path / "out", tmp_path / "copy", copy_function=shutil.copyfile)
    for _ in range(2):
        summary = run(RunOptions((str(pages),), str(tmp_path / "copy"), workers=1))
        assert (summary.manifest, summary.damaged) == ("", [])
    assert list(verify_output(tmp_path / "copy", [str(pages)], "", USUAL)) == []
