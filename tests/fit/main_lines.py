"""Fit the judgement of lines near the chosen main text of an HTML page, and print how runs do on sites it was not fitted to.

    python -m tests.fit.main_lines --html DIR... [--names N] [--write [FILE]]

A set of HTML is a folder with `gold.jsonl` and `pages/NAME.html.gz`, as in `tests.fit.sets`. All pages of a site are in one
fold. The names of classes and ids are those that many sites use and that tell most; they are chosen without the fold that is
held out. Run it again after the line score was fitted anew.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

import numpy as np
from msgspec.structs import replace
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cleaners import BadPage, Library, Page, clean_page, read_html, shipped_packs
from cleaners.fitted.main_lines import FILE, MainLineWeights, main_line_bytes
from cleaners.html import names
from cleaners.html.looks import forget_looks
from cleaners.segmentation import main_content
from cleaners.segmentation.main_lines import Judged, described
from tests.fit.labels import own_lines_of_gold
from tests.fit.logistic import DIGITS, MAX_ITERATIONS, TOLERANCE
from tests.fit.measure import shingles
from tests.fit.processes import each
from tests.fit.sets import fold_of

FOLDS = 4
STRENGTH = 0.03  # inverse of the penalty on large weights
MIN_PAGES = 5  # that a feature is on
MIN_SITES = 8  # that use a name
MAX_NAMES = 1_000  # around a word, as those that are known are not chosen yet
SHORT_CHARS = 20  # added to the length of each line
LINE_CHARS = 1.0  # most that a line may count, as a share of the text
THRESHOLDS = (-1.2, -1.0, -0.8, -0.6, -0.4, -0.2)


class _AllNames:
    """A container that holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass(slots=True)
class Judgement:
    """A page as it was when its lines were judged: the lines judged, whether each is own text, and what the run asked for."""

    set: str
    site: str
    gold: str
    page: Page
    answers: list[list[bool]]
    texts: list[str]
    chosen: list[bool]
    judged: Judged
    own: list[bool]


def judgements(folders: Iterable[Path], processes: int) -> list[Judgement]:
    """Return the pages of sets of HTML; those without a text in them are left out."""
    rows = [
        (folder, json.loads(line))
        for folder in folders
        for line in (folder / "gold.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    found = each(lambda job: _judgement(*job), rows, processes)
    return [page for page in found if page is not None]


def _judgement(folder: Path, row: dict[str, Any]) -> Judgement | None:
    with mock.patch.multiple(names, known_names=_AllNames, MAX_NAMES=MAX_NAMES):
        forget_looks()
        try:
            page = read_html(gzip.decompress((folder / "pages" / f"{row['page']}.html.gz").read_bytes()), library=_library())
        except BadPage:
            return None
        finally:
            forget_looks()
    answers: list[list[bool]] = []
    seen: list[tuple[list[str], list[bool], Judged]] = []

    def record(features: Any, chosen: Any, main: Any, barred: Any, scores: Any, _: object) -> list[bool]:
        judged = described(features, chosen, main, barred, scores)
        seen.append(([feature.line.text for feature in features], list(chosen), judged))
        return list(chosen)

    asked = replace_extractors(page, [_recorded(extract, answers) for extract in page.extractors])
    with mock.patch.object(main_content, "judge_lines", record):
        clean_page(asked, _library())
    if not seen or not row.get("gold"):
        return None
    texts, chosen, judged = seen[0]
    own = own_lines_of_gold(texts, row["gold"])
    site = str(row.get("domain") or row["page"])
    return Judgement(folder.name, site, row["gold"], replace_extractors(page, ()), answers, texts, chosen, judged, own)


def _recorded(extract: Callable[[], Sequence[bool]], answers: list[list[bool]]) -> Callable[[], list[bool]]:
    def asked() -> list[bool]:
        answers.append(list(extract()))
        return answers[-1]

    return asked


def replace_extractors(page: Page, extractors: Sequence[Callable[[], Sequence[bool]]]) -> Page:
    """Return a page with other extractors."""
    return dataclasses.replace(page, extractors=extractors, find_day=None)


_libraries: list[Library] = []


def _library() -> Library:
    if not _libraries:
        _libraries.append(Library(shipped_packs(), site_packs=False))
    return _libraries[0]


def fit_main_lines(pages: Sequence[Judgement], most_names: int) -> MainLineWeights:
    """Return the weights that explain the own lines of pages; of all names, those with the greatest weights are used."""
    on_pages = Counter(name for page in pages for name in {name for row in page.judged.features for name in row})
    sites = {(name, page.site) for page in pages for row in page.judged.names for name in row}
    by_sites = Counter(name for name, _ in sites)
    own = sorted(name for name, count in on_pages.items() if count >= MIN_PAGES)
    named = sorted(name for name, count in by_sites.items() if count >= MIN_SITES)
    first = _fit(pages, own, named)
    named = sorted(
        sorted(named, key=lambda name: (-abs(first.names.get(name, 0.0)) * by_sites[name] ** 0.5, name))[:most_names]
    )
    return _fit(pages, own, named)


def _fit(pages: Sequence[Judgement], own: Sequence[str], named: Sequence[str]) -> MainLineWeights:
    places = {name: i for i, name in enumerate(own)}
    name_places = {name: i for i, name in enumerate(named, len(own))}
    columns: list[int] = []
    ends = [0]
    labels: list[bool] = []
    weights: list[float] = []
    for page in pages:
        gold = sum(len(text) for text, is_own in zip(page.texts, page.own, strict=True) if is_own) or 1
        for i, features, around in zip(*page.judged, strict=True):
            columns += [places[name] for name in features if name in places]
            columns += [name_places[name] for name in around if name in name_places]
            ends.append(len(columns))
            labels.append(page.own[i])
            weights.append(min(LINE_CHARS, (len(page.texts[i]) + SHORT_CHARS) / gold))
    matrix = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), np.array(columns, np.int32), np.array(ends)),
        shape=(len(labels), len(own) + len(named)),
    )
    model: Any = LogisticRegression(C=STRENGTH, max_iter=MAX_ITERATIONS, tol=TOLERANCE)
    model.fit(matrix, labels, sample_weight=np.array(weights) * len(weights) / sum(weights))
    found = [round(float(value), DIGITS) + 0.0 for value in model.coef_[0]]
    return MainLineWeights(
        0.0,
        0.0,
        round(float(model.intercept_[0]), DIGITS),
        {name: found[i] for name, i in places.items() if found[i]},
        {name: found[i] for name, i in name_places.items() if found[i]},
    )


