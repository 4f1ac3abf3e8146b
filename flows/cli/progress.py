"""Show the progress of a run: a live bar on a terminal, a line now and then in a log, a message at once when it is stopped.

Called by the commands `dehusk run`, `dehusk learn` and `dehusk serve`.
"""

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

from flows.cli.pace import Meter, Pace, long_text, stopping_text
from flows.execution.progress import ProgressSnapshot, SharedProgress
from flows.execution.run import Watch
from flows.signals import is_ending, is_stopping

POLL_SECONDS = 0.1
DUMB_TERMINALS = ("", "dumb", "unknown")  # values of TERM where a line cannot be redrawn


class View(Protocol):
    """A display of progress and messages."""

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Show the progress."""

    def print(self, sentence: str) -> None:
        """Print a message."""

    def close(self) -> None:
        """Remove the display."""


class Lines:
    """Shows progress as lines on stderr."""

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Print a line."""
        self.print(long_text(snapshot, pace))

    def print(self, sentence: str) -> None:
        """Print a message."""
        if sys.stderr is not None:  # print would fall back to stdout
            print(f"dehusk: {sentence}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the lines as they are."""


def _bar() -> View:
    from flows.cli.live_bar import Bar  # takes a while to import

    return Bar()


class Display(NamedTuple):
    """A kind of display: its view, the seconds before it is first drawn, and those between two drawings."""

    view: Callable[[], View]
    after: float
    every: float


BAR = Display(_bar, 0.5, 0.5)
LINES = Display(Lines, 10.0, 30.0)
SILENCE = Display(Lines, math.inf, math.inf)


def display_for(*, quiet: bool, as_json: bool) -> Display:
    """Return the display for a command: a bar on a terminal, else lines, or nothing."""
    if quiet or sys.stderr is None:
        return SILENCE
    if sys.stderr.isatty() and os.environ.get("TERM", "") not in DUMB_TERMINALS:
        return BAR
    return SILENCE if as_json else LINES


def display_of_bar() -> Display:
    """Return a bar on a terminal, and nothing elsewhere."""
    return display_for(quiet=False, as_json=True)


def watch_with(display: Display) -> Watch:
    """Return a watch that shows the progress of a run on this display."""
    return partial(_shown, display)


@contextmanager
def _shown(display: Display, progress: SharedProgress) -> Iterator[None]:
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(display, progress, is_over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _watch(display: Display, progress: SharedProgress, is_over: threading.Event) -> None:
    """Show the progress of a run until it is over."""
    began = time.monotonic()
    meter, due = Meter(began), began + display.after
    view: View | None = None
    is_stop_shown = False
    with suppress(OSError, ValueError):  # a closed stderr, or one that nobody reads, must not fail the run
        while not (is_over.wait(POLL_SECONDS) or is_ending.is_set()):
            now = time.monotonic()
            if is_stopping.is_set() and not is_stop_shown:
                is_stop_shown = True
                (view or Lines()).print(stopping_text(progress.in_flight, progress.unit))
                due = now if view else due  # redraw at once, without the time left
            if now >= due:
                due = now + display.every
                view = view or display.view()
                snapshot = progress.snapshot()
                view.draw(snapshot, meter.pace(snapshot, now))
    if view:
        with suppress(OSError, ValueError):
            view.close()
