"""Fit the numbers of learning to labelled sites, one number after the other, and judge each change on sites left out.

    python -m tests.fit --only learning --sites DIR... [--invented DIR...] [--values 2] [--write [FILE]]

DIR is a folder of sites as for `python -m tests.learning`. For each number a few values beside the present one are tried: a
pack is learnt from each site, and judged by its labelled pages. A number is changed where the value that is best on all sites
but one is better on the one left out, on average over the sites. Called by `tests.fit`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from cleaners.learning.settings import FITTED, LearningSettings, shipped_settings
from tests.fit.processes import each
from tests.learning import LabelledSite, SiteScore, invented_sites, learn, real_sites, score

# Losing prose is worse than leaving clutter.
WEIGHTS = {"stories": 1.0, "clutter": 1.0, "prose": 2.0}
# No pack depends on `site`, by which pages without an address are told apart; those of signs are fitted by `tests.fit.signs`.
NAMES = tuple(name for name in LearningSettings.__struct_fields__ if name not in ("site", "signs", "sign_words"))
STEP = 1.5  # from a value to the next that is tried, as a factor
DIGITS = 4
SHIPPED = Path()  # stands for the shipped file


class Step(NamedTuple):
    """What was tried for a number: its values, the present one first, with their mean goodness, and the one that stays.

    `gain` is that on sites left out.
    """

    name: str
    values: list[float]
    goodness: list[float]
    gain: float
    chosen: float


def goodness(found: SiteScore) -> float:
    """Return how good a pack is, from 0 to 1: the weighted mean of its figures."""
    return sum(weight * found.figures[name] for name, weight in WEIGHTS.items()) / sum(WEIGHTS.values())


class Search:
    """The search over the numbers; what was learnt from a site with some numbers is judged once."""

    def __init__(self, sites: Sequence[LabelledSite], size: int, processes: int) -> None:
        self._sites, self._size, self._processes = sites, size, processes
        self._known: dict[tuple[int, LearningSettings], float] = {}

    @property
    def evaluations(self) -> int:
        """Return how many packs were learnt."""
        return len(self._known)

    def goodness(self, trials: Iterable[LearningSettings]) -> list[list[float]]:
        """Return for each of some settings the goodness on each site."""
        asked = list(trials)
        new = [job for settings in asked for i in range(len(self._sites)) if (job := (i, settings)) not in self._known]
        new = list(dict.fromkeys(new))
        self._known.update(zip(new, each(self._judge, new, self._processes), strict=True))
        return [[self._known[i, settings] for i in range(len(self._sites))] for settings in asked]

    def _judge(self, job: tuple[int, LearningSettings]) -> float:
        site, settings = self._sites[job[0]], job[1]
        return goodness(score(site, self._size, learn(site, self._size, settings)))

    def steps(self, settings: LearningSettings, names: Iterable[str], values: int) -> Iterator[Step]:
        """Yield what was tried for each number, one after the other, each with the numbers that were found before."""
        for name in names:
            tried = values_near(getattr(settings, name), values)
            by_value = self.goodness(replace(settings, **{name: value}) for value in tried)
            gain = held_out_gain(by_value)
            chosen = tried[best_of(by_value)] if gain > 0 else tried[0]
            settings = replace(settings, **{name: chosen})
            yield Step(name, tried, [mean(row) for row in by_value], gain, chosen)


def values_near(present: float, count: int) -> list[float]:
    """Return a share and so many others beside it, below and above in turn, each a factor away from the next."""
    others = [present * STEP ** (sign * (i // 2 + 1)) for i, sign in zip(range(count), (-1, 1) * count, strict=False)]
    return list(dict.fromkeys([present, *(round(min(1.0, value), DIGITS) for value in others)]))


def best_of(by_value: Sequence[Sequence[float]], without: int | None = None) -> int:
    """Return the index of the value that is best on all sites but one, the first of several."""
    sums = [sum(value for i, value in enumerate(row) if i != without) for row in by_value]
    return max(range(len(sums)), key=lambda i: (round(sums[i], 9), -i))


def held_out_gain(by_value: Sequence[Sequence[float]]) -> float:
    """Return the mean gain on each site of the value that is best on the others, over the first value."""
    return mean(by_value[best_of(by_value, i)][i] - by_value[0][i] for i in range(len(by_value[0])))


def settings_bytes(settings: msgspec.Struct) -> bytes:
    """Return settings as the file that holds them."""
    return msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n"


def main(arguments: Sequence[str]) -> None:
    """Print what each number gained on sites left out, and write the numbers when asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fit --only learning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=Path, nargs="*", default=[], help="folders of sites with labelled pages")
    parser.add_argument("--invented", type=Path, nargs="*", default=[], help="folders of invented sites")
    parser.add_argument("--most", type=int, metavar="N", help="use N sites of each folder at most, for a quick look")
    parser.add_argument("--numbers", nargs="*", choices=NAMES, default=NAMES, metavar="NAME", help="fit these alone")
    parser.add_argument("--values", type=int, default=2, metavar="N", help="values that are tried beside the present one")
    parser.add_argument("--pages", type=int, default=20, metavar="N", help="pages that are learnt from")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="one for each core by default")
    parser.add_argument("--write", type=Path, nargs="?", const=SHIPPED, help="write the numbers, by default those shipped")
    options = parser.parse_args(arguments)
    folders = [[*real_sites(folder)] for folder in options.sites] + [[*invented_sites(folder)] for folder in options.invented]
    sites = [site for folder in folders for site in folder[: options.most]]
    if len(sites) < 2:
        parser.error("a site is left out of the fit in turn: give --sites folders with two sites or more")
    search = Search(sites, options.pages, options.processes)
    settings = shipped_settings()
    before = mean(search.goodness([settings])[0])
    for step in search.steps(settings, options.numbers, options.values):
        tried = ", ".join(f"{value:g}: {good:.4f}" for value, good in zip(step.values, step.goodness, strict=True))
        print(f"{step.name:13} {step.values[0]:g} > {step.chosen:g}  left out {step.gain:+.4f}  ({tried})", flush=True)
        settings = replace(settings, **{step.name: step.chosen})
    after = mean(search.goodness([settings])[0])
    print(f"goodness on all sites {before:.4f} > {after:.4f}, fitted to them; {search.evaluations} packs were learnt")
    if options.write:
        (FITTED if options.write == SHIPPED else options.write).write_bytes(settings_bytes(settings))
