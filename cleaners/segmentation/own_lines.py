"""Decide which lines of a page are the text of its own story, from the score of each line and the stretch that it lies in.

Called by `own_story`. The weights are made by `tests.fit.own_lines`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from math import inf, sqrt
from typing import NamedTuple, get_args

from cleaners.fitted.load import OwnLineWeights, Stretch
from cleaners.segmentation.line_features import LineFeatures, LineSpan, Shape

SHAPES: tuple[Shape, ...] = get_args(Shape)
MAX_ODDS = 8.0  # a larger score says no more
MAX_CHARS = 400  # of a line that count
ROOTS = [sqrt(chars) for chars in range(MAX_CHARS + 1)]
MAX_WEIGHT = 3.0  # of a line in a stretch, beside its size
ASSIGNED_COST = 10.0  # of a line of another story, in gaps
# Bounds of bins.
ODDS = (-4.0, -2.5, -1.5, -0.75, 0.0, 0.75, 1.5, 3.0)
LOSS = (0.0, 0.01, 0.03, 0.08, 0.15, 0.3, 0.6)
AWAY = (0, 1, 2, 4, 8, 20)
MAX_AWAY = AWAY[-1] + 1  # lines
MIN_FAR = 0.99 * (1 - LOSS[-1])  # the share of the best stretch below which a line loses most


def own_lines(
    features: Sequence[LineFeatures], scores: Sequence[float], assigned: Sequence[bool], fitted: OwnLineWeights
) -> list[bool]:
    """Return for each line whether it is the text of the page's own story.

    `scores` are the log-odds of each line, `assigned` marks the lines of embedded stories.
    """
    edges, inside = fitted.edges, fitted.inside
    firmest = min(edges.values())
    odds = line_odds(features, scores, assigned, fitted, min(firmest, *inside.values()))
    firm = [i for i, value in enumerate(odds) if value > firmest and value > edges[features[i].shape]]
    kept = [False] * len(features)
    if firm:
        for i in range(firm[0], firm[-1] + 1):
            kept[i] = odds[i] > -inf and odds[i] > inside[features[i].shape]
        kept[firm[0]] = kept[firm[-1]] = True
    return kept


def line_odds(
    features: Sequence[LineFeatures],
    scores: Sequence[float],
    assigned: Sequence[bool],
    fitted: OwnLineWeights,
    least: float = -inf,
) -> list[float]:
    """Return the log-odds of each line after a look at the stretch that it lies in; -inf where they cannot reach `least`."""
    tables = _tables(fitted)
    slope, steps, shapes = tables.slope, tables.steps, tables.shapes
    result = [
        slope * (score if -MAX_ODDS < score < MAX_ODDS else MAX_ODDS if score > 0 else -MAX_ODDS)
        + steps[bisect_left(ODDS, score)]
        + shapes[feature.shape]
        for feature, score in zip(features, scores, strict=True)
    ]
    possible = [i for i, is_assigned in enumerate(assigned) if not is_assigned]
    sizes = sizes_of(features)
    for stretch, table in zip(fitted.stretches, tables.stretches, strict=True):
        reach = least - table.most
        possible = [i for i in possible if result[i] > reach]
        if not possible:
            break
        sums, best, limit, (first, last) = _sums(scores, sizes, assigned, stretch)
        away, loss, far = table.away(first, last, len(sums)), table.loss, best * MIN_FAR if best > 0 else inf
        for i in possible:
            value = sums[i]
            share = 0 if value >= limit else len(LOSS) if value < far else bisect_left(LOSS, (best - value) / best)
            result[i] += loss[share]
            result[i] += away[i]
    odds = [-inf] * len(result)
    for i in possible:
        odds[i] = result[i]
    return odds


class _StretchTable(NamedTuple):
    """The weights of losses by bin, and of lines inside a stretch, and above and below it by their distance.

    `most` is the greatest sum that this stretch and those after it add to a line.
    """

    loss: list[float]
    inside: float
    above: list[float]
    below: list[float]
    most: float

    def away(self, first: int, last: int, size: int) -> list[float]:
        """Return for each line of a page of this size the weights of its distances to a stretch."""
        above, below = first - MAX_AWAY, size - 1 - last - MAX_AWAY
        weights = [self.above[-1]] * above + self.above[: MAX_AWAY + min(above, 0)][::-1]
        weights += [self.inside] * (last - first + 1)
        return weights + self.below[: MAX_AWAY + min(below, 0)] + [self.below[-1]] * below


class _Tables(NamedTuple):
    """The weights of a page's lines by number and by shape, and those of each stretch."""

    slope: float
    steps: list[float]
    shapes: dict[Shape, float]
    stretches: list[_StretchTable]


