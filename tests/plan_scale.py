"""Measure the plan of a run with very many inputs: seconds, and the most memory of each process.

python -m tests.plan_scale [--files N] [--archives N] [--delay SECONDS]

A first plan is that of a listing of small files, made without making files, into an empty state; a second one that of the same
listing when all of them are done, and nothing is new; a third one that of the same listing under other rules, by which all is
cleaned again. Each is made by a process of its own. With --archives, the plan of archives of two pieces each is measured, too:
a server on this machine has them, and gives each answer so many seconds late. A second of the CPU is a better measure on a busy
machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.inputs.discovery import Source
from flows.inputs.listing import Listing, list_sources
from flows.options import RunOptions
from flows.planning.comparison import RunRequest
from flows.planning.database import open_state
from flows.planning.folder import make_folders
from flows.planning.planner import plan_run
from flows.planning.shard_inputs import number_of, write_inputs
from flows.planning.shards import SHARD_BYTES
from tests.support.late_store import late_store, register

A_FOLDER = 1_000  # files
STEPS = {"first plan": "one", "nothing new": "one", "other rules": "two"}  # with the digests of rules
DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a plan: seconds, those of the CPU, and the most bytes in memory, beside its result."""

    seconds: float
    cpu: float
    memory: int
    shards: int
    unchanged: int

    def in_words(self, step: str, inputs: int) -> str:
        found = f"{self.shards:,} shards to clean, {self.unchanged:,} inputs unchanged"
        rate = f"{inputs / self.cpu:,.0f} inputs a CPU second"
        return f"{step}: {self.seconds:.1f} s, {self.cpu:.1f} s of CPU, {rate}, {self.memory / 1e6:,.0f} MB in memory; {found}"


def made_files(number: int) -> Iterator[Source]:
    """Yield small files that are not there, in the order in which folders may list them."""
    for folder in range(0, number, A_FOLDER):
        for at in range(min(A_FOLDER, number - folder)):
            file = folder + at * 7 % min(A_FOLDER, number - folder)  # not in the order of names
            size = 2_000 + file % 5_000
            stamp = f"{size}:1700000000{file:09}:1700000000{file:09}:{file}"
            name = f"site-{folder // A_FOLDER:06}/page-{file:09}.html"
            yield Source(f"/nowhere/pages/{name}", name, size, stamp=stamp)


def plan(out: Path, files: int, rules: str) -> tuple[int, int]:
    """Plan a run, and return the numbers of its shards and of unchanged inputs."""
    with open_state(out) as state:
        found = plan_run(state, Listing(made_files(files)), out, RunRequest(rules, "", RunOptions()))
        return len(found.shards), found.unchanged


def finish(out: Path, files: int) -> None:
    """Record all inputs of a first plan as done, as a run does, but for the files of its shards."""
    with open_state(out) as state:
        stamps = Listing(made_files(files))
        for shard in [*state.shards()]:
            rows = [
                row._replace(stamp=source.stamp, digest=DIGEST, made_by="one")
                for row in state.inputs_of(shard)
                if (source := stamps.get(row.name))
            ]
            write_inputs(out, shard, number_of(shard), {}, rows)
            state.commit(shard, rows, {})


def plan_archives(out: Path, address: str) -> tuple[int, int]:
    """List the archives at an address, plan their run, and return the numbers of its shards and of unchanged inputs."""
    register()
    with open_state(out) as state:
        listing, _ = list_sources([address], out)
        found = plan_run(state, listing, out, RunRequest("one", "", RunOptions()))
        return len(found.shards), found.unchanged


def cost_of(step: partial[tuple[int, int]]) -> Cost:
    """Return the cost of a plan that is made in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (step,))


def _measured(step: partial[tuple[int, int]]) -> Cost:
    begun, cpu = time.monotonic(), time.process_time()
    numbers = step()
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    return Cost(seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, *numbers)


def lines_of(out: Path, files: int, archives: int, delay: float) -> Iterator[str]:
    """Yield the lines of the report."""
    make_folders(out)
    for step, rules in STEPS.items() if files else ():
        yield cost_of(partial(plan, out, files, rules)).in_words(step, files)
        if step == "first plan":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.apply(finish, (out, files))
    if archives:
        with late_store(archives, SHARD_BYTES * 3 // 2, delay) as address, TemporaryDirectory(dir=out.parent) as folder:
            make_folders(Path(folder, "out"))
            cost = cost_of(partial(plan_archives, Path(folder, "out"), address))
            yield cost.in_words(f"archives, each answer {delay} s late", archives)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.plan_scale", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="small files, 0 for none")
    parser.add_argument("--archives", type=int, default=0, help="archives in a store, 0 for none")
    parser.add_argument("--delay", type=float, default=0.1, help="seconds before each answer of the store")
    parser.add_argument("--dir", type=Path, help="where to make an output folder for a while")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(dir=options.dir) as folder:
        for line in lines_of(Path(folder, "out"), options.files, options.archives, options.delay):
            print(line, flush=True)


if __name__ == "__main__":
    main()
