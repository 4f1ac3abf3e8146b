"""Prefect sends nothing home when it is started as flows/README.md says, also in a folder without the project's settings."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.integration.test_flow import GUARD
from tests.support import processes
from tests.support.processes import kill_all_with
from tests.support.services import ROOT, TOOLS, free_port

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("telemetry")]

MARK = "DEHUSK_TELEMETRY"
ON_A_TERMINAL = (
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(['bash', '-euo', 'pipefail', '-c', sys.argv[1]])))"
)
# Prefect sends nothing where it believes that it is tested.
CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TRAVIS", "CIRCLECI", "BUILDKITE", "TF_BUILD", "CI_NAME")
WITHOUT = re.compile(r"DO_NOT_TRACK=1|--analytics-off")
LIST_OF_WORKERS = "raw.githubusercontent.com"  # what a server asks for one, whatever its settings


def documented() -> str:
    """Return the commands of flows/README.md for a server, `dehusk serve` and a worker, with an end to the latter two."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "flows" / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    (server,) = [block for block in blocks if "prefect server start" in block]
    (worker,) = [block for block in blocks if "prefect worker start" in block]
    server = server.replace("dehusk serve", "until curl -sf $PREFECT_API_URL/health; do sleep 1; done\ndehusk serve")
    server = server.rstrip() + " &\nuntil ls out/runs/*.json; do sleep 1; done\nkill %1; wait %1 || test $? = 143\n"
    worker = re.sub(r"^prefect (--no-prompt deploy|deployment run) .*\n", "", worker, flags=re.M)  # of the project's folder
    worker = worker.replace("prefect worker start", "prefect worker start --run-once")
    return server.replace("prefect server", "prefect --no-prompt server") + worker


@pytest.fixture
def terminal(tmp_path):
    """What runs commands on a terminal, in a folder of its own, and returns what they print and all addresses they ask for."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    (tmp_path / "folder" / "pages").mkdir(parents=True)
    (tmp_path / "folder" / "pages" / "page.txt").write_text("Ferry returns\nThe ferry is back.\n")
    unset = ("DO_NOT_TRACK", *CI_VARIABLES)
    env = {name: value for name, value in os.environ.items() if name not in unset and not name.startswith("PREFECT")}
    env |= {
        "HOME": str(tmp_path), "PREFECT_HOME": str(tmp_path / "prefect"), "PATH": f"{TOOLS}:{env['PATH']}", "TERM": "dumb",
        "PYTHONPATH": f"{tmp_path / 'guard'}:{ROOT}", "NETWORK_LOG": str(tmp_path / "network"), MARK: str(tmp_path),
    }  # fmt: skip

    def run(code: str) -> tuple[str, list[str]]:
        done = processes.run([sys.executable, "-c", ON_A_TERMINAL, code], env=env, cwd=tmp_path / "folder", stdin=-3)
        assert done.returncode == 0, done.stdout + done.stderr
        asked = Path(env["NETWORK_LOG"])
        return done.stdout, asked.read_text().splitlines() if asked.exists() else []

    yield run
    kill_all_with(MARK, str(tmp_path))


def test_what_is_started_as_the_readme_says_sends_nothing(terminal):
    port = free_port()
    code = documented().replace("4200", str(port)).replace("--analytics-off", f"--analytics-off --port {port}")
    printed, asked = terminal(code + "curl -s $PREFECT_API_URL/admin/settings; prefect server stop")
    assert '"analytics_enabled":false' in printed
    assert "dehusk: stopped" in printed
    assert [address for address in asked if LIST_OF_WORKERS not in address] == []


def test_without_what_the_readme_says_a_command_would_count_itself(terminal):
    assert len(WITHOUT.findall(documented())) == 3
    _, asked = terminal("prefect config view")
    assert any("amplitude" in address for address in asked)
