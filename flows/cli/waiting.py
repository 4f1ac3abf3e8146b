"""Say on stderr what a command waits for, when that takes long. Called by `flows.cli.run`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial

from flows.cli.progress import BAR, SILENCE, Display

WAIT_SECONDS = 0.5  # before anything is said
ERASE = "\r\x1b[2K"
Wait = Callable[[], AbstractContextManager[None]]  # says what a command waits for until the context is left


def wait_with(display: Display, sentence: str) -> Wait:
    """Return a wait that says a sentence: on a terminal until it is over, in a log once, however often there is a wait."""
    return partial(_said, display, f"dehusk: {sentence}", [])


@contextmanager
def _said(display: Display, sentence: str, said: list[str]) -> Iterator[None]:
    is_over = threading.Event()
    thread = threading.Thread(target=_say, args=(display, sentence, said, is_over), daemon=True)
    if display is not SILENCE:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        if thread.ident is not None:
            thread.join()


def _say(display: Display, sentence: str, said: list[str], is_over: threading.Event) -> None:
    is_line = display is not BAR
    if is_over.wait(WAIT_SECONDS) or (is_line and said):
        return
    said.append(sentence)
    with suppress(OSError, ValueError):  # a closed stderr, or one that nobody reads, must not fail the run
        print(sentence, end="\n" if is_line else "", file=sys.stderr, flush=True)
        is_over.wait()
        print("" if is_line else ERASE, end="", file=sys.stderr, flush=True)
