"""Every command in the README works, and shows what the README says it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SET_UP = [block for block in BLOCKS if "venv" in block]
HOW_TOS = [block for block in BLOCKS if "venv" not in block]


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of what a clone holds, for the commands to work in."""
    for name in ("seeds", "README.md", "prefect.toml", "cleaners", "flows", "tests"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    return tmp_path


def test_the_two_set_up_commands_are_one_line_each_and_are_what_ci_runs():
    assert [block.count("\n") for block in SET_UP] == [1, 1]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in ci


@pytest.mark.parametrize("block", HOW_TOS)
def test_a_command_of_the_readme_works(block, project):
    tools = Path(sys.executable).parent
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(tools)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=project, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_output_shown_is_the_output(project):
    shown = re.search(r"^```text\n(dehusk: out.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert shown is not None
    command = [sys.executable, "-m", "flows.cli", "run", "seeds", "--out", "out", "--no-prefect"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert _lines(done.stdout) == _lines(shown[1])


def _lines(table: str) -> list[list[str]]:
    """The cells of a table without those that differ from run to run."""
    assert table.startswith("dehusk: out")
    rows = [[cell.strip() for cell in line.strip("│ \n").split("│")] for line in table.splitlines() if line.startswith("│")]
    return [row for row in rows if row[0] != "seconds"]


def test_the_record_shown_is_a_record_that_comes_out(project):
    shown = json.loads(re.search(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[1])
    command = [sys.executable, "-m", "flows.cli", "run", "seeds", "--out", "out", "--no-prefect", "--quiet"]
    subprocess.run(command, cwd=project, check=True)
    rows = [json.loads(line) for path in project.glob("out/records/*.jsonl") for line in path.read_text().splitlines()]
    (record,) = (row for row in rows if row["id"] == shown["id"])
    assert record["text"].startswith(shown["text"].removesuffix(" ..."))
    varying = {"text", "text_sha256", "rules"}
    assert list(record) == list(shown)
    assert {key: record[key] for key in record if key not in varying} == {
        key: shown[key] for key in shown if key not in varying
    }
