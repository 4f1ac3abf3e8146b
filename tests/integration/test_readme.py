"""Every command in the READMEs works, and prints the output that the README shows below it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.extras import skip_without
from tests.support.processes import end, kill_all_with
from tests.support.services import POSTGRES, TOOLS, ask, free_port, postgres
from tests.support.waiting import ASK_SECONDS, PATIENCE_SECONDS, wait_until

READMES = (
    "README.md", "cleaners/README.md", "cleaners/packs/README.md", "flows/README.md", "out/README.md", "tests/README.md",
    ".github/CONTRIBUTING.md",
)  # fmt: skip
OTHER_DOCS = (".github/CHANGELOG.md", ".github/SECURITY.md", "tests/bench/README.md", "tests/cases/README.md")
COPIED = (
    "seeds", "README.md", "prefect.toml", "prefect.yaml", "pyproject.toml", "cleaners", "flows", "tests", ".github", ".ci",
    "out/README.md",
)  # fmt: skip
MAX_README_LINES = 200

PAGES = {"name": {"any_": ["pages"]}}  # the deployment of the project
OVER = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
MARK = "DEHUSK_README_TEST"  # in the environment of all commands, so that their processes can be found and ended

BLOCK = re.compile(
    r"^```(?P<language>\w+)\n(?P<code>.*?)^```\n(?:\n```(?P<shown_as>text|json)\n(?P<shown>.*?)^```)?", re.M | re.S
)
PREFECT = re.compile(r"^(prefect|dehusk serve|python -m flows\.clean)\b", re.M)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@dataclass(frozen=True)
class Block:
    """A block of commands in a README, and the output that the README shows for it."""

    readme: str
    language: str
    code: str
    shown: str = ""
    shown_as: str = ""

    @property
    def kind(self) -> str:
        """Return the test that runs the block."""
        if "venv .venv" in self.code:
            return "set-up"
        if "python -m tests.overlap" in self.code:
            return "overlap"
        if re.search(r"^python -m tests\.(bench|chaos|faults|learning|learn_scale)\b", self.code, re.M):
            return "slow"
        if "dask scheduler" in self.code:
            return "dask"
        if "postgresql:" in self.code:
            return "postgres"
        return "prefect" if PREFECT.search(self.code) else "plain"

    @property
    def needs(self) -> list[str]:
        """Return the modules and programs that the block uses and dehusk does not install."""
        modules = re.findall(r"^(?:import|from) (datasets|datatrove|duckdb|pandas|polars|scrapy)\b", self.code, re.M)
        programs = {"jq": r"\bjq ", "gcc": r"\btests\.faults\b"}
        return [*modules, *(name for name, use in programs.items() if re.search(use, self.code))]


def blocks_of(readme: str) -> list[Block]:
    """Return the blocks of commands of a README in their order; a line for cron is one without its schedule."""
    blocks = []
    for found in BLOCK.finditer((ROOT / readme).read_text(encoding="utf-8")):
        code = found["code"]
        if found["language"] == "crontab":
            code = re.sub(r"^\S+ \S+ \S+ \S+ \S+ ", "", code)
        elif found["language"] != "sh":
            continue
        blocks.append(Block(readme, found["language"], code, found["shown"] or "", found["shown_as"] or ""))
    return blocks


BLOCKS = [block for readme in READMES for block in blocks_of(readme)]


def of_kind(kind: str) -> list[Block]:
    """Return the blocks of a kind; of those that stand in several READMEs only the first."""
    return list({block.code: block for block in reversed(BLOCKS) if block.kind == kind}.values())[::-1]


class Shell:
    """Runs blocks of commands in a copy of the project, and ends every process that they leave behind."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "dehusk"
        self._mark = uuid.uuid4().hex
        self._logs = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DEHUSK", "PYTEST"))}
        self.env = {
            **kept, "PATH": f"{TOOLS}:{os.environ['PATH']}", "HOME": str(folder), "DO_NOT_TRACK": "1",
            "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hugging-face"), "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_WORKER_QUERY_SECONDS": "1",
            "DEHUSK_SETTLE": "0", "PYTEST_ADDOPTS": "--collect-only -q -p no:cacheprovider",
            MARK: self._mark,
        }  # fmt: skip

    def set_up(self) -> None:
        """Copy the project, with pages to clean and the output folder of the first command of the main README."""
        for name in COPIED:
            source, target = ROOT / name, self.project / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        (self.project / ".venv").mkdir()
        (self.project / ".venv" / "bin").symlink_to(TOOLS)
        (self.project / "pages").mkdir()
        shutil.copy(self.project / "seeds" / "002_f7065e8dbd06d821.txt", self.project / "pages" / "page.txt")
        self.run("dehusk run seeds --out out --no-prefect --quiet")

    def start(self, code: str) -> subprocess.Popen[bytes]:
        """Start a block; its output goes to files, which a process that outlives it cannot hold open for us."""
        with (self._logs / "stdout").open("wb") as out, (self._logs / "stderr").open("wb") as err:
            command = ["bash", "-euo", "pipefail", "-c", code]
            return subprocess.Popen(command, cwd=self.project, env=self.env, stdout=out, stderr=err, start_new_session=True)

    def output(self) -> str:
        return (self._logs / "stdout").read_text(encoding="utf-8")

    def everything_printed(self) -> str:
        return self.output() + (self._logs / "stderr").read_text(encoding="utf-8", errors="replace")

    def run(self, code: str) -> str:
        """Run a block to its end and return its output."""
        process = self.start(code)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            end(process, group=True)
            pytest.fail(f"has not ended:\n{code}\n{self.everything_printed()}")
        assert process.returncode == 0, f"{code}\n{self.everything_printed()}"
        return self.output()

    def has_manifest(self, out: str) -> Callable[[], bool]:
        """Take an output folder away, and return whether there is a new one with a manifest."""
        shutil.rmtree(self.project / out, ignore_errors=True)
        return lambda: any((self.project / out).glob("runs/*.json"))

    def end_all(self) -> None:
        """Kill the processes that are left, also those that have made a session of their own."""
        kill_all_with(MARK, self._mark)


