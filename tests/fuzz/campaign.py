"""A campaign: inputs in blocks, each block in one process, and the tally of all of them."""

from __future__ import annotations

import hashlib
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from flows.execution.shard import make_few_collections
from tests.fuzz.cost import micros, peak
from tests.fuzz.inputs import Input, make_input
from tests.fuzz.invariants import CONTROL, Outcome, outcomes_of, problems_in, raised, written
from tests.support.command import dehusk

BLOCK = 40  # inputs
AGAIN = 3  # one input in so many is cleaned a second time, in the opposite order
THOROUGH = 4  # one in so many is checked thoroughly
MEMORY = 400  # one in so many has its memory traced, which takes three times as long
COMMANDS = 1_000  # one block in so many goes through the commands, too; the tests do this with each block
SHOWN = 5  # inputs of such a block are shown by `clean` and `explain`
LEAST_BYTES = 1_000  # of an input whose cost is told; of shorter ones it is the cost of any page
WORST = 5  # inputs that are noted as the costliest
MAX_SECONDS = 60  # of processor time for one input, when run by hand


@dataclass
class Tally:
    """What became of inputs: their kinds, the first input of each broken promise, and the costliest inputs by the byte."""

    kinds: Counter[str] = field(default_factory=Counter)
    failures: dict[str, int] = field(default_factory=dict)  # the number of the first input
    counts: Counter[str] = field(default_factory=Counter)  # of failures
    pages: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    again: int = 0
    micros: list[tuple[float, int]] = field(default_factory=list)  # a byte, and the number of the input
    memory: list[tuple[float, int]] = field(default_factory=list)  # bytes a byte
    digest: str = ""

    def add(self, other: Tally) -> None:
        for name, number in other.failures.items():
            self.failures[name] = min(number, self.failures.get(name, number))
        self.kinds += other.kinds
        self.counts += other.counts
        self.refused += other.refused
        self.pages += other.pages
        self.again += other.again
        self.micros = sorted(self.micros + other.micros, reverse=True)[:WORST]
        self.memory = sorted(self.memory + other.memory, reverse=True)[:WORST]
        self.digest = hashlib.sha256((self.digest + other.digest).encode()).hexdigest()

    def fail(self, number: int, problems: Sequence[str]) -> None:
        for problem in problems:
            self.failures.setdefault(problem, number)
            self.counts[problem] += 1


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the block takes so much processor time; 0 is without bound."""

    def over(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"over {seconds} seconds")

    before = signal.signal(signal.SIGVTALRM, over) if seconds else None
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if seconds:
            signal.signal(signal.SIGVTALRM, before)


def run_block(
    seed: int, start: int, count: int, only: Sequence[str] = (), *, seconds: float = 0, commands: bool = False
) -> Tally:
    """Clean the inputs from one number on and hold them to all promises."""
    make_few_collections()
    tally = Tally()
    first: dict[int, tuple[Input, bytes]] = {}
    sha = hashlib.sha256()
    for number in range(start, start + count):
        one = make_input(seed, number, only)
        tally.kinds[one.kind] += 1
        try:
            with bounded(seconds):
                outcomes = _measured(one, number, tally)
                tally.fail(number, problems_in(outcomes, is_thorough=number % THOROUGH == 0))
        except Exception as error:  # of reading the file: no error of a page comes this far
            tally.fail(number, [raised(error)])
            continue
        tally.pages += len(outcomes)
        tally.refused.update(reason for done in outcomes if (reason := getattr(done.error, "reason", "")))
        first[number] = one, written(outcomes)
        sha.update(first[number][1])
    for number, (one, lines) in reversed(first.items()):
        if number % AGAIN == 0:
            tally.again += 1
            if written(outcomes_of(one)) != lines:
                tally.fail(number, ["another result the second time"])
    if commands:
        tally.fail(start, list(problems_of_commands([one for one, _ in first.values()])))
    tally.digest = sha.hexdigest()
    return tally


def _measured(one: Input, number: int, tally: Tally) -> list[Outcome]:
    """Clean an input, and note its cost in time or, of a few inputs, in memory.

    One that is among the costliest is measured again: the first page of a language or site loads its rules.
    """
    cost, worst = (peak, tally.memory) if number % MEMORY == 0 else (micros, tally.micros)
    outcomes, found = cost(one)
    if len(one.raw) >= LEAST_BYTES:
        if len(worst) < WORST or found / len(one.raw) > worst[-1][0]:
            found = min(found, cost(one)[1])
        worst.append((found / len(one.raw), number))
        worst[:] = sorted(worst, reverse=True)[:WORST]
    return outcomes


def problems_of_commands(inputs: Sequence[Input]) -> Iterator[str]:
    """Yield the problems of a run over some inputs and of its verification, through the commands."""
    with TemporaryDirectory() as folder:
        pages, out = Path(folder, "pages"), Path(folder, "out")
        pages.mkdir()
        (pages / "a.txt").write_text("Ferry returns\nThe ferry is back.", encoding="utf-8")  # a run needs a page
        for one in inputs:
            (pages / one.name).write_bytes(one.raw)
        run = dehusk("run", str(pages), "--out", str(out), "--no-prefect", "--quiet", "--workers", "1", "--settle", "0")
        if run.returncode:
            yield f"run ended with {run.returncode}: {run.stderr.decode()[-300:]}"
        if any(b'"reason":"defect"' in file.read_bytes() for file in out.glob("quarantine/*.jsonl")):
            yield "a run quarantined a page for a defect"
        verify = dehusk("verify", str(out), str(pages))
        if verify.returncode:
            yield f"verify ended with {verify.returncode}: {(verify.stdout + verify.stderr).decode()[-300:]}"
        for one in inputs[:SHOWN]:
            for command in (["clean"], ["explain", "--why"]):
                done = dehusk(*command, str(pages / one.name))
                if done.returncode not in (0, 1, 2) or CONTROL.search((done.stdout + done.stderr).decode()):
                    yield f"{command[0]} ended with {done.returncode}, or printed control characters"


def campaign(
    seed: int, inputs: int, only: Sequence[str] = (), *, processes: int = 1, seconds: float | None = None
) -> Iterator[Tally]:
    """Yield the tally after each block, in order, until so many inputs are done or so many seconds are over."""
    begun = time.monotonic()
    blocks = ((start, min(BLOCK, inputs - start)) for start in range(0, inputs, BLOCK))
    tally = Tally()
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        while wave := list(islice(blocks, processes * 8)):
            done = [
                pool.submit(run_block, seed, start, count, only, seconds=MAX_SECONDS, commands=start // BLOCK % COMMANDS == 0)
                for start, count in wave
            ]
            for one in done:
                tally.add(one.result())
            yield tally
            if seconds is not None and time.monotonic() - begun > seconds:
                return
