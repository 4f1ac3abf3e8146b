"""The evidence for the fate of a line: the witness that decided, and its strongest reasons.

Made by `why` and by `cleaners.output.evidence`; shown by `dehusk explain --why` and by the report of a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

# A rule of a pack, a known layout, the form that repeats on the page, the score of the line, the extractors of HTML pages, or
# only the place of the line between others.
Witness = Literal["rule", "layout", "grammar", "score", "extractor", "position"]
MAX_REASONS = 5
LEAST_VALUE = 0.05  # smaller values would be shown as zero


class Reason(msgspec.Struct, frozen=True, gc=False):
    """A feature in plain words, and its signed weight in the decision."""

    name: str
    value: float


class LineEvidence(msgspec.Struct, frozen=True, gc=False):
    """The witness that decided on the characters of a page from `start` to `end`, with its strongest reasons first."""

    start: int
    end: int
    witness: Witness
    summary: str
    reasons: tuple[Reason, ...] = ()


class Scored(msgspec.Struct, frozen=True, gc=False):
    """The score of a line above the least one of a story's text, with its strongest reasons first."""

    value: float
    reasons: tuple[Reason, ...] = ()


def strongest(values: Mapping[str, float], most: int = MAX_REASONS) -> tuple[Reason, ...]:
    """Return the features with the greatest weights for or against a decision, the greatest first.

    >>> [reason.name for reason in strongest({"long line": 1.9, "digits": 0.01, "near a label": -2.4})]
    ['near a label', 'long line']
    """
    shown = [(name, round(value, 2)) for name, value in values.items() if abs(value) >= LEAST_VALUE]
    shown.sort(key=lambda named: (-abs(named[1]), named[0]))
    return tuple(Reason(name, value) for name, value in shown[:most])
