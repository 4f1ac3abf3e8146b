"""The whole project is in one style, typed, in layers, in plain English, and in modules that are short."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaners.rules.load import read_pack, shipped_packs
from tests.conftest import ROOT
from tests.support import processes
from tests.support.services import TOOLS

PACKAGES = ("cleaners", "flows")
LONGEST_MODULE = 260
RELATIVES = re.compile(r"\b(what|which|whose)\b", re.IGNORECASE)
MAX_RELATIVES = 5  # for each 1,000 words of docstrings; the prose of comparable projects has 1 to 8
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def modules(*packages: str) -> list[Path]:
    """Return all modules of some packages, however deep they are."""
    return [path for package in packages for path in (ROOT / package).rglob("*.py")]


def docstrings(module: Path) -> Iterator[str]:
    """Yield the docstrings of a module and all that is in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, DOCUMENTED):
            yield ast.get_docstring(node) or ""


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        pytest.param(["mypy"], marks=pytest.mark.slow),
        pytest.param(["lint-imports"], marks=pytest.mark.slow),  # layers, and no circles, late imports counted
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_checker_has_nothing_to_say(command):
    done = processes.run([str(TOOLS / command[0]), *command[1:]], cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_short():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*PACKAGES)}
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_are_plain(package):
    text = " ".join(docstring for module in modules(package) for docstring in docstrings(module))
    words = len(re.findall(r"\w+", text))
    assert words > 5_000
    assert 1_000 * len(RELATIVES.findall(text)) / words <= MAX_RELATIVES


def test_no_site_is_named_in_code():
    packs = [read_pack(toml, name) for name, toml in shipped_packs()]
    hosts = {host for pack in packs for host in pack.hosts}
    code = "\n".join(path.read_text(encoding="utf-8").lower() for path in modules(*PACKAGES))
    assert len(hosts) > 30
    assert [host for host in hosts if host in code] == []
