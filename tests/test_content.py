"""Whether an input has changed, by its stamp and by its content."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import flows
from flows import content
from flows.content import READING, code, digest_of, stamp_now
from flows.rows import USUAL
from flows.sources import Source, find_sources
from flows.work import Wanted, _moving

# What the reading modules use that decides where bytes come from and go to, but not what is made of them.
CARRIERS = {
    "board",
    "content",
    "counts",
    "errors",
    "kept",
    "lock",
    "rules",
    "sample",
    "shards",
    "sources",
    "storage",
    "writing",
}


@pytest.fixture
def source(tmp_path) -> Source:
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    return listed(tmp_path)


def listed(folder: Path) -> Source:
    (source,) = find_sources([str(folder / "a.txt")], folder / "out")[0]
    return source


def imports(name: str) -> set[str]:
    tree = ast.parse(Path(flows.__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    direct = {node.module.removeprefix("flows.") for node in froms if (node.module or "").startswith("flows.")}
    return direct | {name.name for node in froms if node.module == "flows" for name in node.names}


def test_all_modules_that_decide_what_is_made_of_bytes_are_in_the_code():
    seen: set[str] = set()
    waiting = {"shard"}
    while waiting:
        seen |= waiting
        waiting = {name for module in waiting for name in imports(module)} - seen - CARRIERS
    assert seen == set(READING)


def test_the_code_is_another_when_a_module_is(tmp_path, monkeypatch):
    code.cache_clear()
    before = code()
    for name in READING:
        (tmp_path / f"{name}.py").write_bytes(Path(content.__file__).with_name(f"{name}.py").read_bytes())
    monkeypatch.setattr(content, "__file__", str(tmp_path / "content.py"))
    code.cache_clear()
    try:
        assert code() == before
        with (tmp_path / "rows.py").open("a") as file:
            file.write("#")
        code.cache_clear()
        assert code() != before
    finally:
        code.cache_clear()


@pytest.mark.parametrize(
    ("start", "end", "same"),
    [(0, None, b"0123456789"), (4, None, b"456789"), (0, 4, b"0123"), (3, 5, b"34"), (3, 3, b""), (8, 20, b"89")],
)
def test_the_digest_is_that_of_the_bytes_of_the_piece(source, tmp_path, start, end, same, monkeypatch):
    monkeypatch.setattr(content, "READ_BYTES", 3)
    found = digest_of(Source(source.file, source.name, 0, start, end), "")
    Path(source.file).write_bytes(same)
    assert found == digest_of(source, "")


def test_the_time_of_a_file_counts_where_it_dates_pages(source):
    plain, timed = digest_of(source, ""), digest_of(source, "file-time")
    os.utime(source.file, (1, 1))
    assert digest_of(source, "") == plain
    assert digest_of(source, "file-time") != timed


def test_a_sidecar_counts_where_it_dates_pages(source):
    digests, stamps = set(), set()
    for sidecar in (None, "{}", '{"url": ""}'):
        if sidecar is not None:
            Path(source.file + ".json").write_text(sidecar)
        digests.add(digest_of(source, "sidecar"))
        stamps.add(stamp_now(source, "sidecar"))
        assert stamp_now(source, "") == stamp_now(source, "file-time") == source.stamp
    assert (len(digests), len(stamps)) == (3, 3)
    assert digest_of(source, "") not in digests - {digest_of(source, "")}


def test_a_stamp_changes_with_the_file(source):
    assert stamp_now(source, "") == source.stamp != ""
    os.utime(source.file, ns=(1, 1))
    touched = stamp_now(source, "")
    Path(source.file).write_bytes(b"9876543210")
    os.utime(source.file, ns=(1, 1))  # its size and time are as before
    assert len({source.stamp, touched, stamp_now(source, "")}) == 3


def test_what_is_gone_has_no_stamp_and_no_digest(source):
    Path(source.file).unlink()
    assert stamp_now(source, "") == ""
    with pytest.raises(FileNotFoundError):
        digest_of(source, "")


def test_what_stands_at_an_address_is_not_looked_at():
    source = Source("https://nowhere.invalid/a.txt", "a.txt", 1)
    assert stamp_now(source, "sidecar") == ""


@pytest.mark.parametrize("mtime", [-(10**9), 0, 10**9, 4 * 10**18])
def test_a_file_of_any_time_can_be_looked_at(tmp_path, source, mtime, monkeypatch):
    os.utime(source.file, ns=(mtime, mtime))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert _moving([listed(tmp_path)], Wanted("", "", USUAL, settle=1)) == set()
