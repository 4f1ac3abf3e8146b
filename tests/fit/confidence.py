"""Fit the confidence in a record: the share of right records among records like it, on sites that were not fitted to.

    python -m tests.fit --only confidence --flat DIR... --html DIR... --negatives DIR... --cases DIR... [--write [FILE]]

Every measure has a curve of weights, whose sum is the log-odds of a right record (an additive logistic model). A second curve
calibrates these: it is made of the log-odds that records get from fits that did not see their sites. What a right record is,
`tests.fit.judged_records` says; a record that a layout of its site found has the share of such records, whatever its measures,
unless many of them are wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from cleaners.fitted.confidence import ConfidenceModel, Curve, confidence_bytes, shipped_confidence
from cleaners.output.confidence import rounded_share
from cleaners.output.record import StoryReading
from tests.fit.judged_records import JudgedRecord, judged_records
from tests.fit.reliability import Judged, reliability
from tests.fit.sets import fold_of

Floats = NDArray[np.float64]
READINGS: tuple[StoryReading, ...] = get_args(StoryReading)
FOLDS = 5
KNOTS = 6  # points of a curve of weights, at quantiles of its measure
OUTER = 0.02  # share of the records beyond the first and the last point
STRENGTH = 0.1  # the inverse of the penalty on large weights
MIN_WRONG = 20  # records; with fewer, their share is all that can be known
BIN_RECORDS, MAX_BINS = 60, 12  # of the curve that calibrates
DIGITS = 3
MAX_ITERATIONS = 2000


def fit_and_print(
    sets: Sequence[Path],
    cases: Sequence[Path],
    negatives: Sequence[Path],
    invented: int,
    processes: int,
    write: Path | None,
) -> None:
    """Fit the models to the records of all pages, print how they hold on sites that they were not fitted to, and write them."""
    records = judged_records(sets, cases, negatives, invented, processes)
    print(*reliability(held_out(records)), sep="\n")
    if write:
        write.write_bytes(confidence_bytes(fit_models(records)))


def fit_models(records: Iterable[JudgedRecord]) -> dict[str, ConfidenceModel]:
    """Return a model for each way to read a story; the shipped one where no record was read so."""
    records = list(records)
    by_reading = {reading: [record for record in records if record.reading == reading] for reading in READINGS}
    return {reading: fit_model(found) if found else shipped_confidence()[reading] for reading, found in by_reading.items()}


def held_out(records: Iterable[JudgedRecord]) -> list[Judged]:
    """Return each record with the confidence that it gets from a fit to the other folds."""
    records = list(records)
    judged = []
    for reading in READINGS:
        found = [record for record in records if record.reading == reading]
        for fold in range(FOLDS):
            rest = [record for record in found if fold_of(record.site, FOLDS) != fold]
            model = fit_model(rest) if rest else None
            for record in found if model else ():
                if fold_of(record.site, FOLDS) == fold:
                    judged.append(Judged(record.set, reading, rounded_share(model, record.measures), record.is_right))
    return judged


def fit_model(records: Sequence[JudgedRecord]) -> ConfidenceModel:
    """Return a model of records that were read in one way."""
    is_right = np.array([record.is_right for record in records])
    if min(is_right.sum(), (~is_right).sum()) < MIN_WRONG:
        return ConfidenceModel(0.0, {}, _shares(records, np.zeros(len(records))))
    odds = np.zeros(len(records))
    folds = np.array([fold_of(f"inner {record.site}", FOLDS) for record in records])
    for fold in range(FOLDS):
        model = _fit_weights([record for record, other in zip(records, folds, strict=True) if other != fold])
        for i in np.flatnonzero(folds == fold):
            odds[i] = model.odds(records[i].measures)
    return ConfidenceModel(**{**_parts(_fit_weights(records)), "shares": _shares(records, odds)})


def _parts(model: ConfidenceModel) -> dict[str, Any]:
    return {name: getattr(model, name) for name in model.__struct_fields__}


def _fit_weights(records: Sequence[JudgedRecord]) -> ConfidenceModel:
    """Return a model without calibration: for each measure the curve of its weights, and the bias."""
    values = {name: _column(records, name) for name in sorted({name for record in records for name in record.measures})}
    knots = {name: found for name, column in values.items() if len(found := _knots(column)) > 1}
    matrix = np.hstack([_hats(values[name], found) for name, found in knots.items()])
    means = matrix.mean(0)
    weight = np.array([record.weight for record in records])
    fitted: Any = LogisticRegression(C=STRENGTH, max_iter=MAX_ITERATIONS)
    fitted.fit(matrix - means, [record.is_right for record in records], sample_weight=weight)
    weights = fitted.coef_[0]
    bias = fitted.intercept_[0] - means @ weights
    curves: dict[str, Curve] = {}
    at = 0
    for name, found in knots.items():
        part = slice(at, at + len(found))
        # What a measure of all records adds to all of them says nothing about one.
        shift = 0.0 if np.isnan(values[name]).any() else _rounded(means[part] @ weights[part])
        curves[name] = [(float(x), _rounded(y - shift)) for x, y in zip(found, weights[part], strict=True)]
        bias += shift
        at += len(found)
    return ConfidenceModel(_rounded(bias), curves, [])


def _column(records: Sequence[JudgedRecord], name: str) -> Floats:
    """Return the values of a measure, nan for a record without it."""
    return np.array([record.measures.get(name, np.nan) for record in records])


def _knots(column: Floats) -> Floats:
    """Return the points of the curve of a measure: quantiles of its values, or both of two values."""
    known = column[~np.isnan(column)]
    if not known.size:
        return known
    found = np.unique(np.round(np.quantile(known, np.linspace(OUTER, 1 - OUTER, KNOTS)), DIGITS))
    alone = np.unique(known)
    return alone if len(found) < 2 and len(alone) == 2 else found


def _hats(column: Floats, knots: Floats) -> Floats:
    """Return for each value how near it is to each point of a curve: the weights of the points by which it lies between two."""
    hats = np.zeros((len(column), len(knots)))
    rows = np.flatnonzero(~np.isnan(column))
    inside = np.clip(column[rows], knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, inside, side="right") - 1, 0, len(knots) - 2)
    share = (inside - knots[left]) / (knots[left + 1] - knots[left])
    hats[rows, left], hats[rows, left + 1] = 1 - share, share
    return hats


def _shares(records: Sequence[JudgedRecord], odds: Floats) -> Curve:
    """Return the curve from log-odds to the share of right records: bins of records of similar odds, made to rise."""
    order = np.argsort(odds, kind="stable")
    bins = np.array_split(order, max(1, min(MAX_BINS, len(order) // BIN_RECORDS))) if len(np.unique(odds)) > 1 else [order]
    rows = []
    for members in bins:
        weight = np.array([records[i].weight for i in members])
        right = float(weight @ [records[i].is_right for i in members])
        rows.append([float(weight @ odds[members]), right, float(weight.sum())])
    merged: list[list[float]] = []
    for row in rows:
        merged.append(row)
        while len(merged) > 1 and _share(merged[-1]) <= _share(merged[-2]):
            last = merged.pop()
            merged[-1] = [one + other for one, other in zip(merged[-1], last, strict=True)]
    return [(_rounded(row[0] / row[2]), _rounded(_share(row))) for row in merged]


def _share(row: Sequence[float]) -> float:
    """Return the share of right records, drawn to one half as if a half of one more record were right."""
    return (row[1] + 0.5) / (row[2] + 1)


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
