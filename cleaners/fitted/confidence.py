"""Read the fitted numbers of the confidence in a record: a model for each way to read a story.

Called by `cleaners.output.confidence`. The file is made by `python -m tests.fit --only confidence`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from math import inf
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("confidence.json")
Curve = list[tuple[float, float]]


class ConfidenceModel(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of measures by name, each a curve over the values of the measure, and the bias of their sum.

    `shares` is a curve over that sum: the share of right records among records like it. A measure that a story lacks weighs
    nothing.
    """

    bias: float
    weights: dict[str, Curve]
    shares: Curve

    def odds(self, measures: Mapping[str, float]) -> float:
        """Return the log-odds of a record by its measures, before they are calibrated."""
        return self.bias + sum(self.parts(measures).values())

    def parts(self, measures: Mapping[str, float]) -> dict[str, float]:
        """Return by name how much each measure adds to the log-odds; nothing for a usual value."""
        return {name: value_at(curve, measures[name]) for name, curve in self.weights.items() if name in measures}

    def share(self, measures: Mapping[str, float]) -> float:
        """Return the share of right records among records like this one."""
        return value_at(self.shares, self.odds(measures))


def value_at(curve: Curve, x: float) -> float:
    """Return the value of a curve, a line from each of its points to the next one and level beyond them.

    >>> [value_at([(0.0, 1.0), (2.0, 5.0)], x) for x in (-1.0, 0.5, 9.0)]
    [1.0, 2.0, 5.0]
    """
    after = bisect_right(curve, (x, inf))
    if after in (0, len(curve)):
        return curve[min(after, len(curve) - 1)][1]
    (left, low), (right, high) = curve[after - 1], curve[after]
    return low + (high - low) * (x - left) / (right - left)


@cache
def shipped_confidence() -> dict[str, ConfidenceModel]:
    """Return the models that come with dehusk, by the way a story was read."""
    return read_confidence(FILE.read_bytes())


def read_confidence(data: bytes) -> dict[str, ConfidenceModel]:
    """Return the models in a file's content; raises msgspec.ValidationError when it has another shape."""
    return msgspec.json.decode(data, type=dict[str, ConfidenceModel])


def confidence_bytes(models: Mapping[str, ConfidenceModel]) -> bytes:
    """Return models as the content of their file: the same numbers give the same bytes."""
    return msgspec.json.format(msgspec.json.encode(models, order="sorted"), indent=0) + b"\n"
