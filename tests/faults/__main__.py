"""Let each call of small commands that reaches a file fail, tear or be the last one, and see that the next run mends all.

    python -m tests.faults [--every N] [--only SCENARIO] [--kind KIND]

Needs a C compiler. Prints a table of the faults tried, and ends with 1 if one was not mended.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.lab import Lab
from tests.faults.power_trial import PowerTrial
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.shim import CONTROL, KINDS, Shim, environment
from tests.faults.trial import Trial

SPARSER = 8  # where processes have to be started for each fault


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="try each N-th fault")
    parser.add_argument("--only", choices=[scenario.name for scenario in SCENARIOS], action="append")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--twice", action="store_true", help="let the next call meet a fault, too, and see the one after it")
    parser.add_argument("--power", action="store_true", help="cut the power instead, so that what was not flushed is lost")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        if CONTROL not in os.environ:
            command = [sys.executable, "-m", "tests.faults", *sys.argv[1:]]
            sys.exit(subprocess.run(command, env=environment(Path(folder))).returncode)
        scenarios = [scenario for scenario in SCENARIOS if not options.only or scenario.name in options.only]
        lab = Lab(Path(folder), Shim())
        tried, failed = Counter[str](), 0
        for scenario in scenarios:
            if options.power and (scenario.has_workers or scenario.command[0] == "verify"):
                continue
            for name, problems in (cuts if options.power else faults)(lab, scenario, options):
                tried[name] += 1
                failed += bool(problems)
            print(f"{scenario.name}: {tried.total()} tried, {failed} not mended", flush=True)
    for name, number in tried.items():
        print(f"{number:6} {name}")
    print(f"{tried.total() - failed} of {tried.total()} mended by the next run")
    sys.exit(failed > 0)


def faults(lab: Lab, scenario: Scenario, options: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    """Try faults and yield the sort of each with the problems."""
    trial = Trial(lab, scenario)
    all_faults = [fault for fault in trial.faults() if not options.kind or fault.kind in options.kind]
    dice = random.Random(scenario.name)
    for fault in all_faults[:: options.every * (SPARSER if scenario.has_workers else 1)]:
        second = dice.choice(all_faults) if options.twice else None
        if problems := [*trial.problems(fault, second)]:
            print(f"{scenario.name}, {fault}{f' and {second}' if second else ''}: {'; '.join(problems)}", flush=True)
        yield f"{fault.kind}: {fault.mode}", problems


def cuts(lab: Lab, scenario: Scenario, options: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    """Try power cuts and yield the scenario of each with the problems."""
    trial = PowerTrial(lab, scenario)
    for number, (moment, tree) in enumerate(trial.cuts()):
        if number % options.every and moment.at < trial.last:
            continue
        if problems := [*trial.power_problems(moment, tree)]:
            print(
                f"{scenario.name}, power cut {number} after {moment.at} of {trial.last} changes: {'; '.join(problems)}",
                flush=True,
            )
        yield f"power cut: {scenario.name}", problems


if __name__ == "__main__":
    main()
