"""The pace of a run, and its progress in words. Used by `flows.cli.progress` and `live_bar`."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from flows.execution.progress import ProgressSnapshot, Unit
from flows.signals import is_stopping

WINDOW_SECONDS = 30.0  # rates are measured over this time


@dataclass(frozen=True, slots=True)
class Pace:
    """Recent pages and bytes per second, and the seconds left at that pace, None when it is zero."""

    pages: float
    bytes: float
    left: float | None


class Meter:
    """Measures the pace of a run from its recent snapshots."""

    def __init__(self, now: float) -> None:
        self._samples = deque([(now, 0, 0)])  # time, bytes and pages done

    def pace(self, snapshot: ProgressSnapshot, now: float) -> Pace:
        """Return the pace at a snapshot made `now`."""
        self._samples.append((now, snapshot.bytes_done, snapshot.pages))
        while self._samples[1][0] <= now - WINDOW_SECONDS:
            self._samples.popleft()
        then, done, pages = self._samples[0]
        passed = max(now - then, 0.001)
        # The counters fall when a shard is begun anew because its process was killed.
        speed = max(snapshot.bytes_done - done, 0) / passed
        left = (snapshot.bytes - snapshot.bytes_done) / speed if speed else None
        return Pace(max(snapshot.pages - pages, 0) / passed, speed, left)


def stopping_text(in_flight: int, unit: Unit = "shard") -> str:
    """Return the message of a run that stops after the shards or sites in flight."""
    if not in_flight:
        return "stopping; writing down what is done"
    units = f"{in_flight} {unit}s" if in_flight > 1 else unit
    return f"stopping; finishing the {units} in hand, Ctrl-C again to stop now"


def long_text(snapshot: ProgressSnapshot, pace: Pace) -> str:
    """Return the progress of a run for a log."""
    units = f"{snapshot.shards_done:,} of {snapshot.shards:,} {snapshot.unit}s"
    rate = [f"{_rate(pace.pages)} pages/s", f"{_rate(pace.bytes / 1e6)} MB/s"]
    bad = f"{snapshot.quarantined:,} quarantined"
    return ", ".join([units, f"{snapshot.pages:,} pages", *rate, bad, *_time_left(pace, "about ")])


def short_text(snapshot: ProgressSnapshot, pace: Pace) -> str:
    """Return the progress of a run for the bar, the least important last: narrow terminals cut it off."""
    if snapshot.unit == "site":
        return ", ".join([f"{snapshot.shards_done:,} of {snapshot.shards:,} sites learnt", *_time_left(pace)])
    unit, name = (1e9, "GB") if snapshot.bytes >= 1e9 else (1e6, "MB")
    size = f"{snapshot.bytes_done / unit:.1f}/{snapshot.bytes / unit:.1f} {name}"
    rate = [f"{_rate(pace.bytes / 1e6)} MB/s", f"{_rate(pace.pages)} pages/s"]
    return ", ".join([size, *_time_left(pace), *rate, f"{snapshot.quarantined:,} bad", f"{snapshot.pages:,} pages"])


def _time_left(pace: Pace, about: str = "") -> list[str]:
    if is_stopping.is_set():
        return ["stopping"]
    return [f"{about}{span(pace.left)} left"] if pace.left else []


def _rate(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def span(seconds: float) -> str:
    """Return a span of time, rounded up.

    >>> [span(seconds) for seconds in (0.2, 59, 61, 3_600, 90_000)]
    ['1s', '59s', '2m', '1h 0m', '1d 1h']
    """
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes = math.ceil(whole / 60)
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m" if hours < 24 else f"{hours // 24}d {hours % 24}h"
