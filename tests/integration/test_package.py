"""The package as others install it: it holds the packs and its types, for strictly typed programs, too."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROGRAM = """
from datetime import UTC, datetime

from cleaners import BadPage, Library, Page, Record, clean_page, decode, read_html, replay, shipped_packs

library = Library(shipped_packs(), strict=True)


def records_of(raw: bytes) -> list[Record]:
    try:
        page = Page(decode(raw), path="a.txt", captured_at=datetime.now(UTC))
    except BadPage as bad:
        print(bad.reason, bad.detail)
        page = read_html(raw, library=library)
    cleaned = clean_page(page, library)
    texts: dict[str, str] = {one.id: replay(page.text, cleaned.segments, one.id, "text") for one in cleaned.records}
    return [one for one in cleaned.records if one.kind != "headline" and texts[one.id] == one.text]
"""


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("package")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of a copy of this project, built without the network."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("cleaners", "flows"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w", "dist", "."]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    (found,) = (copy / "dist").glob("dehusk-*.whl")
    return found


def test_the_wheel_holds_all_modules_all_packs_the_report_and_the_marks_of_types(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = [
        path
        for name in ("cleaners", "flows")
        for path in (ROOT / name).rglob("*")
        if path.suffix in (".py", ".toml", ".typed", ".json") or (path.parent.name == "templates" and path.is_file())
    ]
    assert held == {path.relative_to(ROOT).as_posix() for path in ours}
    some_data = {"cleaners/packs/languages/en.toml", "flows/report/templates/report.html", "flows/output/templates/README.md"}
    assert {"cleaners/py.typed", "flows/py.typed", *some_data} <= held


def test_a_strictly_typed_program_can_use_it(wheel, tmp_path):
    """In an environment of its own that sees all packages of this one but this project."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "env"], cwd=tmp_path, check=True)
    (site,) = tmp_path.glob("env/lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    (site / "others.pth").write_text(sysconfig.get_paths()["purelib"])
    (tmp_path / "program.py").write_text(PROGRAM)
    python = tmp_path / "env" / "bin" / "python"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "program.py"]
    done = subprocess.run(mypy, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    ran = subprocess.run(
        [python, "-c", "import cleaners, program; print(program.records_of(b'A title\\nA body.')[0].text, cleaners.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == f"A body. {site / 'cleaners' / '__init__.py'}"
    (site / "cleaners" / "py.typed").unlink()
    assert "py.typed" in subprocess.run(mypy, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
