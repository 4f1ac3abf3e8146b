"""Logistic regression over numbers of a few values each: every value of every number has a weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

Integers = NDArray[np.int32]
Floats = NDArray[np.float64]
DIGITS = 3
MAX_ITERATIONS, TOLERANCE = 100, 1e-3


class Weights(NamedTuple):
    """The weights of a fit: a row for each number, one weight for each numeric feature, and the bias."""

    rows: dict[str, Floats]
    slopes: Floats
    bias: float


def fit(
    columns: Mapping[str, Integers],
    counts: Mapping[str, int],
    own: NDArray[np.bool_],
    weights: Floats,
    strength: float,
    numeric: Sequence[Floats] = (),
) -> Weights:
    """Return the weights that explain `own`; `counts` says how many values each column has.

    `weights` are those of the samples, `strength` is the inverse of the penalty on large weights.
    """
    names = list(columns)
    starts = np.concatenate([[0], np.cumsum([counts[name] for name in names])])
    values = np.stack([columns[name] for name in names], 1) + starts[:-1]
    ends = np.arange(0, values.size + 1, len(names))
    shape = (len(own), int(starts[-1]))
    matrix = sparse.csr_matrix((np.ones(values.size, np.float32), values.ravel().astype(np.int32), ends), shape=shape)
    if numeric:
        matrix = sparse.hstack([matrix, sparse.csr_matrix(np.stack(numeric, 1).astype(np.float32))], format="csr")
    model: Any = LogisticRegression(C=strength, max_iter=MAX_ITERATIONS, tol=TOLERANCE)
    model.fit(matrix, own, sample_weight=weights * len(own) / weights.sum())
    found = model.coef_[0].astype(np.float64)
    rows = {name: found[starts[i] : starts[i + 1]] for i, name in enumerate(names)}
    return Weights(rows, found[starts[-1] :], float(model.intercept_[0]))


def rounded(values: Floats) -> list[float]:
    """Return weights as they are written to the file; there is one zero."""
    return [round(float(value), DIGITS) + 0.0 for value in values]
