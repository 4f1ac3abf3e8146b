"""Time things in turn, so that whatever slows the machine down for a while slows all of them down."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

T = TypeVar("T")
DEHUSK = str(Path(sys.executable).with_name("dehusk"))


@dataclass(frozen=True)
class Figure:
    """One ratio with its spread over the rounds; `value` is the rate or time behind it, in `unit`.

    `better` says whether a higher or a lower ratio is better, `against` what it was measured against in the same rounds.
    """

    part: str
    name: str
    value: float
    unit: str
    ratio: float
    low: float
    high: float
    against: str
    better: str = "higher"


def in_turn(jobs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run each job once a round and return what they tell of it, such as bytes a second."""
    told: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            told[name].append(job())
            print(f"  round {number + 1}: {name} {told[name][-1]:.3g}", file=sys.stderr, flush=True)
    return told


def figure(
    part: str, name: str, values: Sequence[float], unit: str, ratios: Sequence[float], against: str, better: str = "higher"
) -> Figure:
    """Return the median of ratios and of the rates behind them, in millions where their unit says so."""
    value = median(values) / (1e6 if unit.startswith("M") else 1)
    return Figure(part, name, value, unit, median(ratios), min(ratios), max(ratios), against, better)


def beside(part: str, told: Mapping[str, Sequence[float]], base: str, unit: str) -> list[Figure]:
    """Return each rate as a ratio to that of `base` in the same round."""
    return [
        figure(part, name, values, unit, [value / other for value, other in zip(values, told[base], strict=True)], base)
        for name, values in told.items()
    ]


def seconds(things: Iterable[T], one: Callable[[T], object]) -> float:
    """Return how long it takes to do one thing after the other."""
    begun = time.perf_counter()
    for thing in things:
        one(thing)
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Ended:
    """What a process took: seconds by the clock, and the memory of its largest process in bytes."""

    seconds: float
    peak: int


def run_dehusk(*words: str) -> Ended:
    """Run the command as a user would, with a fresh folder for what it writes, and tell what it took."""
    with tempfile.TemporaryDirectory() as out:
        return run_process(DEHUSK, *(word.replace("{out}", out) for word in words))


# A process begins with the memory of the one that starts it, so a small one in between does.
_LAUNCH = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - begun
print(json.dumps([done.returncode, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


def run_process(*words: str) -> Ended:
    """Run a process to its end and tell what it took; its children count when they have ended before it."""
    done = subprocess.run([sys.executable, "-S", "-c", _LAUNCH, *words], capture_output=True, text=True, check=True)
    code, seconds, peak = json.loads(done.stdout)
    if code != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {code}: {done.stderr[-2000:]}")
    return Ended(seconds, peak)


def run_file(path: Path, *words: str) -> float:
    """Return the bytes a second of a whole run over a file with one worker and without Prefect, its start and end included."""
    ended = run_dehusk("run", str(path), "--out", "{out}", "--no-prefect", "--quiet", "--workers", "1", *words)
    return path.stat().st_size / ended.seconds
