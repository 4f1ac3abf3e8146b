"""Show whether confidence holds: how many records of each band of confidence are right.

Called by `tests.fit.confidence`, with the confidence that records get from fits that did not see their sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cleaners.output.record import StoryReading

BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)  # the least confidence of each
HIGH = 0.85  # records "at 0.9" and above


class Judged(NamedTuple):
    """A record: its set, how it was read, the confidence in it, and whether it is right."""

    set: str
    reading: StoryReading
    confidence: float
    is_right: bool


def reliability(judged: Iterable[Judged]) -> Iterator[str]:
    """Yield the figures of each set, and of the bands of confidence, by the way stories were read."""
    judged = sorted(judged, key=lambda record: (record.reading, record.set))
    yield "confidence on held-out sites: mean, share of right records, expected calibration error (ECE), AUC; and the same of"
    yield f"the records from {HIGH} on"
    yield f"{'read as':9} {'set':20} records  mean  right    ECE    AUC   from {HIGH}:  mean  right"
    for (reading, name), found in groupby(judged, key=lambda record: (record.reading, record.set)):
        yield _row(reading, name, list(found))
    for reading, found in groupby(judged, key=lambda record: record.reading):
        records = list(found)
        yield f"\n{_row(reading, 'all', records)}\nband       records  mean  right"
        for least, below in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
            inside = [record for record in records if least <= record.confidence < below]
            if inside:
                yield f"{least:.2f} on {len(inside):10}  {_mean(inside):.3f}  {_right(inside):.3f}"


def _row(reading: str, name: str, records: Sequence[Judged]) -> str:
    high = [record for record in records if record.confidence >= HIGH]
    row = f"{reading:9} {name:20} {len(records):7} {_mean(records):5.3f}  {_right(records):5.3f}"
    row += f"  {calibration_error(records):5.3f}  {auc(records):5.3f}   {len(high):9}"
    return f"{row}  {_mean(high):5.3f}  {_right(high):5.3f}" if high else row


def _mean(records: Sequence[Judged]) -> float:
    return sum(record.confidence for record in records) / len(records)


def _right(records: Sequence[Judged]) -> float:
    return sum(record.is_right for record in records) / len(records)


def calibration_error(records: Sequence[Judged]) -> float:
    """Return how far the share of right records is from their confidence, the mean over the bands."""
    error = 0.0
    for least, below in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        inside = [record for record in records if least <= record.confidence < below]
        if inside:
            error += len(inside) * abs(_mean(inside) - _right(inside))
    return error / len(records)


def auc(records: Sequence[Judged]) -> float:
    """Return how often a right record has more confidence than a wrong one; one half without one of both."""
    right = [record.confidence for record in records if record.is_right]
    wrong = [record.confidence for record in records if not record.is_right]
    pairs = sum((one > other) + (one == other) / 2 for one in right for other in wrong)
    return pairs / (len(right) * len(wrong)) if right and wrong else 0.5
