"""Show how far a run is: a live bar on a terminal, a line now and then in a log; and say at once that it is being stopped."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple, Protocol

from flows.cli.pace import Meter, Pace, long, stopping
from flows.execution.progress import ProgressSnapshot, SharedProgress
from flows.execution.run import Watch
from flows.signals import is_ending, is_stopping

LOOK_SECONDS = 0.1  # between two looks whether there is something to show or to say
DUMB = ("", "dumb", "unknown")  # kinds of terminals on which a line cannot be drawn anew


class View(Protocol):
    """Where a run shows how far it is."""

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Show how far it is."""

    def say(self, sentence: str) -> None:
        """Say something else."""

    def close(self) -> None:
        """Show nothing any more."""


class Lines:
    """Shows how far a run is by lines on stderr."""

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Print a line."""
        self.say(long(snapshot, pace))

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        if sys.stderr is not None:  # where print would take stdout instead
            print(f"dehusk: {sentence}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave all as it is."""


def _bar() -> View:
    from flows.cli.live_bar import Bar  # takes a while to import

    return Bar()


class Display(NamedTuple):
    """A way to show how far a run is: on which view, after how many seconds first, and how often then."""

    view: Callable[[], View]
    after: float
    every: float


BAR = Display(_bar, 0.5, 0.5)
LINES = Display(Lines, 10.0, 30.0)
SILENCE = Display(Lines, math.inf, math.inf)


def display_for(*, quiet: bool, as_json: bool) -> Display:
    """Return how a command is to show how far it is, by where its stderr goes."""
    if quiet or sys.stderr is None:
        return SILENCE
    if sys.stderr.isatty() and os.environ.get("TERM", "") not in DUMB:
        return BAR
    return SILENCE if as_json else LINES


def watch_with(kind: Display) -> Watch:
    """Return what shows in that way how far a run is, while it is at work."""
    return partial(_shown, kind)


@contextmanager
def _shown(kind: Display, progress: SharedProgress) -> Iterator[None]:
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(kind, progress, over), daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _watch(kind: Display, progress: SharedProgress, over: threading.Event) -> None:
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
                (view or Lines()).say(stopping(progress.in_hand))
                due = now if view else due  # no time is left any more
            if now >= due:
                due = now + kind.every
                view = view or kind.view()
                snapshot = progress.snapshot()
                view.draw(snapshot, meter.pace(snapshot, now))
    if view:
        with suppress(OSError, ValueError):
            view.close()