def odds_of(page: Judgement, weights: MainLineWeights) -> list[float]:
    """Return the odds of each line that is judged."""
    return [
        weights.bias
        + sum(weights.features.get(name, 0.0) for name in own)
        + sum(weights.names.get(name, 0.0) for name in around)
        for _, own, around in zip(*page.judged, strict=True)
    ]


def best_thresholds(scored: Sequence[tuple[Judgement, list[float]]]) -> dict[str, float]:
    """Return the thresholds with the best F1 of the lines alone on held-out sites, a mean of the sets.

    No line is added more easily than one is kept.
    """
    figures = {}
    for kept, added in combinations_with_replacement(THRESHOLDS, 2):
        found = [(page, "\n".join(texts_above(page, odds, kept, added))) for page, odds in scored]
        figures[kept, added] = mean(f1 for _, _, f1 in figures_of(found).values())
    return dict(zip(("kept", "added"), max(figures, key=figures.__getitem__), strict=True))


def texts_above(page: Judgement, odds: Sequence[float], kept: float, added: float) -> list[str]:
    """Return the lines of a page with odds of at least `kept`, or `added` when they were not chosen before."""
    found = zip(page.judged.lines, odds, strict=True)
    return [page.texts[i] for i, value in found if value >= (kept if page.chosen[i] else added)]


@cache
def _wanted(gold: str) -> Counter[tuple[str, ...]]:
    return shingles(gold)


def figures_of(found: Iterable[tuple[Judgement, str]]) -> dict[str, tuple[float, float, float]]:
    """Return precision, recall and F1 of each set of pages with the texts found on them."""
    by_set: dict[str, list[tuple[float, float]]] = {}
    for page, text in found:
        have, want = shingles(text), _wanted(page.gold)
        both = (have & want).total()
        by_set.setdefault(page.set, []).append((both / (have.total() or 1), both / want.total()))
    means = {name: (mean(row[0] for row in rows), mean(row[1] for row in rows)) for name, rows in by_set.items()}
    return {name: (one, other, 2 * one * other / ((one + other) or 1)) for name, (one, other) in means.items()}


def run(page: Judgement, weights: MainLineWeights | None) -> str:
    """Return the article of a whole run on a page, without judging its lines when `weights` is None."""
    asked = replace_extractors(page.page, [lambda answer=answer: answer for answer in page.answers])
    judge = (
        mock.patch.object(main_content, "shipped_main_lines", lambda: weights)
        if weights is not None
        else mock.patch.object(main_content, "judge_lines", lambda features, chosen, *_: list(chosen))
    )
    with judge:
        return "\n".join(record.text for record in clean_page(asked, _library()).records if record.kind == "article")


def main() -> None:
    """Fit, print and write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--html", type=Path, nargs="+", required=True, help="sets of HTML pages with gold texts")
    parser.add_argument("--names", type=int, default=300, help="the number of names of classes and ids with a weight")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="one for each core by default")
    parser.add_argument("--write", type=Path, nargs="?", const=FILE, help="write the weights, by default to the shipped file")
    options = parser.parse_args()
    pages = judgements(options.html, options.processes)
    folds = [fold_of(page.site, FOLDS) for page in pages]
    parts = [[page for page, other in zip(pages, folds, strict=True) if other != fold] for fold in [*range(FOLDS), None]]
    *fitted, whole = each(lambda part: fit_main_lines(part, options.names), parts, options.processes)
    thresholds = best_thresholds([(page, odds_of(page, fitted[fold])) for page, fold in zip(pages, folds, strict=True)])
    fitted, whole = [replace(weights, **thresholds) for weights in fitted], replace(whole, **thresholds)
    print(f"{len(whole.features)} features, {len(whole.names)} names, thresholds {thresholds}")
    jobs = [(page, weights) for page, fold in zip(pages, folds, strict=True) for weights in (None, fitted[fold])]
    texts = each(lambda job: run(*job), jobs, options.processes)
    for name, found in {"as chosen": texts[::2], "judged, held-out sites": texts[1::2]}.items():
        rows = figures_of(zip(pages, found, strict=True))
        print(f"{name:24}", *(f"{key} P {a:.4f} R {b:.4f} F1 {c:.4f}" for key, (a, b, c) in rows.items()), sep="  ")
    if options.write:
        options.write.write_bytes(main_line_bytes(whole))


if __name__ == "__main__":
    main()
