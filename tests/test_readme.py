"""Every command in the README works, and shows what the README says it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.extras import skip_without
from tests.services import POSTGRES, TOOLS, free_port, postgres, wait_until

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SET_UP = [block for block in BLOCKS if "venv" in block]
SERVICES = re.compile(r"^(prefect|dask) |postgresql:", re.MULTILINE)  # what a command speaks of that needs a service
# Blocks whose output is shown, each with it.
SHOWN = dict(re.findall(r"^```sh\n((?:(?!```)[^\n]*\n)*)```\n\n```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
HOW_TOS = [block for block in BLOCKS if "venv" not in block and not SERVICES.search(block)]


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of what a clone holds, for the commands to work in."""
    for name in ("seeds", "README.md", "prefect.toml", "prefect.yaml", "cleaners", "flows", "tests"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    return tmp_path


def test_the_two_set_up_commands_are_one_line_each_and_are_what_ci_runs():
    assert [block.count("\n") for block in SET_UP] == [1, 1]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in ci


@pytest.fixture
def shell(project):
    """What runs a block of commands in a copy of the project."""
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(TOOLS)
    (project / "pages").mkdir()
    shutil.copy(project / "seeds" / "002_f7065e8dbd06d821.txt", project / "pages" / "page.txt")
    env = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}", "HOME": str(project.parent)}
    env |= {"PREFECT_HOME": str(project / "prefect-home"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    env |= {"HF_HUB_OFFLINE": "1", "HF_HOME": str(project / "hugging-face")}

    def run(block: str, **more: object) -> subprocess.Popen[str]:
        command = ["bash", "-euo", "pipefail", "-c", block]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=project, env=env, stdout=pipe, stderr=pipe, text=True, **more)

    return run


def ended_well(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    return out


@pytest.fixture(scope="module")
def seeds_cleaned(tmp_path_factory) -> Path:
    """The output folder that the first command of the README makes."""
    out = tmp_path_factory.mktemp("cleaned") / "out"
    command = [sys.executable, "-m", "flows.cli", "run", "seeds", "--out", str(out), "--no-prefect", "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)
    return out


@pytest.mark.parametrize("block", HOW_TOS)
def test_a_command_of_the_readme_works(block, shell, project, seeds_cleaned):
    skip_without(*needed_by(block))
    if "--out" not in block:
        shutil.copytree(seeds_cleaned, project / "out")
    said = ended_well(shell(block))
    if block in SHOWN:
        assert _stripped(said) == _stripped(SHOWN[block])


def needed_by(block: str) -> list[str]:
    """The modules and programs that a block uses and dehusk does not bring."""
    modules = re.findall(r"^(?:import|from) (datasets|duckdb|pandas|polars)\b", block, re.MULTILINE)
    return [*modules, *(["jq"] if re.search(r"\bjq ", block) else [])]


def _stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def test_blocks_with_output_and_those_that_need_more_are_found():
    needed = {name for block in HOW_TOS for name in needed_by(block)}
    assert needed == {"datasets", "duckdb", "jq", "pandas", "polars"}
    assert sum(block in SHOWN for block in HOW_TOS) == 9


def block_with(words: str) -> str:
    (block,) = (block for block in BLOCKS if words in block)
    return block


def test_the_line_for_cron_works(shell, project):
    (line,) = re.findall(r"^```crontab\n(.*?)\n```", README, re.MULTILINE)
    assert line.startswith("*/15 * * * * ")
    project.rename(project.parent / "dehusk")
    (project.parent / project.name).symlink_to(project.parent / "dehusk")
    ended_well(shell(line.removeprefix("*/15 * * * * ")))
    assert len(list(project.glob("out/records/*.jsonl"))) == 1


def has_run_or_ended(out: Path, process: subprocess.Popen[str]) -> bool:
    return process.poll() is not None or any(out.glob("runs/*.json"))


def test_the_commands_for_a_prefect_server_and_its_workers_work(shell, project):
    port = str(free_port())
    blocks = [block_with(words).replace("4200", port) for words in ("dehusk serve", "prefect worker start")]
    start, blocks[0] = blocks[0].split("\n", 1)
    ended_well(shell(f"{start} --port {port}"))
    try:
        yaml = (project / "prefect.yaml").read_text()
        (project / "prefect.yaml").write_text(yaml.replace("out: out", "out: out-of-worker"))
        for block, out in zip(blocks, ("out", "out-of-worker"), strict=True):
            with shell(block, start_new_session=True) as process:
                has_ended = partial(has_run_or_ended, project / out, process)
                try:
                    wait_until(has_ended, block, 120)
                    assert process.poll() is None, process.communicate()
                finally:
                    os.killpg(process.pid, signal.SIGTERM)
                    process.communicate()
    finally:
        ended_well(shell("prefect server stop"))


def test_the_commands_for_a_cluster_work(shell, project):
    ended_well(shell("set -m\n" + block_with("dask scheduler").replace("8786", str(free_port()))))
    assert len(list(project.glob("out/records/*.jsonl"))) == 1


@pytest.mark.skipif(POSTGRES is None, reason="PostgreSQL is not installed")
def test_the_commands_for_postgresql_work(shell, project):
    with postgres() as url:
        ended_well(shell(block_with("postgresql:").replace("postgresql://dehusk@127.0.0.1:5432/dehusk", url)))
    assert len(list(project.glob("out/records/*.jsonl"))) == 1
    assert not (project / "out" / "state.db").exists()


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
