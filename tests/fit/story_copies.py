"""Fit the numbers of stories to made copies of stories, and print how they do on those of other stories.

    python -m tests.fit --only stories --sets DIR... [--invented 60] [--write [FILE]]

DIR is a set of labelled pages, as for the other parts of the fit; `tests/story_variants.py` makes the copies, and texts that
look like copies and are none. Stories are parted in two by a hash. One after the other, each number takes the value that is
best on the one part, and all figures are printed for the other part. Called by `tests.fit`.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import msgspec
from msgspec.structs import replace

from cleaners.stories.relation import Relation
from cleaners.stories.settings import FITTED, StorySettings, shipped_settings
from cleaners.stories.sketch import Sketch, sketch_of
from cleaners.stories.story import Story
from cleaners.stories.table import stories_of
from tests.fit.learning import settings_bytes
from tests.fit.sets import fold_of
from tests.story_variants import (
    CUTS,
    FULL,
    HEADLINE,
    INVENTED,
    NEGATIVES,
    TEASERS,
    Made,
    Source,
    invented_stories,
    made_set,
    sources_of,
    unlike,
)

# The values that are tried for each number; the others make the sketch, and are as they were measured when it was designed.
VALUES: dict[str, Sequence[float]] = {
    "opens": (0.3, 0.4, 0.5, 0.6),
    "brief_opens": (0.4, 0.6, 0.7, 0.8, 0.9),
    "leads": (0.3, 0.4, 0.5, 0.6, 0.7),
    "numbers": (0.5, 0.6, 0.7, 0.8, 0.9),
    "titles": (0.4, 0.6, 0.7, 0.8, 0.9),
    "brief": (30, 40, 60, 80),
    "excerpt": (0.75, 0.8, 0.85),
}
COPIES = {"full": FULL, "cut": CUTS, "teasers": TEASERS}
MOST_MISTAKES = 40  # printed
PARTS = 2
TOLERANCE = 0.005  # of goodness
SHIPPED = Path()  # stands for the shipped file


@dataclass(frozen=True, slots=True)
class Figures:
    """How a set of made records was grouped.

    `pairs` are the pairs of texts in one group, the right ones and all, by language and in all (""). `found` and `made` count
    the records by language and kind: of copies, those in the group of their story; of negatives, those in no group of another
    one. `related` is the share of copies with the right relation, `best` that of stories with a clean full copy as best.
    """

    pairs: dict[str, tuple[int, int]]
    found: Counter[tuple[str, str]]
    made: Counter[tuple[str, str]]
    related: float
    best: float
    mistakes: list[tuple[str, str]]

    def precision(self, language: str = "") -> float:
        """Return the share of right pairs."""
        right, every = self.pairs.get(language, (0, 0))
        return right / every if every else 1.0

    def share(self, kinds: Iterable[str], language: str = "") -> float:
        """Return the share of records of some kinds that were grouped as they should be."""
        made = sum(self.made[language, kind] for kind in kinds)
        return sum(self.found[language, kind] for kind in kinds) / made if made else 1.0

    @property
    def goodness(self) -> float:
        """Return how good the grouping is: a wrong pair weighs as much as many lost copies."""
        recall = mean(self.share(kinds) for kinds in COPIES.values())
        return recall + mean(self.share([kind]) for kind in NEGATIVES) + 10 * self.precision() + 0.1 * self.related


def figures(made: Sequence[Made], stories: Iterable[Story]) -> Figures:
    """Return how made records were grouped in stories."""
    by_record = {one.sighting.record: one for one in made}
    pairs: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    found, count = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    related, best, mistakes = [], [], []
    for story in stories:
        group = [(by_record[sighting.record], relation) for sighting, relation in story.seen]
        texts = [one for one, _ in group if one.kind != HEADLINE]
        tellers = Counter(one.story for one in texts)
        for language in {"", *(one.language for one in texts[:1])}:
            pairs[language][0] += sum(n * (n - 1) // 2 for n in tellers.values())
            pairs[language][1] += len(texts) * (len(texts) - 1) // 2
        mains = {one.story for one in texts if one.kind == "copy"}
        for one, relation in group:
            is_right = len(tellers) == 1 if one.kind in NEGATIVES else one.story in mains
            for language in {"", one.language}:
                count[language, one.kind] += 1
                found[language, one.kind] += is_right
            if one.kind in (*FULL, *CUTS, *TEASERS):
                related.append(relation == (Relation.SAME if one.kind in FULL else Relation.EXCERPT))
            if not is_right:
                mistakes.append((one.kind, one.sighting.record))
        if mains and len(tellers) == 1 and story.best is not None:
            best.append(by_record[story.best.record].kind not in ("caption", "byline", "joined", "reworded", *CUTS, *TEASERS))
    return Figures(
        {name: (a, b) for name, (a, b) in pairs.items()}, found, count, mean(related or [1]), mean(best or [1]), mistakes
    )


class Judge:
    """Made records with their sketches; numbers that are not of the sketch are tried on them."""

    def __init__(self, made: list[Made], settings: StorySettings) -> None:
        self.made = made
        start = time.process_time()
        self.sketches: list[Sketch] = [sketch_of(one.given, settings) for one in made]
        self.seconds = time.process_time() - start

    def figures(self, settings: StorySettings) -> Figures:
        """Return the figures with some settings."""
        return figures(self.made, self.stories(settings))

    def stories(self, settings: StorySettings) -> list[Story]:
        """Return the stories of the records with some settings."""
        return stories_of(zip(self.sketches, (one.sighting for one in self.made), strict=True), settings)

    def steps(self, settings: StorySettings, names: Iterable[str]) -> Iterator[tuple[str, StorySettings, dict[float, float]]]:
        """Yield the settings with each number at its best, one after the other, and the goodness of all values tried."""
        for name in names:
            tried = dict.fromkeys((getattr(settings, name), *VALUES[name]))
            goodness = {value: self.figures(replace(settings, **{name: value})).goodness for value in tried}
            # Of those that are about as good as the best one, the middle one is the furthest from harm.
            top = [value for value in sorted(goodness) if goodness[value] >= max(goodness.values()) - TOLERANCE]
            settings = replace(settings, **{name: top[len(top) // 2]})
            yield name, settings, goodness


def report(judge: Judge, settings: StorySettings) -> Iterator[str]:
    """Yield the lines of a report on made records."""
    found = judge.figures(settings)
    languages = sorted({"", *(one.language for one in judge.made)})
    for language in languages:
        shares = "  ".join(f"{name} {found.share(kinds, language):.4f}" for name, kinds in COPIES.items())
        right, every = found.pairs.get(language, (0, 0))
        precision = f"precision {found.precision(language):.5f} ({every - right} of {every})"
        yield f"{language or 'all':4} {found.made[language, 'copy']:4} stories  {precision}  {shares}"
    for kind in (*FULL, *CUTS, *TEASERS, HEADLINE, *NEGATIVES):
        by_language = "  ".join(
            f"{language or 'all'} {found.share([kind], language):.3f}" for language in languages if found.made[language, kind]
        )
        yield f"{kind:16} {found.made['', kind]:5}  {by_language}"
    yield f"right relation {found.related:.4f}, clean full copy as the best {found.best:.4f}"
    size = mean(len(msgspec.msgpack.encode(sketch)) for sketch in judge.sketches)
    start = time.process_time()
    judge.stories(settings)
    linked = time.process_time() - start
    count = len(judge.sketches)
    speed = f"{count / judge.seconds:.0f} sketches and {count / linked:.0f} links a second"
    yield f"{count} records: {speed}, {size:.0f} bytes each"
    for kind, record in found.mistakes[:MOST_MISTAKES]:
        yield f"  mistake: {kind}: {record}"


def sources(folders: Iterable[Path], invented: int) -> list[Source]:
    """Return the stories of sets, each once, and invented ones."""
    real = unlike(story for folder in folders for story in sources_of(folder))
    return [*real, *(story for code in INVENTED for story in invented_stories(code, invented))]


def main(arguments: Sequence[str]) -> None:
    """Fit the numbers on the one part of the stories, print how they do on the other, and write them when asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fit --only stories", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="sets of labelled pages")
    parser.add_argument("--invented", type=int, default=60, metavar="N", help="invented stories in each of some languages")
    parser.add_argument(
        "--numbers", nargs="*", choices=list(VALUES), default=list(VALUES), metavar="NAME", help="fit these alone"
    )
    parser.add_argument("--write", type=Path, nargs="?", const=SHIPPED, help="write the numbers, by default those shipped")
    options = parser.parse_args(arguments)
    stories = sources(options.sets, options.invented)
    parts = [[story for story in stories if fold_of(story.name, PARTS) == part] for part in range(PARTS)]
    if not all(parts):
        parser.error("too few stories: give --sets or --invented more of them")
    settings = shipped_settings()
    fitting, checking = (Judge(made_set(part), settings) for part in parts)
    for step in fitting.steps(settings, options.numbers):
        name, settings, goodness = step
        tried = ", ".join(f"{value:g}: {good:.4f}" for value, good in goodness.items())
        print(f"{name:12} {getattr(settings, name):g}  ({tried})")
    print("\nstories not fitted to:", *report(checking, settings), sep="\n")
    if options.write:
        (FITTED if options.write == SHIPPED else options.write).write_bytes(settings_bytes(settings))
