"""The pace of a run, and its progress in words."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from flows.execution.progress import ProgressSnapshot
from flows.signals import is_stopping


@dataclass(frozen=True, slots=True)
class Pace:
    """Pages and bytes a second of late, and how many seconds are left at that, None when that cannot be told."""

    pages: float
    bytes: float
    left: float | None


WINDOW_SECONDS = 30.0  # of which rates are told


class Meter:
    """Tells the pace of a run from what was read of it before."""

    def __init__(self, now: float) -> None:
        self._seen = deque([(now, 0, 0)])

    def pace(self, snapshot: ProgressSnapshot, now: float) -> Pace:
        """Return the pace of late."""
        self._seen.append((now, snapshot.bytes_done, snapshot.pages))
        while self._seen[1][0] <= now - WINDOW_SECONDS:
            self._seen.popleft()
        then, done, pages = self._seen[0]
        passed = max(now - then, 0.001)
        # A shard that is begun anew, because its process was killed, takes back what was told of it.
        speed = max(snapshot.bytes_done - done, 0) / passed
        left = (snapshot.bytes - snapshot.bytes_done) / speed if speed else None
        return Pace(max(snapshot.pages - pages, 0) / passed, speed, left)


def stopping(in_hand: int) -> str:
    """Return what to say when a run is to stop after the shards in hand."""
    if not in_hand:
        return "stopping; writing down what is done"
    shards = f"{in_hand} shards" if in_hand > 1 else "shard"
    return f"stopping; finishing the {shards} in hand, Ctrl-C again to stop now"


def long(snapshot: ProgressSnapshot, pace: Pace) -> str:
    """Return in words how far a run is."""
    shards = f"{snapshot.shards_done:,} of {snapshot.shards:,} shards"
    rate = [f"{_rate(pace.pages)} pages/s", f"{_rate(pace.bytes / 1e6)} MB/s"]
    bad = f"{snapshot.quarantined:,} quarantined"
    return ", ".join([shards, f"{snapshot.pages:,} pages", *rate, bad, *_left(pace, "about ")])


def short(snapshot: ProgressSnapshot, pace: Pace) -> str:
    """Return the same in less than a line of a terminal, what can best be missed last: narrow ones cut it off."""
    unit, name = (1e9, "GB") if snapshot.bytes >= 1e9 else (1e6, "MB")
    size = f"{snapshot.bytes_done / unit:.1f}/{snapshot.bytes / unit:.1f} {name}"
    rate = [f"{_rate(pace.bytes / 1e6)} MB/s", f"{_rate(pace.pages)} pages/s"]
    return ", ".join([size, *_left(pace), *rate, f"{snapshot.quarantined:,} bad", f"{snapshot.pages:,} pages"])


def _left(pace: Pace, about: str = "") -> list[str]:
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
