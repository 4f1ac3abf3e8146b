"""Show how far a run is: a live bar on a terminal, a line now and then in a log; and say at once that it is being stopped."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from flows.board import Board, Reading
from flows.run import Watch
from flows.stopping import is_ending, is_stopping

LOOK_SECONDS = 0.1  # between two looks whether there is something to show or to say
WINDOW_SECONDS = 30.0  # of which rates are told
DUMB = ("", "dumb", "unknown")  # kinds of terminals on which a line cannot be drawn anew


@dataclass(frozen=True, slots=True)
class Pace:
    """Pages and bytes a second of late, and how many seconds are left at that, None when that cannot be told."""

    pages: float
    bytes: float
    left: float | None


class Meter:
    """Tells the pace of a run from what was read of it before."""

    def __init__(self, now: float) -> None:
        self._seen = deque([(now, 0, 0)])

    def pace(self, reading: Reading, now: float) -> Pace:
        """Return the pace of late."""
        self._seen.append((now, reading.bytes_done, reading.pages))
        while self._seen[1][0] <= now - WINDOW_SECONDS:
            self._seen.popleft()
        then, done, pages = self._seen[0]
        passed = max(now - then, 0.001)
        # A shard that is begun anew, because its process was killed, takes back what was told of it.
        speed = max(reading.bytes_done - done, 0) / passed
        left = (reading.bytes - reading.bytes_done) / speed if speed else None
        return Pace(max(reading.pages - pages, 0) / passed, speed, left)


class View(Protocol):
    """Where a run shows how far it is."""

    def draw(self, reading: Reading, pace: Pace) -> None:
        """Show how far it is."""

    def say(self, sentence: str) -> None:
        """Say something else."""

    def close(self) -> None:
        """Show nothing any more."""


class Lines:
    """Shows how far a run is by lines on stderr."""

    def draw(self, reading: Reading, pace: Pace) -> None:
        """Print a line."""
        self.say(long(reading, pace))

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        if sys.stderr is not None:  # where print would take stdout instead
            print(f"dehusk: {sentence}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave all as it is."""


def _bar() -> View:
    from flows.bar import Bar  # takes a while to import

    return Bar()


class Kind(NamedTuple):
    """A way to show how far a run is: on which view, after how many seconds first, and how often then."""

    view: Callable[[], View]
    after: float
    every: float


BAR = Kind(_bar, 0.5, 0.5)
LINES = Kind(Lines, 10.0, 30.0)
SILENCE = Kind(Lines, math.inf, math.inf)


def kind_for(*, quiet: bool, as_json: bool) -> Kind:
    """Return how a command is to show how far it is, by where its stderr goes."""
    if quiet or sys.stderr is None:
        return SILENCE
    if sys.stderr.isatty() and os.environ.get("TERM", "") not in DUMB:
        return BAR
    return SILENCE if as_json else LINES


def shown_as(kind: Kind) -> Watch:
    """Return what shows in that way how far a run is, while it is at work."""
    return partial(_shown, kind)


@contextmanager
def _shown(kind: Kind, board: Board) -> Iterator[None]:
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(kind, board, over), daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _watch(kind: Kind, board: Board, over: threading.Event) -> None:
    """Show how far a run is until it is over."""
    began = time.monotonic()
    meter, due = Meter(began), began + kind.after
    view: View | None = None
    is_told = False
    with suppress(OSError, ValueError):  # stderr is closed, or nobody reads it: that is no reason for a run to fail
        while not (over.wait(LOOK_SECONDS) or is_ending.is_set()):
            now = time.monotonic()
            if is_stopping.is_set() and not is_told:
                is_told = True
                (view or Lines()).say(stopping(board.in_hand))
                due = now if view else due  # no time is left any more
            if now >= due:
                due = now + kind.every
                view = view or kind.view()
                reading = board.reading()
                view.draw(reading, meter.pace(reading, now))
    if view:
        with suppress(OSError, ValueError):
            view.close()


def stopping(in_hand: int) -> str:
    """Return what to say when a run is to stop after the shards in hand."""
    if not in_hand:
        return "stopping; writing down what is done"
    shards = f"{in_hand} shards" if in_hand > 1 else "shard"
    return f"stopping; finishing the {shards} in hand, Ctrl-C again to stop now"


def long(reading: Reading, pace: Pace) -> str:
    """Return in words how far a run is."""
    shards = f"{reading.shards_done:,} of {reading.shards:,} shards"
    rate = [f"{_rate(pace.pages)} pages/s", f"{_rate(pace.bytes / 1e6)} MB/s"]
    bad = f"{reading.quarantined:,} quarantined"
    return ", ".join([shards, f"{reading.pages:,} pages", *rate, bad, *_left(pace, "about ")])


def short(reading: Reading, pace: Pace) -> str:
    """Return the same in less than a line of a terminal, what can best be missed last: narrow ones cut it off."""
    unit, name = (1e9, "GB") if reading.bytes >= 1e9 else (1e6, "MB")
    size = f"{reading.bytes_done / unit:.1f}/{reading.bytes / unit:.1f} {name}"
    rate = [f"{_rate(pace.bytes / 1e6)} MB/s", f"{_rate(pace.pages)} pages/s"]
    return ", ".join([size, *_left(pace), *rate, f"{reading.quarantined:,} bad", f"{reading.pages:,} pages"])


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
