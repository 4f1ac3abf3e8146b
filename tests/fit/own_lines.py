"""Fit the choice of the lines of a page's own story, and what makes a page a text on its own. Called by `tests.fit`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import product
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cleaners.fitted.load import LoneTextWeights, OwnLineWeights, Stretch
from cleaners.segmentation.by_layout import Stories
from cleaners.segmentation.by_repetition import candidate_filter, find_repeated
from cleaners.segmentation.embedded import assign_lists
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.lone_text import page_names
from cleaners.segmentation.own_lines import MAX_CHARS, SHAPES, feature_names, line_odds
from cleaners.segmentation.page_grammar.model import EmbeddedList
from cleaners.segmentation.read_page import page_lists
from tests.fit.logistic import DIGITS
from tests.fit.sets import LISTED, LONE, LabelledPage, fold_of
from tests.fit.weights import MADE, weight_of

FOLDS = 4
STRETCHES = (Stretch(0.3, 1.0), Stretch(1.2, 0.4))
STRENGTH, PAGE_STRENGTH = 0.3, 1.0
MAX_LOST = 0.03  # the share of long lines of own text that may be lost
MAX_HARMED = 0.002  # the share of lines of texts on their own that may be lost
LONG_CHARS = 80
OTHER_WEIGHT = 5.0  # of a page that is no text on its own; a text weighs the root of its lines
LISTED_SHARE = 0.5  # of the weight of a text that holds lists, as these are made
EXPECTED_LOSS = 0.3  # the share of its lines that a text loses when it is not seen to stand on its own
EDGE_SHARE = 0.25  # how much a text with both its ends right counts beside the F1 of a page
PROSE_STEPS, OTHER_STEPS = (-1.6, -1.2, -0.8, -0.4, 0.0), (-1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2)

Scores = Sequence[Sequence[float]]  # of the lines of each page; from a fit that did not see the page's site


class JudgedPage(NamedTuple):
    """A labelled page with the scores of its lines, and its lines of embedded stories marked as assigned."""

    page: LabelledPage
    features: list[LineFeatures]
    scores: Sequence[float]
    lists: Sequence[EmbeddedList] = ()

    @property
    def assigned(self) -> list[bool]:
        """Return for each line whether it belongs to an embedded story."""
        return [feature.assigned for feature in self.features]


def judged(pages: Iterable[LabelledPage], scores: Scores) -> list[JudgedPage]:
    """Return pages with their scores, after layouts of packs and the page's grammar have assigned the lines of lists."""
    found = []
    for page, line_scores in zip(pages, scores, strict=True):
        features, stories = [copy(feature) for feature in page.features], Stories("fit")
        find_repeated(features, page.ruleset, stories, candidate_filter(features, page.ruleset))
        lists = page_lists(page.page, features, line_scores, page.ruleset)
        assign_lists(lists, features, stories)
        found.append(JudgedPage(page, features, line_scores, lists))
    return found


def fit_own_lines(pages: Sequence[JudgedPage], folds: int = FOLDS) -> OwnLineWeights:
    """Return the weights of the own story's lines, with limits that are judged on sites they were not fitted to."""
    held_out = []
    for fold in range(folds):
        weights = _line_weights([page for page in pages if fold_of(page.page.site, folds) != fold])
        held_out += [(page, odds_of(page, weights)) for page in pages if fold_of(page.page.site, folds) == fold]
    real = [(page, odds) for page, odds in held_out if page.page.set not in MADE]
    return _with_limits(_line_weights(pages), real)


def odds_of(page: JudgedPage, weights: OwnLineWeights) -> list[float]:
    """Return the odds of the lines of a page."""
    return line_odds(page.features, page.scores, page.assigned, weights)


def _line_weights(pages: Sequence[JudgedPage]) -> OwnLineWeights:
    rows, own, weights = [], [], []
    for page in pages:
        share = weight_of(page.page, "own_lines") / sqrt(len(page.features))
        if not share:
            continue
        named = feature_names(page.features, page.scores, page.assigned, STRETCHES)
        for names, feature, is_own, is_certain in zip(named, page.features, page.page.own, page.page.certain, strict=True):
            if is_certain and not feature.assigned:
                rows.append(names)
                own.append(is_own)
                weights.append(share * sqrt(min(len(feature.line.text), MAX_CHARS)))
    return OwnLineWeights(STRETCHES, named_weights(rows, own, weights, STRENGTH))


def named_weights(
    rows: Sequence[Mapping[str, float]], wanted: Sequence[bool], weights: Sequence[float], strength: float
) -> dict[str, float]:
    """Return the weights by name of a logistic regression, with its bias as `start`."""
    index = {name: i for i, name in enumerate(sorted({name for row in rows for name in row}))}
    places = np.array([(r, index[name], value) for r, row in enumerate(rows) for name, value in row.items()])
    shape = (len(rows), len(index))
    matrix = sparse.csr_matrix((places[:, 2], (places[:, 0].astype(int), places[:, 1].astype(int))), shape=shape)
    model: Any = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
    model.fit(matrix, np.array(wanted), sample_weight=np.array(weights) / np.mean(weights))
    found = dict(zip(index, model.coef_[0].tolist(), strict=True))
    found["start"] = found.get("start", 0.0) + float(model.intercept_[0])
    return {name: value for name, weight in sorted(found.items()) if (value := round(weight, DIGITS))}


