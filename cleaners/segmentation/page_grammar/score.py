"""The score of a run: the fitted log-odds that it is a list of stories, and how much it would explain.

Called by `find`.
"""

from __future__ import annotations

from functools import cache
from math import exp
from operator import mul

from cleaners.fitted.load import GrammarWeights
from cleaners.segmentation.page_grammar.measures import Measures
from cleaners.segmentation.page_grammar.vector import BODIED_TOO, FAMILIES, NAMES, WEAK_TOO, Family, family_of, vector_of

MAX_ODDS = 30.0


class ListScorer:
    """The weights of a run: for each family of patterns, without and with texts, a bias and a weight for each measure."""

    def __init__(self, fitted: GrammarWeights) -> None:
        self._least, self._field_gain = fitted.least, fitted.field_gain
        self._rows: dict[tuple[Family, bool], tuple[float, tuple[float, ...]]] = {}
        weights = fitted.weights
        # How much the measures of words, which are shares, add to the log-odds at most.
        self.most_by_words = sum(max(0.0, weights.get(name, 0.0)) for name in ("cohesion", "foreign"))
        for family in FAMILIES:
            for bodied in (False, True):
                bias = fitted.bias + weights.get(family, 0.0) + bodied * weights.get(f"bodied_{family}", 0.0)
                row = [weights.get(name, 0.0) for name in NAMES]
                for at, name in enumerate(NAMES):
                    if family != "timed" and name in WEAK_TOO:
                        row[at] += weights.get(f"weak_{name}", 0.0)
                    if bodied and name in BODIED_TOO:
                        row[at] += weights.get(f"bodied_{name}", 0.0)
                self._rows[family, bodied] = (bias, tuple(row))

    def log_odds(self, pattern: str, found: Measures) -> float:
        """Return the log-odds that a run is a list of stories with these fields."""
        bias, row = self._rows[family_of(pattern, found.varying), found.bodied]
        return bias + float(sum(map(mul, row, vector_of(pattern, found))))

    def gain(self, items: int, fields: int, probability: float) -> float:
        """Return how much is gained by taking a run: its items times how far its probability exceeds the least one.

        A text counts as one of the fields.
        """
        return items * (probability - self._least) * (1 + self._field_gain * fields)


@cache
def list_scorer(fitted: GrammarWeights) -> ListScorer:
    """Return the scorer of fitted weights."""
    return ListScorer(fitted)


def likelihood(odds: float) -> float:
    """Return the probability of log-odds."""
    return 1 / (1 + exp(-max(-MAX_ODDS, min(MAX_ODDS, odds))))
