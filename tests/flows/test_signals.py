"""Signals of a run: a further one does not disturb its end."""

from __future__ import annotations

import os
import signal

import pytest

from flows.signals import ended_by_foreign_signals, forget_signals, is_ending


class Terminated(BaseException):
    """Raised by the handler of another library."""


@pytest.fixture
def foreign_handler():
    def end(*_: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    yield
    signal.signal(signal.SIGTERM, before)
    forget_signals()


@pytest.mark.usefixtures("foreign_handler")
def test_a_further_sigterm_does_not_disturb_the_end():
    with pytest.raises(Terminated), ended_by_foreign_signals():
        os.kill(os.getpid(), signal.SIGTERM)
    assert is_ending.is_set()
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.usefixtures("foreign_handler")
def test_an_error_leaves_the_handler():
    with pytest.raises(ValueError, match="a fault"), ended_by_foreign_signals():
        raise ValueError("a fault")
    assert not is_ending.is_set()
    with pytest.raises(Terminated):
        os.kill(os.getpid(), signal.SIGTERM)
