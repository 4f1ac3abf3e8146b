"""The live bar of a run on a terminal, with everything else that is said there above it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from flows.cli.pace import Pace, short
from flows.execution.progress import ProgressSnapshot


class Bar:
    """A line on stderr that is drawn anew again and again, and gone when the run is over."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, force_terminal=True, highlight=False, markup=False, emoji=False)
        columns = (
            TextColumn("{task.percentage:>3.0f}%", table_column=Column(no_wrap=True, min_width=4)),
            BarColumn(max(8, self._console.width // 6)),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1)),
        )
        self._progress = Progress(
            *columns, console=self._console, auto_refresh=False, transient=True, expand=True, redirect_stdout=False
        )
        self._task = self._progress.add_task("", total=1)
        handlers = [*_handlers_to(sys.stderr)]
        self._progress.start()
        self._console.show_cursor(True)  # which nobody would bring back if this process were killed
        self._taken = [*_take(handlers, self._console)]

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Show how far the run is."""
        done, total = snapshot.bytes_done, snapshot.bytes or None  # what storage elsewhere holds is not always known
        self._progress.update(self._task, completed=done, total=total, description=short(snapshot, pace), refresh=True)

    def say(self, sentence: str) -> None:
        """Print a sentence above the bar."""
        self._console.print(f"dehusk: {sentence}", soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        for handler, name, before in self._taken:
            setattr(handler, name, before)
        self._progress.stop()


def _handlers_to(stream: object) -> Iterator[logging.Handler]:
    """Yield all handlers of logs that have been made to write to a stream."""
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    handlers = {id(handler): handler for logger in loggers for handler in getattr(logger, "handlers", ())}
    # One that writes to whatever stderr is at the moment tears no bar, and has no stream of its own to be changed.
    return (one for one in handlers.values() if getattr(one, "stream", None) is stream and not hasattr(type(one), "stream"))


def _take(handlers: list[logging.Handler], console: Console) -> Iterator[tuple[logging.Handler, str, Any]]:
    """Have logs written above the bar that would tear it; yield what to put back where."""
    for handler in handlers:
        name, instead = ("console", console) if hasattr(handler, "console") else ("stream", sys.stderr)  # Prefect's, and others
        yield handler, name, getattr(handler, name)
        setattr(handler, name, instead)
