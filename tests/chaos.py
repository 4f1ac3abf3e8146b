"""Kill runs at random moments and see that the next run ends with the bytes of an undisturbed one.

    python -m tests.chaos [--kills 100] [--pages 2000] [--seed 1] [--workers 2]

Each time a run into a new folder is killed with `kill -9`: the run itself, one of its workers, or all of its processes at
once; sometimes the run that goes on is killed, too. Then a run goes to the end, and its files are compared.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.cli import main as cli
from flows.planning import shards

ROOT = Path(__file__).parent.parent
MARK = "DEHUSK_CHAOS"  # in the environment of the runs that are killed, by which their processes are known
SHARD_BYTES = 60_000  # there has to be a moment between two shards


def small_run() -> None:
    """Be `dehusk run`, with small shards."""
    shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = SHARD_BYTES, 0
    cli(["run", "--settle", "0", *sys.argv[1:]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        tally = chaos(Path(folder), asked.kills, asked.pages, asked.seed, asked.workers)
    print(f"{tally['same']} of {asked.kills} killed runs ended with the bytes of the undisturbed one; killed: {tally}")
    sys.exit(tally["same"] != asked.kills)


def chaos(folder: Path, kills: int, pages: int, seed: int, workers: int) -> dict[str, int]:
    """Return how often a killed run ended with the right bytes, and what was killed how often."""
    dice = random.Random(seed)
    make_pages(folder / "pages", pages)
    code = "from tests.chaos import small_run; small_run()"
    command = [sys.executable, "-c", code, str(folder / "pages"), "--no-prefect", "--quiet", "--workers", str(workers), "--out"]
    begun = time.monotonic()
    subprocess.run([*command, str(folder / "undisturbed")], check=True)
    whole = time.monotonic() - begun
    expected = digest(folder / "undisturbed")
    tally = {"same": 0, "the run": 0, "a worker": 0, "all": 0, "too late": 0}
    for number in range(kills):
        out = folder / f"out-{number}"
        for _ in range(dice.choice((1, 1, 1, 2))):
            tally[kill_a_run([*command, str(out)], dice, whole, str(folder))] += 1
        subprocess.run([*command, str(out)], check=True)
        is_same = digest(out) == expected and not leftovers(out, str(folder))
        tally["same"] += is_same
        if is_same:
            shutil.rmtree(out)
        else:
            print(f"kill {number}: {out} differs, or something was left: {leftovers(out, str(folder))}", flush=True)
            shutil.copytree(out, f"{folder}-{number}")
    return tally


def make_pages(folder: Path, number: int) -> None:
    """Write pages that differ, one in fifty of them no page."""
    seeds = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "seeds").glob("*.txt"))]
    for i in range(number):
        file = folder / f"{i % 7}" / f"{i:05}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = seeds[i % 2].split("\n")
        text = "\n".join(
            [f"Page {i} of the harbour board", f"The board met for the {i}th time on Monday.", *lines[i % 40 :][:30]]
        )
        file.write_bytes(b"\0" * 100 if i % 50 == 49 else text.encode())


def kill_a_run(command: list[str], dice: random.Random, whole: float, mark: str) -> str:
    """Start a run and kill it, or one of its workers, at a moment within the time that a run takes."""
    env = {**os.environ, MARK: mark}
    with subprocess.Popen(command, env=env, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        time.sleep(dice.uniform(0, whole))
        what = dice.choice(("the run", "a worker", "all"))
        workers = children(process.pid)
        if process.poll() is not None or (what == "a worker" and not workers):
            what = "too late" if process.poll() is not None else "the run"
        if what == "all":
            os.killpg(process.pid, signal.SIGKILL)
        elif what == "the run":
            process.kill()
        elif what == "a worker":
            try:
                os.kill(dice.choice(workers), signal.SIGKILL)
            except ProcessLookupError:
                what = "too late"
        process.wait()
    return what


def children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def leftovers(out: Path, mark: str) -> list[str]:
    """Return the half-written files of a run and the processes of it that are still there."""
    deadline = time.monotonic() + 5
    while (running := processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return [*running, *(str(file) for file in out.rglob("*") if ".part" in file.name or file.name.startswith(".stdin-"))]


def processes(mark: str) -> list[str]:
    """Return the command lines of the processes that killed runs have left behind."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={mark}".encode() in entry.read_bytes().split(b"\0"):
                found.append((entry.parent / "cmdline").read_text(errors="replace").replace("\0", " "))
        except OSError:
            continue
    return found


def digest(out: Path) -> str:
    """Return a digest of all that readers see of an output folder but manifests, which tell of single runs."""
    found = hashlib.sha256()
    for file in sorted(out.glob("*/*.jsonl")):
        found.update(f"{file.relative_to(out)}\0".encode() + file.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    main()
