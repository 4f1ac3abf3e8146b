"""Centre the weights of the line score: what most lines have in common weighs nothing, and the scores stay as they are.

Called by the fit of the line score as its last step. A weight then says how a line differs from the average one, which is what
`dehusk explain --why` shows as its reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from cleaners.fitted.load import LineScoreWeights
from cleaners.segmentation.line_context import context_sizes
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.line_form import NEAR_FORM, form_of, sizes
from cleaners.segmentation.line_score import NEAR, LineScorer

DIGITS = 3  # of weights in the file


def centred(weights: LineScoreWeights, pages: Iterable[Sequence[LineFeatures]]) -> LineScoreWeights:
    """Return weights that give the same scores, with an average of zero for each feature on the lines of `pages`."""
    own, near, context = _counts(weights, pages)
    shift = 0.0  # of all lines
    new_own, new_near, new_first = {}, {}, {}
    bias = weights.bias
    for name, row in weights.own.items():
        new_own[name], mean = _less_mean(row, own[name])
        shift += mean
        new_first[name], mean = _less_mean(weights.first[name], own[name])
        bias += mean
    for offset, rows in weights.near.items():
        new_near[offset] = dict(rows)
        for name in NEAR_FORM:
            new_near[offset][name], mean = _less_mean(rows[name], near[offset, name])
            shift += mean
    classes = [value + shift for value in weights.classes]
    new_context = {}
    for name, rows_of_classes in weights.context.items():
        parts = [_less_mean(row, context[name, i]) for i, row in enumerate(rows_of_classes)]
        new_context[name] = [row for row, _ in parts]
        classes = [value + mean for value, (_, mean) in zip(classes, parts, strict=True)]
    classes = [round(value, DIGITS) for value in classes]
    bias = round(bias, DIGITS)
    return replace(weights, bias=bias, first=new_first, own=new_own, near=new_near, context=new_context, classes=classes)


def _less_mean(row: Sequence[float], counts: Counter[int]) -> tuple[list[float], float]:
    """Return weights less their mean on the lines counted, and that mean; the last weight is also that of index -1."""
    total = counts.total()
    mean = sum(row[value] * count for value, count in counts.items()) / total if total else 0.0
    mean = round(mean, DIGITS)  # so that rounding the rest changes no score
    return [round(weight - mean, DIGITS) for weight in row], mean


def _counts(weights: LineScoreWeights, pages: Iterable[Sequence[LineFeatures]]):
    """Return how often each value of each feature stands on the lines of some pages."""
    scorer, steps = LineScorer(weights), {name: steps for name, (_, steps) in context_sizes().items()}
    own: defaultdict[str, Counter[int]] = defaultdict(Counter)
    near: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    columns: defaultdict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for features in filter(None, pages):
        known = scorer.known_lines(features)
        by_name = dict(zip(sizes(), zip(*(form_of(feature).values for feature in features), strict=True), strict=True))
        for name, values in by_name.items():
            own[name].update(values)
        for offset in NEAR:
            missing = [-1] * min(abs(offset), len(features))
            for name in NEAR_FORM:
                values = by_name[name]
                near[str(offset), name].update([*missing, *(values[:offset] if offset < 0 else values[offset:])])
        classes = [line.line_class for line in known]
        for name, column in scorer.columns(features, known):
            columns[name].update(zip(classes, column, strict=True))
    context: defaultdict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for name, counted in columns.items():
        for (line_class, number), count in counted.items():
            context[name, line_class][bisect_right(steps[name], number)] += count
    return own, near, context
