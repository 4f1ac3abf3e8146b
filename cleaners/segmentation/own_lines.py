"""Decide which lines of a page are the text of its own story, from the score of each line and the stretch that it lies in.

Called by `own_story`. The weights are made by `tests.fit.own_lines`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf, sqrt
from typing import get_args

from cleaners.fitted.load import OwnLineWeights, Stretch
from cleaners.segmentation.line_features import LineFeatures, LineSpan, Shape

SHAPES: tuple[Shape, ...] = get_args(Shape)
MAX_ODDS = 8.0  # a larger score says no more
MAX_CHARS = 400  # of a line that count
ROOTS = [sqrt(chars) for chars in range(MAX_CHARS + 1)]
MAX_WEIGHT = 3.0  # of a line in a stretch, beside its size
TAKEN_COST = 10.0  # of a line of another story, in gaps
# Bounds of bins.
ODDS = (-4.0, -2.5, -1.5, -0.75, 0.0, 0.75, 1.5, 3.0)
LOSS = (0.0, 0.01, 0.03, 0.08, 0.15, 0.3, 0.6)
AWAY = (0, 1, 2, 4, 8, 20)


def own_lines(
    features: Sequence[LineFeatures], scores: Sequence[float], taken: Sequence[bool], fitted: OwnLineWeights
) -> list[bool]:
    """Return for each line whether it is the text of the page's own story.

    `scores` are the log-odds of each line, `taken` marks the lines of embedded stories.
    """
    least = min((*fitted.edges.values(), *fitted.inside.values()))
    odds = line_odds(features, scores, taken, fitted, least)
    edges, inside = fitted.edges, fitted.inside
    firm = [i for i, (value, feature) in enumerate(zip(odds, features, strict=True)) if value > edges[feature.shape]]
    kept = [False] * len(features)
    if firm:
        for i in range(firm[0], firm[-1] + 1):
            kept[i] = odds[i] > inside[features[i].shape]
        kept[firm[0]] = kept[firm[-1]] = True
    return kept


def line_odds(
    features: Sequence[LineFeatures],
    scores: Sequence[float],
    taken: Sequence[bool],
    fitted: OwnLineWeights,
    least: float = -inf,
) -> list[float]:
    """Return the log-odds of each line after a look at the stretch that it lies in; -inf where they cannot reach `least`."""
    get = fitted.weights.get
    slope, start = get("score", 0.0), get("start", 0.0)
    steps = _table("odds", len(ODDS), fitted)
    shapes = {shape: start + get(f"shape:{shape}", 0.0) for shape in SHAPES}
    tables = [
        (
            _table(f"loss-{i}", len(LOSS), fitted),
            _table(f"before-{i}", len(AWAY), fitted),
            _table(f"after-{i}", len(AWAY), fitted),
        )
        for i in range(len(fitted.stretches))
    ]
    most = sum(max(table) for stretch in tables for table in stretch)
    odds = [
        -inf
        if is_taken
        else slope * max(-MAX_ODDS, min(MAX_ODDS, score)) + steps[bisect_left(ODDS, score)] + shapes[feature.shape]
        for feature, score, is_taken in zip(features, scores, taken, strict=True)
    ]
    possible = [i for i, value in enumerate(odds) if value + most > least]
    result = [-inf] * len(odds)
    for i in possible:
        result[i] = odds[i]
    sizes = sizes_of(features)
    for stretch, (loss, before, after) in zip(fitted.stretches, tables, strict=True):
        losses, (first, last) = losses_of(scores, sizes, taken, stretch)
        for i in possible:
            result[i] += loss[bisect_left(LOSS, losses[i])]
            result[i] += before[bisect_left(AWAY, first - i)] + after[bisect_left(AWAY, i - last)]
    return result


def _table(kind: str, size: int, fitted: OwnLineWeights) -> list[float]:
    """Return the weights of the bins of one number."""
    return [fitted.weights.get(f"{kind}:{i}", 0.0) for i in range(size + 1)]


def feature_names(
    features: Sequence[LineFeatures], scores: Sequence[float], taken: Sequence[bool], stretches: Sequence[Stretch]
) -> list[dict[str, float]]:
    """Return the features of each line with their values, for fitting; `line_odds` sums their weights."""
    names = [
        {"score": max(-MAX_ODDS, min(MAX_ODDS, score)), f"odds:{bisect_left(ODDS, score)}": 1.0, f"shape:{feature.shape}": 1.0}
        for feature, score in zip(features, scores, strict=True)
    ]
    sizes = sizes_of(features)
    for number, stretch in enumerate(stretches):
        losses, (first, last) = losses_of(scores, sizes, taken, stretch)
        for i, value in enumerate(losses):
            names[i] |= {
                f"loss-{number}:{bisect_left(LOSS, value)}": 1.0,
                f"before-{number}:{bisect_left(AWAY, first - i)}": 1.0,
                f"after-{number}:{bisect_left(AWAY, i - last)}": 1.0,
            }
    return names


def sizes_of(features: Sequence[LineFeatures]) -> list[float]:
    """Return how much each line counts: the root of its length."""
    return [ROOTS[min(len(feature.line.text), MAX_CHARS)] for feature in features]


def losses_of(
    scores: Sequence[float], sizes: Sequence[float], taken: Sequence[bool], stretch: Stretch
) -> tuple[list[float], LineSpan]:
    """Return for each line how much worse the best stretch with it is, as a share of the best; and the span of the best.

    A stretch is a run of lines; it weighs the sum of its lines' scores times their sizes (maximum subsequence segmentation,
    Pasternack and Roth, "Extracting article text from the web", 2009).
    """
    lift, gap, cost = stretch.lift, -stretch.gap, -stretch.gap * TAKEN_COST
    weights = [
        cost if is_taken else size * (gap if score + lift < gap else score + lift if score + lift < MAX_WEIGHT else MAX_WEIGHT)
        for score, size, is_taken in zip(scores, sizes, taken, strict=True)
    ]
    forward = list(accumulate(weights, _extended, initial=0.0))[1:]
    backward = list(accumulate(reversed(weights), _extended, initial=0.0))[:0:-1]
    through = [before + after - own for before, after, own in zip(forward, backward, weights, strict=True)]
    best = max(through, default=0.0)
    if best <= 0:
        return [1.0] * len(weights), (0, len(weights) - 1)
    limit = best - 1e-9 * best
    first = next(i for i, value in enumerate(through) if value >= limit)
    last = next(i for i in range(len(through) - 1, -1, -1) if through[i] >= limit)
    return [(best - value) / best if value < limit else 0.0 for value in through], (first, last)


def _extended(total: float, weight: float) -> float:
    return total + weight if total > 0 else weight