@pytest.fixture
def shell(tmp_path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    try:
        shell.set_up()
        yield shell
    finally:
        shell.end_all()


def is_missing(block: Block) -> bool:
    """Return whether a module or a program that a block needs is not installed."""
    try:
        skip_without(*block.needs)
    except pytest.skip.Exception:
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("readme", READMES)
def test_commands_work_in_order_and_print_what_is_shown(readme, shell):
    missing = []
    for block in blocks_of(readme):
        if block.kind == "set-up" and block.shown:
            assert_shown(block, shell.run("rm -rf out; dehusk run seeds --out out --no-prefect"))
        elif block.kind == "plain" and is_missing(block):
            missing += block.needs
        elif block.kind == "plain":
            assert_shown(block, shell.run(block.code))
    skip_without(*missing)


def assert_shown(block: Block, printed: str) -> None:
    """Compare the output of a block with the one that the README shows."""
    if block.shown_as == "json":
        assert_has_rows(block, printed)
    elif block.shown:
        assert without_seconds(printed) == without_seconds(block.shown), block.code


def without_seconds(text: str) -> list[str]:
    """Return lines without blanks at their end, and without the row of a table that differs from run to run."""
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return [line for line in lines if not line.startswith("│ seconds")]


def assert_has_rows(block: Block, printed: str) -> None:
    """Find each JSON object that a README shows in the output of a block; a value that ends in "..." is cut there."""
    rows = [json.loads(line) for line in printed.splitlines()]
    rows += [segment for row in rows for segment in row.get("segments", ())]
    decoder, rest = json.JSONDecoder(), block.shown.strip()
    while rest:
        shown, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
        assert any(list(row) == list(shown) and all(map(is_as_shown, shown.values(), row.values())) for row in rows), shown


def is_as_shown(shown: object, value: object) -> bool:
    if isinstance(shown, str) and shown.endswith("..."):
        return isinstance(value, str) and value.startswith(shown.removesuffix("...").rstrip())
    return shown == value


@pytest.mark.slow
@pytest.mark.parametrize("block", of_kind("slow"), ids=lambda block: block.code.split()[2])
def test_a_slow_command_works(block, shell):
    skip_without(*block.needs)
    shell.run(block.code)


@pytest.mark.service
@pytest.mark.xdist_group("Prefect")
def test_two_schedulers_lose_nothing(shell, prefect_api):
    (block,) = of_kind("overlap")
    shell.env["PREFECT_API_URL"] = prefect_api["PREFECT_API_URL"]
    shell.run(block.code)


@pytest.mark.service
def test_commands_for_prefect_work(shell, prefect_home):
    """All of them with one server, which the READMEs' own command starts; of the worker, see what the server shows."""
    port, start = str(free_port()), "prefect server start --background --analytics-off\n"
    blocks = of_kind("prefect")
    assert any(start in block.code for block in blocks)
    prefect_home(Path(shell.env["PREFECT_HOME"]))
    edited = (shell.project / "prefect.yaml").read_text().replace("out: out", "out: out-of-worker")
    (shell.project / "prefect.yaml").write_text(edited)
    shell.run(f"{start.rstrip()} --port {port}")
    shell.env["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    try:
        for block in blocks:
            code = block.code.replace(start, "").replace(":4200", f":{port}")
            if "dehusk serve" in code:
                run_until(shell, code, shell.has_manifest("out"))
            elif "prefect worker start" in code:
                run_until(shell, code, lambda: ask(shell.env, "flow_runs", deployments=PAGES, flow_runs=OVER))
            else:
                shell.run(code)
        assert [automation["name"] for automation in ask(shell.env, "automations")] == ["dehusk-failed"]
        (deployment,) = ask(shell.env, "deployments", deployments=PAGES)
        assert [schedule["schedule"]["cron"] for schedule in deployment["schedules"]] == ["*/15 * * * *"]
        (run, *_) = ask(shell.env, "flow_runs", deployments=PAGES, flow_runs=OVER)
        assert (run["state"]["message"], run["name"]) == ("2 pages cleaned, 0 to quarantine", "dehusk to out-of-worker")
        shown = {artifact["key"] for artifact in ask(shell.env, "artifacts") if artifact["flow_run_id"] == run["id"]}
        assert shown == {"dehusk-summary", "dehusk-rules", "dehusk-manifest", "dehusk-report"}
    finally:
        shell.run("prefect server stop")


def run_until(shell: Shell, code: str, is_done: Callable[[], object]) -> None:
    """Start a block that goes on until it is stopped, wait for something that it does, and stop it."""
    process = shell.start(code)
    try:
        wait_until(lambda: process.poll() is not None or is_done(), code, pause=ASK_SECONDS)
        assert process.poll() is None, shell.everything_printed()
    finally:
        end(process, group=True)


@pytest.mark.service
def test_the_commands_for_a_dask_cluster_work(shell):
    (block,) = of_kind("dask")
    shell.run("rm -rf out; set -m\n" + block.code.replace("8786", str(free_port())))
    assert any(shell.project.glob("out/records/*.jsonl"))


@pytest.mark.service
@pytest.mark.skipif(POSTGRES is None, reason="PostgreSQL is not installed")
def test_the_commands_for_postgresql_work(shell):
    (block,) = of_kind("postgres")
    with postgres() as url:
        shell.run("rm -rf out\n" + block.code.replace("postgresql://dehusk@127.0.0.1:5432/dehusk", url))
    assert any(shell.project.glob("out/records/*.jsonl"))
    assert not (shell.project / "out" / "state.db").exists()


def test_the_two_set_up_commands_are_one_line_each_and_are_what_ci_runs():
    set_up = of_kind("set-up")
    assert [(block.readme, block.code.count("\n")) for block in set_up] == [("README.md", 1)] * 2
    assert [block for block in blocks_of("README.md") if block.language == "sh" and "venv" in block.code] == set_up
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_blocks_with_output_and_those_that_need_more_are_found():
    assert {name for block in BLOCKS for name in block.needs} == {
        "datasets", "datatrove", "duckdb", "gcc", "jq", "pandas", "polars", "scrapy",
    }  # fmt: skip
    assert sum(bool(block.shown) for block in BLOCKS) >= 12


@pytest.mark.parametrize("readme", [*READMES, *OTHER_DOCS])
def test_links_lead_to_files_of_the_project(readme):
    links = LINK.findall((ROOT / readme).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / readme).parent.joinpath(link).exists()] == []
    if readme == "out/README.md":  # which stands in every output folder, away from the project
        assert links == []


def test_the_main_readme_is_short_and_leads_to_all_others():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_README_LINES
    assert {*READMES[1:], *OTHER_DOCS[:3]} <= set(LINK.findall(text))