def _with_limits(weights: OwnLineWeights, held_out: Sequence[tuple[JudgedPage, Sequence[float]]]) -> OwnLineWeights:
    """Return weights with the limits that give the best texts among those that lose little of the long lines.

    When all lose more, they are those that lose least.
    """
    lines = _HeldOutLines(held_out)
    best, best_value = weights, (-2.0, 0.0)
    for edge_prose, edge in product(PROSE_STEPS, OTHER_STEPS):
        extent = lines.extent(edge_prose, edge)
        for inside_prose, inside in product(PROSE_STEPS, OTHER_STEPS):
            if inside_prose > edge_prose or inside > edge or edge_prose > edge:
                continue
            texts, lost = lines.value(extent, inside_prose, inside)
            value = -max(lost, MAX_LOST), texts
            if value > best_value:
                edges, insides = _by_shape(edge_prose, edge), _by_shape(inside_prose, inside)
                best, best_value = replace(weights, edges=edges, inside=insides), value
    return best


def _by_shape(prose: float, other: float) -> dict[str, float]:
    return {shape: prose if shape == "prose" else other for shape in SHAPES}


class _HeldOutLines:
    """The lines of pages with their odds and labels, as columns over all pages; `starts` is where each page begins."""

    def __init__(self, held_out: Sequence[tuple[JudgedPage, Sequence[float]]]) -> None:
        sizes = [len(page.features) for page, _ in held_out]
        self.starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
        self.page = np.repeat(np.arange(len(sizes)), sizes)
        self.place = np.arange(sum(sizes))
        self.odds = np.array([value for _, odds in held_out for value in odds])
        features = [feature for page, _ in held_out for feature in page.features]
        self.is_prose = np.array([feature.shape == "prose" for feature in features])
        self.chars = np.array([len(feature.line.text) for feature in features])
        self.own = np.array([flag for page, _ in held_out for flag in page.page.own])
        self.certain = np.array([flag for page, _ in held_out for flag in page.page.certain])

    def _ends(self, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first and the last chosen line of each page."""
        first = np.minimum.reduceat(np.where(chosen, self.place, len(self.place)), self.starts)
        return first, np.maximum.reduceat(np.where(chosen, self.place, -1), self.starts)

    def extent(self, edge_prose: float, edge: float) -> NDArray[np.bool_]:
        """Return for each line whether it stands between the ends of the text of its page."""
        first, last = self._ends(self.odds > np.where(self.is_prose, edge_prose, edge))
        return (self.place >= first[self.page]) & (self.place <= last[self.page])

    def value(self, extent: NDArray[np.bool_], inside_prose: float, inside: float) -> tuple[float, float]:
        """Return how good the texts are, and the share of long lines that are lost."""
        kept = extent & (self.odds > np.where(self.is_prose, inside_prose, inside))
        sizes = np.sqrt(self.chars)  # so that short lines count as well
        both = np.add.reduceat(sizes * (self.own & kept), self.starts)
        total = np.add.reduceat(sizes * (self.own + (kept & self.certain).astype(int)), self.starts)
        f1 = np.where(total > 0, 2 * both / np.maximum(total, 1), 1.0)
        right = np.all([one == other for one, other in zip(self._ends(self.own), self._ends(kept), strict=True)], 0)
        long = self.own & (self.chars >= LONG_CHARS)
        return float(f1.mean() + EDGE_SHARE * right.mean()), float((long & ~kept).sum() / max(1, long.sum()))


def fit_lone_text(pages: Sequence[JudgedPage], folds: int = FOLDS) -> LoneTextWeights:
    """Return the weights by which a page is a text on its own, with a limit that harms few of these on unseen sites."""
    held_out: list[tuple[float, int]] = []
    for fold in range(folds):
        weights = _page_weights([page for page in pages if fold_of(page.page.site, folds) != fold])
        held_out += [
            (
                sum(weights.get(name, 0.0) for name in page_names(page.features, page.scores, page.lists)),
                len(page.features),
            )
            for page in pages
            if page.page.set in LONE and not page.lists and fold_of(page.page.site, folds) == fold
        ]
    allowed = MAX_HARMED * sum(lines for _, lines in held_out)
    threshold = min((score for score, _ in held_out), default=0.0) - 1.0
    for score, lines in sorted(held_out):
        allowed -= lines * EXPECTED_LOSS
        if allowed < 0:
            break
        threshold = score
    return LoneTextWeights(_page_weights(pages), round(threshold, DIGITS))


def _page_weights(pages: Sequence[JudgedPage]) -> dict[str, float]:
    rows = [dict.fromkeys(page_names(page.features, page.scores, page.lists), 1.0) for page in pages]
    weights = [_page_weight(page) for page in pages]
    return named_weights(rows, [page.page.set in LONE for page in pages], weights, PAGE_STRENGTH)


def _page_weight(page: JudgedPage) -> float:
    if page.page.set not in LONE:
        return OTHER_WEIGHT
    return sqrt(len(page.features)) * (LISTED_SHARE if page.page.set == LISTED else 1.0)
