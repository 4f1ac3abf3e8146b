"""The live progress bar of a run on a terminal, with logs and messages printed above it. Used by `flows.cli.progress`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from flows.cli.pace import Pace, short_text
from flows.execution.progress import ProgressSnapshot


class Bar:
    """A line on stderr that is redrawn until the run is over, and then removed."""

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
        self._console.show_cursor(True)  # a killed process would leave it hidden
        self._redirected = [*_redirect(handlers, self._console)]

    def draw(self, snapshot: ProgressSnapshot, pace: Pace) -> None:
        """Redraw the bar."""
        done, total = snapshot.bytes_done, snapshot.bytes or None  # remote storage does not always give sizes
        self._progress.update(self._task, completed=done, total=total, description=short_text(snapshot, pace), refresh=True)

    def print(self, sentence: str) -> None:
        """Print a sentence above the bar."""
        self._console.print(f"dehusk: {sentence}", soft_wrap=True)

    def close(self) -> None:
        """Remove the bar, and restore the handlers of logs."""
        for handler, name, before in self._redirected:
            setattr(handler, name, before)
        self._progress.stop()


def _handlers_to(stream: object) -> Iterator[logging.Handler]:
    """Return the handlers of all logs that hold this stream."""
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    handlers = {id(handler): handler for logger in loggers for handler in getattr(logger, "handlers", ())}
    # A handler that looks up the current stderr does not break the bar, and its stream cannot be set.
    return (item for item in handlers.values() if getattr(item, "stream", None) is stream and not hasattr(type(item), "stream"))


def _redirect(handlers: list[logging.Handler], console: Console) -> Iterator[tuple[logging.Handler, str, Any]]:
    """Make logs write above the bar; yield each handler, the name of its attribute and the value to restore."""
    for handler in handlers:
        name, target = ("console", console) if hasattr(handler, "console") else ("stream", sys.stderr)  # Prefect's, others
        yield handler, name, getattr(handler, name)
        setattr(handler, name, target)
