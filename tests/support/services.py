"""Real services on loopback for tests: a Prefect server, a Dask cluster, PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import processes
from tests.support.processes import started
from tests.support.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def make_prefect_home(home: Path, template: Path) -> Path:
    """Copy a home of Prefect with its database; whoever comes first makes it, others wait."""
    done = template / "done"
    try:
        template.mkdir()
    except FileExistsError:
        wait_until(done.exists, "the making of Prefect's database")
    else:
        env = {**os.environ, "PREFECT_HOME": str(template)}
        processes.run([str(TOOLS / "prefect"), "server", "database", "upgrade", "--yes"], env=env, check=True)
        done.touch()
    shutil.copytree(template, home)
    return home


@contextmanager
def prefect_server(folder: Path) -> Iterator[dict[str, str]]:
    """Start a Prefect server and give the environment in which commands use it."""
    port = free_port()
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    env = {
        **quiet,
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [str(TOOLS / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with started(command, env, folder / "server.log") as server:
        wait_until(lambda: answers(port) or server.poll() is not None, "the start of a Prefect server")
        yield {**env, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}


def ask(env: dict[str, str], what: str, **wanted: object) -> list[dict[str, object]]:
    """Return what a Prefect server knows: of `flow_runs`, `artifacts` or `deployments`."""
    url = f"{env['PREFECT_API_URL']}/{what}/filter"
    request = urllib.request.Request(url, json.dumps(wanted).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        found: list[dict[str, object]] = json.load(answer)
        return found


def run_dehusk(env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run `dehusk run` as a user would, with small shards."""
    code = "from tests.chaos import small_run; small_run()"
    return processes.run([sys.executable, "-c", code, *command], env=env)


@contextmanager
def dask_cluster(folder: Path, workers: int = 2, env: dict[str, str] | None = None) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and worker processes; give its address and the numbers of the workers' processes."""
    port = free_port()
    env = {**(env or os.environ), "PYTHONPATH": str(ROOT)}
    scheduler = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    ]
    with ExitStack() as stack:
        stack.enter_context(started(scheduler, env, folder / "scheduler.log"))
        wait_until(lambda: answers(port), "the start of a Dask scheduler")
        address = f"tcp://127.0.0.1:{port}"
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, *options]
        running = [stack.enter_context(started(worker, env, folder / f"worker-{i}.log")) for i in range(workers)]
        yield address, [process.pid for process in running]


POSTGRES = next((path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server of its own and give its address."""
    assert POSTGRES is not None
    is_root = os.geteuid() == 0  # which PostgreSQL refuses to run as
    become = ["runuser", "-u", "postgres", "--"] if is_root else []
    port = free_port()
    with TemporaryDirectory() as name:  # not in one of pytest, which no other user may enter
        folder, data = Path(name), Path(name, "data")
        if is_root:
            shutil.chown(folder, "postgres")
        make = [str(POSTGRES / "initdb"), "-D", str(data), "-U", "dehusk", "-A", "trust", "--no-sync"]
        processes.run([*become, *make], check=True)
        serve = [str(POSTGRES / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        with started([*become, *serve], dict(os.environ), folder / "postgres.log"):
            wait_until(lambda: answers(port), "the start of PostgreSQL")
            yield f"postgresql://dehusk@127.0.0.1:{port}/postgres"
