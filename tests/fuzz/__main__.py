"""Fuzz dehusk by hand.

    python -m tests.fuzz [--inputs N] [--seed N] [--processes N] [--time SECONDS] [--only KINDS] [--write]
                         [--climb STEPS]

It prints a tally: the inputs by kind, the broken promises with the least input of each, and the costliest inputs by the byte.
With `--write`, the least inputs go to `tests/fuzz/corpus/`, where the tests run them from then on. With `--climb`, it
looks for the costliest pages of text and HTML in so many steps. It ends with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tests.fuzz.campaign import Tally, campaign
from tests.fuzz.climb import climbs
from tests.fuzz.inputs import KINDS, make_input
from tests.fuzz.minimize import minimized

CORPUS = Path(__file__).parent / "corpus"
SHOWN = 600  # bytes of a least input
PROGRESS = 5_000  # inputs between two lines of progress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--time", type=float, help="seconds after which no more inputs begin")
    parser.add_argument("--only", default="", help=f"kinds, parted by commas, of {', '.join(KINDS)}")
    parser.add_argument("--write", action="store_true", help="write the least inputs to the corpus")
    parser.add_argument("--climb", type=int, default=0, metavar="STEPS", help="look for the costliest pages")
    options = parser.parse_args()
    only = tuple(filter(None, options.only.split(",")))
    if unknown := [kind for kind in only if kind not in {name for full in KINDS for name in (full, full.split("-")[0])}]:
        parser.error(f"--only: there is no kind {unknown[0]!r}; there are {', '.join(KINDS)}")
    tally, shown, failures = Tally(), 0, 0
    for tally in campaign(options.seed, options.inputs, only, processes=options.processes, seconds=options.time):
        if tally.kinds.total() >= shown + PROGRESS or len(tally.failures) > failures:
            shown, failures = tally.kinds.total(), len(tally.failures)
            print(f"{shown:,} inputs, failures: {dict(tally.counts)}", file=sys.stderr, flush=True)
    print_tally(tally, options.seed, only)
    for problem, number in tally.failures.items():
        show_failure(problem, options.seed, number, only, write=options.write)
    if options.climb:
        for line in climbs(options.seed, options.climb):
            print(line, flush=True)
    sys.exit(bool(tally.failures))


def print_tally(tally: Tally, seed: int, only: tuple[str, ...]) -> None:
    """Print the numbers of a campaign."""
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in tally.kinds.most_common())
    refused = ", ".join(f"{reason} {count:,}" for reason, count in tally.refused.most_common())
    print(f"{tally.kinds.total():,} inputs ({kinds}), seed {seed}")
    print(f"{tally.pages:,} pages, of them refused: {refused or 'none'}; {tally.again:,} inputs cleaned again")
    print(f"{tally.counts.total():,} failures of {len(tally.failures)} kinds; digest {tally.digest[:16]}")
    for unit, worst in (("microseconds", tally.micros), ("bytes of memory", tally.memory)):
        for value, number in worst[:3]:
            one = make_input(seed, number, only)
            print(f"{value:,.1f} {unit} a byte: input {number} ({one.kind}, {len(one.raw):,} bytes)")


def show_failure(problem: str, seed: int, number: int, only: tuple[str, ...], *, write: bool) -> None:
    """Print the least input that breaks a promise; with `write`, keep it in the corpus."""
    one = minimized(make_input(seed, number, only), problem)
    print(f"FAILED {problem}: input {number}, {one.name}, as little as {one.raw[:SHOWN]!r}")
    if write:
        slug = re.sub(r"[^a-z0-9]+", "-", problem.lower()).strip("-")[:50]
        suffix = one.name[len(f"{one.kind}-{number}") :]
        (CORPUS / f"{one.kind.split('-')[0]}-{slug}{suffix}").write_bytes(one.raw)


if __name__ == "__main__":
    main()
