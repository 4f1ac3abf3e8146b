"""Let two schedulers start runs on one output folder, each of which takes longer than the time between them.

    python -m tests.overlap [--seconds 120] [--every 5] [--takes 12]

Meanwhile files are dropped, some of them written slowly. Told are the runs that were done and skipped, as Prefect shows them,
whether two were ever at work at once, and whether at the end the output is that of one run over all there is.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.execution.run import run
from flows.options import RunOptions
from flows.output.lock import is_held
from flows.planning.database import opened
from flows.planning.state import Run
from tests.support.services import TOOLS, ask, prefect_server, started, wait_until

BEGUN = {"state": {"type": {"any_": ["RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}}
FETCHES = 3  # of a page of the web in a run: is it as it was, what is its digest, what does it hold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--takes", type=float, default=12)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, prefect_server(Path(folder)) as env:
        print(json.dumps(overlap(Path(folder), env, asked.seconds, asked.every, asked.takes), indent=1))


def overlap(folder: Path, env: dict[str, str], seconds: float, every: int, takes: float) -> dict[str, object]:
    """Return what two schedulers did in a time: their runs, how many of them overlapped, and whether anything is lost."""
    pages, out = folder / "drop", folder / "out"
    pages.mkdir()
    _drop(pages, 0)
    with ExitStack() as stack:
        url, server = stack.enter_context(_slow_rows(takes / FETCHES))
        env = {**env, "PREFECT_RUNNER_POLL_FREQUENCY": "1"}  # how often a scheduler looks what is due; 10 seconds by default
        for name in ("one", "two"):
            serve = [str(TOOLS / "dehusk"), "serve", str(pages), url, "--out", str(out), "--every", f"{every}s", "--name", name]
            stack.enter_context(started(serve, env, folder / f"{name}.log"))
        wait_until(lambda: is_held(out), "the first run")
        deadline, number = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            number += 1
            _drop(pages, number)
        server.delay = 0.0  # type: ignore[attr-defined]
        states = Counter(str(one["state_name"]) for one in ask(env, "flow_runs", flow_runs=BEGUN))
        with opened(out) as state:
            runs = state.last_runs(1_000)
    with _slow_rows(0.0, port=int(url.split(":")[2].split("/")[0])) as (url, _):
        time.sleep(1)
        run(RunOptions((str(pages), url), str(out)))
        run(RunOptions((str(pages), url), str(folder / "undisturbed")))
    return {
        "flow runs by state": dict(states),
        "longest run, seconds": max(one.seconds for one in runs),
        "runs that did something": sum(one.outcome == "done" for one in runs),
        "at once with another": _overlapping(runs),
        "files dropped": number,
        "output as that of one run": _lines(out) == _lines(folder / "undisturbed"),
    }


def _overlapping(runs: list[Run]) -> int:
    spans = sorted((datetime.fromisoformat(one.began), timedelta(seconds=one.seconds)) for one in runs)
    return sum(begin + length > later for (begin, length), (later, _) in pairwise(spans))


def _lines(out: Path) -> list[bytes]:
    return sorted(line for file in out.glob("*/*.jsonl") for line in file.read_bytes().splitlines())


def _drop(folder: Path, number: int) -> None:
    """Write a file in half a second: whole, or slowly, the second half long after the first; some are written again."""
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
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/rows.jsonl", server
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