@cache
def _tables(fitted: OwnLineWeights) -> _Tables:
    get = fitted.weights.get
    stretches: list[_StretchTable] = []
    most = 0.0
    for number in reversed(range(len(fitted.stretches))):
        loss = [get(f"loss-{number}:{i}", 0.0) for i in range(len(LOSS) + 1)]
        before = [get(f"before-{number}:{bisect_left(AWAY, distance)}", 0.0) for distance in range(MAX_AWAY + 1)]
        after = [get(f"after-{number}:{bisect_left(AWAY, distance)}", 0.0) for distance in range(MAX_AWAY + 1)]
        most += max(loss) + max(before) + max(after)
        above, below = [weight + after[0] for weight in before], [before[0] + weight for weight in after]
        stretches.insert(0, _StretchTable(loss, above[0], above[1:], below[1:], most))
    return _Tables(
        slope=get("score", 0.0),
        steps=[get(f"odds:{i}", 0.0) for i in range(len(ODDS) + 1)],
        shapes={shape: get("start", 0.0) + get(f"shape:{shape}", 0.0) for shape in SHAPES},
        stretches=stretches,
    )


def feature_names(
    features: Sequence[LineFeatures], scores: Sequence[float], assigned: Sequence[bool], stretches: Sequence[Stretch]
) -> list[dict[str, float]]:
    """Return the features of each line with their values, for fitting; `line_odds` sums their weights."""
    names = [
        {"score": max(-MAX_ODDS, min(MAX_ODDS, score)), f"odds:{bisect_left(ODDS, score)}": 1.0, f"shape:{feature.shape}": 1.0}
        for feature, score in zip(features, scores, strict=True)
    ]
    sizes = sizes_of(features)
    for number, stretch in enumerate(stretches):
        losses, (first, last) = losses_of(scores, sizes, assigned, stretch)
        for i, value in enumerate(losses):
            names[i] |= {
                f"loss-{number}:{bisect_left(LOSS, value)}": 1.0,
                f"before-{number}:{bisect_left(AWAY, first - i)}": 1.0,
                f"after-{number}:{bisect_left(AWAY, i - last)}": 1.0,
            }
    return names


def sizes_of(features: Sequence[LineFeatures]) -> list[float]:
    """Return how much each line counts: the root of its length."""
    lengths = [len(feature.line.text) for feature in features]
    return [ROOTS[length] if length < MAX_CHARS else ROOTS[MAX_CHARS] for length in lengths]


def losses_of(
    scores: Sequence[float], sizes: Sequence[float], assigned: Sequence[bool], stretch: Stretch
) -> tuple[list[float], LineSpan]:
    """Return for each line how much worse the best stretch with it is, as a share of the best; and the span of the best."""
    sums, best, limit, span = _sums(scores, sizes, assigned, stretch)
    if best <= 0:
        return [1.0] * len(sums), span
    return [(best - value) / best if value < limit else 0.0 for value in sums], span


def _sums(
    scores: Sequence[float], sizes: Sequence[float], assigned: Sequence[bool], stretch: Stretch
) -> tuple[list[float], float, float, LineSpan]:
    """Return for each line the sum of the best stretch with it; the best of all, the least that is as good, and its span.

    A stretch is a run of lines; it weighs the sum of its lines' scores times their sizes (maximum subsequence segmentation,
    Pasternack and Roth, "Extracting article text from the web", 2009). A page without a good line is one stretch, and no
    sum is as good as its best.
    """
    lift, gap, cost = stretch.lift, -stretch.gap, -stretch.gap * ASSIGNED_COST
    lowest, highest = gap - lift, MAX_WEIGHT - lift
    weights = [
        cost if is_assigned else size * (gap if score < lowest else score + lift if score < highest else MAX_WEIGHT)
        for score, size, is_assigned in zip(scores, sizes, assigned, strict=True)
    ]
    forward = _best_up_to(weights)
    backward = _best_up_to(weights[::-1])[::-1]
    sums = [before + after - own for before, after, own in zip(forward, backward, weights, strict=True)]
    best = max(sums, default=0.0)
    if best <= 0:
        return sums, best, inf, (0, len(sums) - 1)
    limit = best - 1e-9 * best
    as_good = [i for i, value in enumerate(sums) if value >= limit]
    return sums, best, limit, (as_good[0], as_good[-1])


def _best_up_to(weights: Sequence[float]) -> list[float]:
    """Return for each line the sum of the best stretch that ends with it."""
    totals, total = [], 0.0
    for weight in weights:
        total = total + weight if total > 0 else weight
        totals.append(total)
    return totals
