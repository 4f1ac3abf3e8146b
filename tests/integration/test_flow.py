"""The Prefect flow, as a user starts it: in a process of its own, with an embedded server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support import processes
from tests.support.command import without_progress
from tests.support.processes import processes_with
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.service
EMBEDDED = pytest.mark.xdist_group("embedded Prefect")

# A stand-in for the network: every address that is not this machine's is written down and refused.
GUARD = """
import os, socket
connect = socket.socket.connect
def guarded(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("no network here")
    return connect(self, address)
socket.socket.connect = guarded
socket.socket.connect_ex = lambda self, address: guarded(self, address) or 0
resolve = socket.getaddrinfo
def guarded_resolve(host, *rest, **more):
    if host not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0"):
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{host}\\n")
        raise socket.gaierror("no network here")
    return resolve(host, *rest, **more)
socket.getaddrinfo = guarded_resolve
"""

SLOW_RUN = f"""
import sys
import flows.execution.engines
from flows.orchestration.run_flow import run_flow
from flows.options import RunOptions
from flows.signals import is_ending
def slowly(shard, settings):
    print("cleaning", flush=True)
    is_ending.wait({PATIENCE_SECONDS})
flows.execution.engines.clean_shard = slowly
run_flow(RunOptions((sys.argv[1],), sys.argv[2]))
"""
FAILING_RUN = """
import sys
import flows.execution.engines
from flows.orchestration.run_flow import run_flow
from flows.options import RunOptions
from flows.execution.shard import clean_shard
tries = []
def failing(shard, settings):
    tries.append(shard.name)
    if len(tries) == 1:
        raise {error}
    return clean_shard(shard, settings)
flows.execution.engines.clean_shard = failing
summary = run_flow(RunOptions((sys.argv[1],), sys.argv[2], workers=1))
print(len(tries), summary.counts.pages, [failure.reason for failure in summary.failed])
"""
MANY_SHARDS = """
import sys
from flows.planning import shards
from flows.orchestration.run_flow import run_flow
from flows.execution.run import run
from flows.options import RunOptions
if __name__ == "__main__":
    shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = 1000, 0
    run_flow(RunOptions((sys.argv[1],), "flow", workers=2))
    run(RunOptions((sys.argv[1],), "plain", workers=1))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory, prefect_home) -> Path:
    """One Prefect home for the module, by which its processes are known."""
    return prefect_home(tmp_path_factory.mktemp("prefect") / "home")


def start(home: Path, tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python without a network, on an embedded server or on that of the environment."""
    guard = tmp_path / "guard"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DO_NOT_TRACK", "CI"))}
    env = {
        **quiet,
        "PREFECT_HOME": str(home),
        "NETWORK_LOG": str(tmp_path / "network.log"),
        "PYTHONPATH": f"{guard}:{ROOT}",
        **more,
    }
    done = processes.run([sys.executable, *command], cwd=tmp_path, env=env)
    done.stderr = without_progress(done.stderr)
    return done


def wait_for_the_end_of_all(home: Path) -> None:
    """Wait until no process is left that was started with this Prefect home."""
    wait_until(lambda: not processes_with("PREFECT_HOME", str(home)), "the end of all processes of a run")


def output(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.jsonl"))}


@EMBEDDED
def test_a_flow_run_gives_the_bytes_of_a_plain_run_and_leaves_nothing_behind(home, tmp_path):
    seeds = str(ROOT / "seeds")
    done = start(home, tmp_path, "-m", "flows.cli", "run", seeds, "--out", "flow")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("dehusk: ")
    assert not (tmp_path / "network.log").exists(), (tmp_path / "network.log").read_text()
    start(home, tmp_path, "-m", "flows.cli", "run", seeds, "--out", "plain", "--no-prefect")
    assert output(tmp_path / "flow") == output(tmp_path / "plain")
    assert [name.split("/")[0] for name in output(tmp_path / "flow")] == ["audit", "inputs", "records", "stories"]
    wait_for_the_end_of_all(home)


@pytest.mark.xdist_group("Prefect")
def test_the_module_is_a_door_to_the_flow(prefect_api, tmp_path):
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    done = start(tmp_path, tmp_path, "-m", "flows.clean", PREFECT_API_URL=prefect_api["PREFECT_API_URL"])
    assert (done.returncode, done.stderr) == (0, "")
    (manifest,) = (tmp_path / "out" / "runs").glob("*.json")
    assert json.loads(manifest.read_text())["counts"]["records"] == {"article": 2, "story": 6}


@EMBEDDED
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)], ids=["SIGTERM", "kill -9"])
def test_a_run_that_is_ended_leaves_no_server_behind(number, code, home, tmp_path):
    env = {**os.environ, "PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SLOW_RUN, str(ROOT / "seeds"), str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"cleaning\n"
            assert len(processes_with("PREFECT_HOME", str(home))) > 1
            process.send_signal(number)
            process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
    assert process.returncode == code
    wait_for_the_end_of_all(home)


@pytest.mark.xdist_group("Prefect")
def test_shards_are_cleaned_by_workers_in_a_flow_too(prefect_api, tmp_path):
    command = ["-c", MANY_SHARDS, str(ROOT / "seeds")]
    done = start(tmp_path, tmp_path, *command, PREFECT_API_URL=prefect_api["PREFECT_API_URL"])
    assert (done.returncode, done.stderr) == (0, "")
    assert output(tmp_path / "flow") == output(tmp_path / "plain")
    assert len(list((tmp_path / "flow" / "records").glob("*.jsonl"))) == 2


@EMBEDDED
def test_a_mistake_in_a_flow_run_is_one_sentence(home, tmp_path):
    done = start(home, tmp_path, "-m", "flows.cli", "run", "missing", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dehusk: missing does not exist; name a file or a folder of pages\n"


@pytest.mark.parametrize(
    ("error", "told"), [('OSError(5, "no such luck")', "2 2 []"), ('RuntimeError("no such luck")', "1 0 ['no such luck']")]
)
@pytest.mark.xdist_group("Prefect")
def test_what_fails_for_its_files_is_tried_again_and_nothing_else_is(error, told, prefect_api, tmp_path):
    command = ["-c", FAILING_RUN.replace("{error}", error), str(ROOT / "seeds"), str(tmp_path / "out")]
    done = start(tmp_path, tmp_path, *command, PREFECT_API_URL=prefect_api["PREFECT_API_URL"])
    assert done.stdout.splitlines()[-1:] == [told], done.stderr
