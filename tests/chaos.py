"""Kill runs at random moments and see that the next run ends with the bytes of an undisturbed one.

    python -m tests.chaos [--kills 100] [--pages 2000] [--seed 1] [--workers 2] [--only VICTIM]

Most times a run into a new folder is killed with `kill -9` while it is at work: the run itself, one of its workers, or all
of its processes at once; sometimes the run that goes on is killed, too. Then a run goes to the end, and its files are
compared. The other times another command is killed, or a run that is making its folder and its state, and called again. Only
kills that hit a process at work count; the others are made up for, and reported as "too late".
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
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.cli import main as cli
from flows.layout import LOCK
from flows.planning import shards
from flows.stories import update
from tests.chaos_commands import COMMANDS, Victim
from tests.support.processes import children_of, processes_with, run
from tests.support.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).parent.parent
MARK = "DEHUSK_CHAOS"  # in the environment of the runs that are killed, by which their processes are known
SHARD_BYTES = 60_000  # there has to be a moment between two shards
PART_RECORDS = 500  # and between two parts of an update of stories
TRIES = 50  # to begin a run, for each kill that is to land; most of them land at once
VICTIMS = ("the run", "a worker", "all")
SHARE_OF_RUNS = 0.6
PRINT_EVERY = 10  # tries
ALL_VICTIMS = (*VICTIMS, *(command.name for command in COMMANDS))
LATE = "too late"


def small_run() -> None:
    """Be `dehusk run`, with small shards and small parts of updates of stories."""
    make_steps_small()
    cli(["run", "--settle", "0", *sys.argv[1:]])


def make_steps_small() -> None:
    shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = SHARD_BYTES, 0
    update.PART_RECORDS = PART_RECORDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=[command.name for command in COMMANDS], help="kill this command alone")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        tally = chaos(Path(folder), options.kills, options.pages, options.seed, options.workers, options.only)
    counts = ", ".join(f"{victim}: {tally[victim]}" for victim in (*ALL_VICTIMS, LATE))
    print(f"{landed(tally)} of {options.kills} kills landed ({counts})")
    print(f"{tally['same']} of {tally['runs']} killed runs and commands ended with the bytes of undisturbed ones")
    sys.exit(tally["same"] != tally["runs"] or landed(tally) < options.kills)


def landed(tally: Counter[str]) -> int:
    """Return how many kills hit a process at work."""
    return sum(tally[victim] for victim in ALL_VICTIMS)


def chaos(folder: Path, kills: int, pages: int, seed: int, workers: int, only: str | None = None) -> Counter[str]:
    """Kill until so many kills have landed; count them by victim, the runs that they hit, and those that then ended well.

    With `only`, the command of that name is the one that is killed.
    """
    dice = random.Random(seed)
    make_pages(folder / "pages", pages)
    code = "from tests.chaos import small_run; small_run()"
    command = [sys.executable, "-c", code, str(folder / "pages"), "--no-prefect", "--quiet", "--workers", str(workers), "--out"]
    seconds = seconds_at_work(command, folder / "undisturbed")
    expected = digest(folder / "undisturbed")
    commands = [command for command in COMMANDS if only in (None, command.name)]
    others = [Victim(command, folder, folder / "undisturbed", {MARK: str(folder)}) for command in commands]
    tally: Counter[str] = Counter()
    for number in range(kills * TRIES):
        out, before = folder / f"out-{number}", landed(tally)
        if number % PRINT_EVERY == 0:
            print(f"{before} kills landed; {tally['same']} of {tally['runs']} as undisturbed", file=sys.stderr, flush=True)
        if only or dice.random() > SHARE_OF_RUNS:
            other = dice.choice(others)
            is_at_work = other.kill(dice)
            tally[other.command.name if is_at_work else LATE] += 1
            tally["runs"] += is_at_work
            tally["same"] += is_at_work and other.ends_well()
            if landed(tally) == kills:
                break
            continue
        for _ in range(min(dice.choice((1, 1, 1, 2)), kills - before)):
            tally[kill_a_run(command, out, dice, seconds, str(folder))] += 1
        if landed(tally) > before:
            tally["runs"] += 1
            tally["same"] += ends_well(command, out, expected, folder)
        shutil.rmtree(out, ignore_errors=True)
        if landed(tally) == kills:
            break
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


def seconds_at_work(command: list[str], out: Path) -> float:
    """Run to the end and return how long the run held its output folder; less at most for the start of its processes."""
    with subprocess.Popen([*command, str(out)]) as process:
        wait_until(lambda: token_of(out) or process.poll() is not None, "the start of a run")
        begun = time.monotonic()
        if process.wait(PATIENCE_SECONDS):
            raise RuntimeError(f"the undisturbed run ended with {process.returncode}")
        return time.monotonic() - begun


def token_of(out: Path) -> str:
    """Return the token that a run leaves in its output folder as soon as it holds it."""
    lock = out / LOCK
    return lock.read_text() if lock.exists() else ""


def kill_a_run(command: list[str], out: Path, dice: random.Random, seconds: float, mark: str) -> str:
    """Start a run and kill it, or one of its workers, while it is at work; return the victim, or that it was too late."""
    before = token_of(out)
    with subprocess.Popen(
        [*command, str(out)], env={**os.environ, MARK: mark}, start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        wait_until(lambda: token_of(out) not in ("", before) or process.poll() is not None, "the start of a run")
        time.sleep(dice.uniform(0, seconds))
        victim = dice.choice(VICTIMS)
        workers = [child.pid for child in children_of(process.pid) if "spawn_main" in child.command]
        if victim == "a worker" and not workers:
            victim = "the run"
        is_at_work = process.poll() is None
        if is_at_work and victim == "a worker":
            is_at_work = killed(dice.choice(workers))
            process.wait(PATIENCE_SECONDS)
        elif is_at_work:
            (os.killpg if victim == "all" else os.kill)(process.pid, signal.SIGKILL)
            is_at_work = process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    return victim if is_at_work else LATE


def killed(pid: int) -> bool:
    """Kill a process that is no child of this one; return whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def ends_well(command: list[str], out: Path, expected: str, folder: Path) -> bool:
    """Return whether the run after one that was killed ends with the expected bytes, and nothing is left of the killed one."""
    run([*command, str(out)], check=True)
    left = leftovers(out, str(folder))
    is_well = digest(out) == expected and not left
    if not is_well:
        print(f"{out} differs, or something was left: {left}", flush=True)
        shutil.copytree(out, f"{folder}-{out.name}")
    return is_well


def leftovers(out: Path, mark: str) -> list[str]:
    """Return the half-written files of a run, and its processes that do not end."""
    try:
        wait_until(lambda: not processes_with(MARK, mark), "the end of all processes of a run")
    except TimeoutError:
        return [process.command for process in processes_with(MARK, mark)]
    return [str(file) for file in out.rglob("*") if ".part" in file.name or file.name.startswith(".stdin-")]


def digest(out: Path) -> str:
    """Return a digest of all that readers see of an output folder but manifests, which describe single runs."""
    sha = hashlib.sha256()
    for file in sorted(out.glob("*/*.jsonl")):
        sha.update(f"{file.relative_to(out)}\0".encode() + file.read_bytes())
    return sha.hexdigest()


if __name__ == "__main__":
    main()
