"""The table at the end of a run: files that were refused or passed over are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.execution.run import run
from flows.options import RunOptions

PDF, PAGE = b"%PDF-1.7 x", b"Ferry returns\nThe ferry is back."


def table(folder: Path, *options: str) -> list[str]:
    """Return the lines of the table at the end of a run, without its frame."""
    done = CliRunner().invoke(main, ["run", str(folder), "--out", str(folder.parent / "out"), "--no-prefect", *options])
    assert done.exit_code == 0
    return [" ".join(line.strip("│").split("│")).rstrip() for line in done.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_bytes(PAGE)
    return tmp_path / "pages"


def after(lines: list[str], name: str, number: int) -> list[list[str]]:
    at = next(i for i, line in enumerate(lines) if line.strip().startswith(name))
    return [line.split() for line in lines[at : at + number]]


def test_bad_pages_are_named_below_their_reason(folder):
    for name in ("b.txt", "c.html"):
        (folder / name).write_bytes(PDF)
    (folder / "map.xml").write_text("<urlset></urlset>", encoding="utf-8")
    lines = table(folder)
    assert after(lines, "binary", 3) == [["binary", "2"], ["b.txt"], ["c.html"]]
    assert after(lines, "not-a-page", 2) == [["not-a-page", "1"], ["map.xml"]]


def test_the_first_files_that_were_passed_over_are_named(folder):
    for i in range(5):
        (folder / f"{i}.docx").write_bytes(PAGE)
    (folder / "a.txt.json").write_text("{}", encoding="utf-8")
    lines = table(folder)
    assert after(lines, "not a page", 5) == [
        ["not", "a", "page", "5"],
        ["0.docx"],
        ["1.docx"],
        ["2.docx"],
        ["and", "2", "more"],
    ]
    assert after(lines, "sidecar", 2) == [["sidecar", "of", "a", "page", "1"], ["seconds", lines[-3].split()[-1]]]


def test_a_name_in_the_table_is_short_and_of_one_line(folder):
    (folder / f"\x1b[31m{'n' * 150}.docx").write_bytes(PAGE)
    (folder / "b\nc.docx").write_bytes(PAGE)
    lines = table(folder)
    assert "\x1b" not in "".join(lines)
    assert any(line.strip() == f"…{'n' * 55}.docx" for line in lines)
    assert any(line.split() == ["b", "c.docx"] for line in lines)


def test_the_names_are_the_same_whatever_the_workers(folder, cut_at):
    cut_at(5)
    for i in range(20):
        (folder / f"{i:02}.txt").write_bytes(PDF)
    refused = [run(RunOptions((str(folder),), str(folder.parent / str(n)), workers=n)).refused for n in (1, 2)]
    assert refused[0] == refused[1] == {"binary": [f"{i:02}.txt" for i in range(5)]}
