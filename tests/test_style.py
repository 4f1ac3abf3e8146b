"""The whole project is in one style, typed, and keeps its two folders apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cleaners.rules.load import read_pack, shipped_packs
from tests.conftest import ROOT

LONGEST_MODULE = 260


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_checker_has_nothing_to_say(command):
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_short():
    long = {path.name: lines for path in (*ROOT.glob("cleaners/**/*.py"), *ROOT.glob("flows/**/*.py"))
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE}  # fmt: skip
    assert long == {}


def test_no_site_is_named_in_code():
    packs = [read_pack(toml, name) for name, toml in shipped_packs()]
    hosts = {host for pack in packs for host in pack.hosts}
    code = "\n".join(
        path.read_text(encoding="utf-8").lower() for path in (*ROOT.glob("cleaners/**/*.py"), *ROOT.glob("flows/**/*.py"))
    )
    assert len(hosts) > 30
    assert [host for host in hosts if host in code] == []
