"""Whether an input has changed, by its stamp and by its fingerprint."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from cleaners import Library, shipped_packs
from flows.inputs.discovery import Source, find_sources
from flows.options import RunOptions
from flows.planning import fingerprint
from flows.planning.fingerprint import code_digest, code_files, current_stamp, input_digest
from flows.planning.planner import RunRequest, _unsettled
from tests.conftest import ROOT

# Modules of `flows` that the deciding ones import, and that change no byte of a shard: they hold, count, name, lock and report.
HARMLESS = {
    "flows.display",
    "flows.errors",
    "flows.layout",
    "flows.execution.progress",
    "flows.output.atomic",
    "flows.output.lock",
    "flows.output.metrics",
    "flows.output.sample",
    "flows.planning.fingerprint",
    "flows.planning.shards",
}


@pytest.fixture
def source(tmp_path) -> Source:
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    return listed(tmp_path)


def listed(folder: Path) -> Source:
    (source,) = find_sources([str(folder / "a.txt")], folder / "out")[0]
    return source


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(module: str) -> set[str]:
    """The modules of the project that a module imports, anywhere in it."""
    file = ROOT / f"{module.replace('.', '/')}.py"
    file = file if file.exists() else ROOT / module.replace(".", "/") / "__init__.py"
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name in MODULES}


MODULES = {module_of(file): file for folder in ("cleaners", "flows") for file in (ROOT / folder).rglob("*.py")}


def test_every_module_that_can_change_a_result_is_in_the_code():
    seen: set[str] = set()
    waiting = {"flows.execution.shard"}
    while waiting:
        seen |= waiting
        waiting = {name for module in waiting for name in imports(module)} - seen - HARMLESS
    assert {MODULES[module] for module in seen} <= set(code_files())


def test_every_module_of_the_cleaning_core_is_in_the_code_and_in_the_rules(monkeypatch):
    core = {file for module, file in MODULES.items() if module.startswith("cleaners")}
    assert core <= set(code_files())
    read: set[Path] = set()
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read.add(file) or whole(file))
    Library(shipped_packs())
    assert core <= read


def test_the_code_is_another_when_a_module_is(tmp_path, monkeypatch):
    copies = []
    for file in code_files():
        copies.append(tmp_path / file.relative_to(ROOT))
        copies[-1].parent.mkdir(parents=True, exist_ok=True)
        copies[-1].write_bytes(file.read_bytes())
    monkeypatch.setattr(fingerprint, "code_files", lambda: copies)
    digests = set()
    for file in (None, *copies):
        whole = file.read_bytes() if file else b""
        if file:
            file.write_bytes(whole + b"#")
        digests.add(code_digest.__wrapped__())
        if file:
            file.write_bytes(whole)
    assert len(digests) == 1 + len(copies)


@pytest.mark.parametrize(
    ("start", "end", "same"),
    [(0, None, b"0123456789"), (4, None, b"456789"), (0, 4, b"0123"), (3, 5, b"34"), (3, 3, b""), (8, 20, b"89")],
)
def test_the_digest_is_that_of_the_bytes_of_the_piece(source, tmp_path, start, end, same, monkeypatch):
    monkeypatch.setattr(fingerprint, "READ_BYTES", 3)
    found = input_digest(Source(source.file, source.name, 0, start, end), "")
    Path(source.file).write_bytes(same)
    assert found == input_digest(source, "")


def test_the_time_of_a_file_counts_where_it_dates_pages(source):
    plain, timed = input_digest(source, ""), input_digest(source, "file-time")
    os.utime(source.file, (1, 1))
    assert input_digest(source, "") == plain
    assert input_digest(source, "file-time") != timed


def test_a_sidecar_counts_where_it_dates_pages(source):
    digests, stamps = set(), set()
    for sidecar in (None, "{}", '{"url": ""}'):
        if sidecar is not None:
            Path(source.file + ".json").write_text(sidecar)
        digests.add(input_digest(source, "sidecar"))
        stamps.add(current_stamp(source, "sidecar"))
        assert current_stamp(source, "") == current_stamp(source, "file-time") == source.stamp
    assert (len(digests), len(stamps)) == (3, 3)
    assert input_digest(source, "") not in digests - {input_digest(source, "")}


def test_a_stamp_changes_with_the_file(source):
    assert current_stamp(source, "") == source.stamp != ""
    os.utime(source.file, ns=(1, 1))
    touched = current_stamp(source, "")
    Path(source.file).write_bytes(b"9876543210")
    os.utime(source.file, ns=(1, 1))  # its size and time are as before
    assert len({source.stamp, touched, current_stamp(source, "")}) == 3


def test_what_is_gone_has_no_stamp_and_no_digest(source):
    Path(source.file).unlink()
    assert current_stamp(source, "") == ""
    with pytest.raises(FileNotFoundError):
        input_digest(source, "")


def test_what_stands_at_an_address_is_not_looked_at():
    source = Source("https://nowhere.invalid/a.txt", "a.txt", 1)
    assert current_stamp(source, "sidecar") == ""


@pytest.mark.parametrize("mtime", [-(10**9), 0, 10**9, 4 * 10**18])
def test_a_file_of_any_time_can_be_looked_at(tmp_path, source, mtime, monkeypatch):
    os.utime(source.file, ns=(mtime, mtime))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert _unsettled([listed(tmp_path)], RunRequest("", "", RunOptions(settle=1))) == set()
