"""Let two schedulers start runs on one output folder, each of which takes longer than the time between them.

    python -m tests.overlap [--runs 10] [--every 5] [--takes 12] [--beside report,verify,export,status]

Meanwhile files are dropped, all of them written slowly. It goes on until so many runs have done something and one was
skipped, and prints the runs by their states in Prefect, whether two were ever at work at once, and whether the output at
the end is that of one run over all there is. Commands named by `--beside` are called again and again meanwhile, each in a
process of its own; it prints how often, and how often one neither did its work nor said in a sentence why it has to wait.
It ends with 1 if one of these is not as it must be. It uses the server of PREFECT_API_URL, or starts one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.execution.run import run
from flows.layout import FOLDERS
from flows.options import RunOptions
from flows.planning.database import open_state
from flows.planning.runs import Run
from tests.support.beside import COMMANDS, called_beside
from tests.support.processes import kill_all_with, started
from tests.support.services import TOOLS, ask, prefect_server
from tests.support.waiting import ASK_SECONDS, PATIENCE_SECONDS, wait_until

MARK = "DEHUSK_OVERLAP"  # in the environment of the schedulers and of the runs that they start
SCHEDULERS = ("one", "two")
DEPLOYMENTS = {"name": {"any_": SCHEDULERS}}
BEGUN = {"type": {"any_": ["RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}
FETCHES = 3  # of a page of the web in a run: is it as it was, what is its digest, what does it hold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--takes", type=float, default=12)
    parser.add_argument("--beside", default="", metavar="COMMAND,...", help=f"of {', '.join(COMMANDS)}")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        has_server = "PREFECT_API_URL" in os.environ
        env = dict(os.environ) if has_server else stack.enter_context(prefect_server(Path(folder)))
        beside = [name for name in options.beside.split(",") if name]
        tally = overlap(Path(folder), env, options.runs, options.every, options.takes, beside)
    print(json.dumps(tally, indent=1))
    is_wrong = tally["at once with another"] or not tally["output as that of one run"] or tally["failed"] or tally["problems"]
    sys.exit(bool(is_wrong))


def overlap(
    folder: Path, env: dict[str, str], runs: int, every: int, takes: float, beside: Sequence[str] = ()
) -> dict[str, object]:
    """Let two schedulers do so many runs; return the runs, how many of them overlapped, and whether anything is lost."""
    pages, out = folder / "drop", folder / "out"
    pages.mkdir()
    _drop(pages, 0)
    with ExitStack() as stack:
        url, server = stack.enter_context(_slow_rows(takes / FETCHES))
        # How often a scheduler looks for what is due is 10 seconds by default.
        env = {**env, "PREFECT_RUNNER_POLL_FREQUENCY": "1", MARK: (mark := uuid.uuid4().hex)}
        for name in SCHEDULERS:
            serve = [str(TOOLS / "dehusk"), "serve", str(pages), url, "--out", str(out), "--every", f"{every}s", "--name", name]
            stack.enter_context(started(serve, env, folder / f"{name}.log"))
        others = stack.enter_context(called_beside(beside, out, pages, folder))
        numbers = count(1)

        def is_enough() -> bool:
            _drop(pages, next(numbers))
            return len(list(out.glob("runs/*.json"))) >= runs and "Skipped" in _states(env, out)

        patience = PATIENCE_SECONDS + 10 * runs * max(every, takes)
        wait_until(is_enough, f"{runs} runs, and one that is skipped", patience)
        states = _states(env, out)
        server.delay = 0.0  # type: ignore[attr-defined]
    kill_all_with(MARK, mark)
    wait_until(lambda: are_deleted(env), "the deletion of deployments", pause=ASK_SECONDS)
    with _slow_rows(0.0, port=int(url.split(":")[2].split("/")[0])) as (url, _):
        with open_state(out) as state:
            last_runs = state.last_runs(1_000)
        run(RunOptions((str(pages), url), str(out), settle=0))
        run(RunOptions((str(pages), url), str(folder / "undisturbed"), settle=0))
    return {
        "flow runs by state": dict(states),
        "failed": sum(states.values()) - sum(states[name] for name in ("Completed", "Skipped", "Running")),
        "longest run, seconds": max(run.seconds for run in last_runs),
        "runs that did something": sum(run.outcome == "done" for run in last_runs),
        "at once with another": _overlapping(last_runs),
        "files dropped": next(numbers) - 1,
        "beside": others.table(),
        "problems": [asdict(call) for call in others.problems],
        "output as that of one run": _lines(out) == _lines(folder / "undisturbed"),
    }


def are_deleted(env: dict[str, str]) -> bool:
    """Delete the deployments of the schedulers, for which a server would go on planning runs; return whether none is left."""
    left = ask(env, "deployments", deployments=DEPLOYMENTS)
    for deployment in left:
        url = f"{env['PREFECT_API_URL']}/deployments/{deployment['id']}"
        with suppress(urllib.error.HTTPError):  # the server is at work on it
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=PATIENCE_SECONDS).close()
    return not left


def _states(env: dict[str, str], out: Path) -> Counter[str]:
    """Count the flow runs of the schedulers that have begun by their states: the first of each, and those that were due."""
    first = ask(env, "flow_runs", flow_runs={"state": BEGUN, "name": {"any_": [f"dehusk to {out}"]}})
    due = ask(env, "flow_runs", flow_runs={"state": BEGUN}, deployments=DEPLOYMENTS)
    return Counter({str(flow_run["id"]): str(flow_run["state_name"]) for flow_run in [*first, *due]}.values())


def _overlapping(runs: list[Run]) -> int:
    spans = sorted((datetime.fromisoformat(run.began), timedelta(seconds=run.seconds)) for run in runs)
    return sum(begin + length > later for (begin, length), (later, _) in pairwise(spans))


def _lines(out: Path) -> list[bytes]:
    return sorted(line for name in FOLDERS for file in out.glob(f"{name}/*.jsonl") for line in file.read_bytes().splitlines())


def _drop(folder: Path, number: int) -> None:
    """Write a file in half a second, its second half long after the first; some are written again."""
    file = folder / f"{number % 40:03}.txt"
    text = f"Page {number} of the harbour board\nThe board met for the {number}th time on Monday.\n"
    with file.open("w") as half_written:
        half_written.write(text)
        half_written.flush()
        time.sleep(0.5)
        half_written.write("It will meet again on Tuesday, the master of the quay said.\n")


@contextmanager
def _slow_rows(delay: float, port: int = 0):  # type: ignore[no-untyped-def]
    """Serve a page of rows that takes its time; the same rows each time."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def do_GET(self) -> None:
            time.sleep(self.server.delay)  # type: ignore[attr-defined]
            rows = [{"text": f"Row {i} of the quay\nThe quay was swept for the {i}th time."} for i in range(20)]
            body = "\n".join(map(json.dumps, rows)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.delay = delay  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/rows.jsonl", server
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
