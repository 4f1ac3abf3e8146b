"""Fit all numbers to the pages of some sites, and run dehusk with them on the pages of the others.

Called by `tests.fit`. The line score is fitted first; the other parts are fitted to scores that pages get from fits of the line
score that did not see their sites. So a fit that holds out fold 0 needs line scores without folds 0 and 1, without folds 0 and
2, and so on; each of them serves two folds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from msgspec.structs import replace

from cleaners import Library, shipped_packs
from cleaners.fitted.load import GrammarWeights, LineScoreWeights, Reading
from cleaners.rules.load import shipped_site_packs
from cleaners.segmentation.line_context import context_sizes
from cleaners.segmentation.line_form import sizes
from cleaners.segmentation.line_score import LineScorer
from tests.fit import grammar, line_score, own_lines, title
from tests.fit.centre import centred
from tests.fit.measure import figures, table
from tests.fit.outcome import Outcome, outcome_of
from tests.fit.processes import each
from tests.fit.sets import BLIND, BRIEF, UNFITTED, LabelledPage, fold_of
from tests.fit.weights import weight_of

DIGEST = "line_score"
UNMEASURED = (BLIND, BRIEF)  # sets that are made of pages of other sets
NO_LISTS = GrammarWeights(least=1.0)
WITHOUT_FORM = frozenset({*sizes(), *context_sizes(), *line_score.NEAR_NUMBERS}) - {"kind", "length"}
SHARES = (1 / 8, 1 / 4, 1 / 2)  # of the sites fitted to, for the learning curve
Packs = Sequence[tuple[str, bytes]]


class Variant(NamedTuple):
    """A way to fit and to run: to a share of the sites, without some numbers of the line score, without lists, with packs."""

    share: float = 1.0
    without: frozenset[str] = frozenset()
    lists: bool = True
    packs: Callable[[Packs], Packs] = list

    def sees(self, page: LabelledPage) -> bool:
        """Return whether a page is of one of the sites fitted to."""
        return crc32(f"share {page.site}".encode()) < self.share * 2**32


def without_layouts(packs: Packs) -> Packs:
    """Return packs without their layouts of stories that follow each other; without those of sites, which fits leave out."""
    general = [pack for pack in packs if pack not in shipped_site_packs()]
    return [(name, b"".join(part for part in _tables(toml) if not _is_list_layout(part))) for name, toml in general]


def _tables(toml: bytes) -> list[bytes]:
    return re.split(rb"(?m)^(?=\[)", toml)


def _is_list_layout(part: bytes) -> bool:
    return part.startswith(b"[[layout]]") and re.search(rb"(?m)^repeats\b", part) is not None


def without_languages(packs: Packs) -> Packs:
    """Return the pack for any page alone."""
    return [(name, toml) for name, toml in packs if name == "generic.toml"]


WHOLE = Variant()
ABLATIONS: Mapping[str, Variant] = {
    "everything": WHOLE,
    "line score: rules, length": Variant(without=WITHOUT_FORM),
    "no page grammar": Variant(lists=False),
    "no layouts of packs": Variant(packs=without_layouts),
    "no language packs": Variant(packs=without_languages),
}
CURVE: Mapping[str, Variant] = {
    **{f"1/{round(1 / share)} of the sites": Variant(share) for share in SHARES},
    "all sites fitted to": WHOLE,
}


class _Scores(NamedTuple):
    """A fit of the line score, and its scores of the pages held out, by their places."""

    weights: LineScoreWeights
    scores: dict[int, Sequence[float]]


class Fitted(NamedTuple):
    """A fit to the pages of all folds but those held out, a report on it, and what runs with it make of pages."""

    reading: Reading
    report: list[str]
    outcomes: list[Outcome]


class Fits:
    """The fits to labelled pages, by what they hold out; a line score is fitted once for all that need it."""

    def __init__(self, pages: Sequence[LabelledPage], folds: int, processes: int = 1) -> None:
        self.pages, self.folds, self._processes = pages, folds, processes
        self._prepared = line_score.prepare(pages)
        self._fold = [fold_of(page.site, folds) for page in pages]
        self._scores: dict[tuple[frozenset[int], float, frozenset[str]], _Scores] = {}

    def fit(self, wanted: Iterable[tuple[int | None, Variant]]) -> list[Fitted]:
        """Return fits that each hold out a fold, None for the fit to all pages, with what they make of the pages held out.

        The fit to all pages is run on these pages.
        """
        wanted = list(wanted)
        first = {
            (held, variant.share, variant.without): (held, variant)
            for fold, variant in wanted
            for held in self._needed(fold)
        }  # fmt: skip
        jobs = sorted((key for key in first if key not in self._scores), key=lambda key: (len(key[0]), sorted(key[0]), -key[1]))
        fitted = each(lambda key: self._line_score(*first[key]), jobs, self._processes)
        self._scores |= dict(zip(jobs, fitted, strict=True))
        return each(lambda job: self._fit(*job), wanted, self._processes)

    def _needed(self, fold: int | None) -> Iterator[frozenset[int]]:
        """Yield the sets of folds without which a line score is needed, for a fit without `fold`."""
        own = frozenset() if fold is None else frozenset({fold})
        yield own
        yield from (own | {other} for other in range(self.folds) if other != fold)

    def _line_score(self, held: frozenset[int], variant: Variant) -> _Scores:
        train = [
            page
            for page, fold in zip(self._prepared, self._fold, strict=True)
            if fold not in held and variant.sees(page.page) and weight_of(page.page, line_score.PART) > 0
        ]
        weights = line_score.fit_weights(train, variant.without)
        scorer = LineScorer(weights)
        places = [i for i, page in enumerate(self.pages) if self._fold[i] in held and variant.sees(page)]
        return _Scores(weights, {i: scorer.scores(self.pages[i].features) for i in places})

    def _fit(self, fold: int | None, variant: Variant) -> Fitted:
        """Return the fit without a fold, by the line scores that were fitted before."""
        held_out: dict[int, Sequence[float]] = {}
        own, *others = [self._scores[held, variant.share, variant.without] for held in self._needed(fold)]
        for found in others:
            held_out |= {i: scores for i, scores in found.scores.items() if self._fold[i] != fold}
        scored = [(self.pages[i], held_out[i]) for i in sorted(held_out)]
        threshold, steps = line_score.best_threshold(scored)
        weights = own.weights if fold is not None else centred(own.weights, [page.features for page in self.pages])
        reading = fit_others(scored, replace(weights, threshold=threshold), lists=variant.lists)
        library = Library(variant.packs(shipped_packs()), site_packs=False, reading=reading)
        judged = [page for i, page in enumerate(self.pages) if fold in (None, self._fold[i]) and page.set not in UNMEASURED]
        report = [
            f"line score, held-out sites, threshold {threshold}\n{table(figures(scored, threshold))}",
            "threshold: page F1 and paragraphs lost on held-out sites, mean of the sets of text pages",
            *steps,
        ]
        return Fitted(reading, report, [outcome_of(page, library) for page in judged])

    def yardstick(self) -> Iterator[str]:
        """Yield the figures of the line score beside boosted trees, on the first fold."""
        parts = [
            [page for page, fold in zip(self._prepared, self._fold, strict=True) if (fold == 0) == is_test]
            for is_test in (False, True)
        ]
        yield from line_score.yardstick(*parts)


def fit_others(
    scored: Sequence[tuple[LabelledPage, Sequence[float]]], weights: LineScoreWeights, *, lists: bool = True
) -> Reading:
    """Return the numbers of all parts: the fitted line score, and the others fitted to scores of pages it did not see."""
    text = [(page, scores) for page, scores in scored if not page.page.hints]
    for page, _ in text:
        page.ruleset.reading = UNFITTED
    found = grammar.fit_grammar(text) if lists else NO_LISTS
    for page, _ in text:
        page.ruleset.reading = replace(UNFITTED, grammar=found)
    judged = own_lines.judged([page for page, _ in text], [scores for _, scores in text])
    own, lone = own_lines.fit_own_lines(judged), own_lines.fit_lone_text(judged)
    likely = title.titled(judged, own, title.fit_title(title.titled(judged, own)))
    titles, least = title.fit_title(likely), title.held_out_titles(likely)[1]
    return Reading(
        made={DIGEST: line_score.digest_of_features()},
        line_score=weights,
        grammar=found,
        own_lines=own,
        lone_text=lone,
        title=replace(titles, none=titles.none + least),
    )
