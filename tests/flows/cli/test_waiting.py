"""A command says what it waits for."""

from __future__ import annotations

import sys

import pytest

from flows.cli import waiting
from flows.cli.progress import BAR, LINES, SILENCE
from flows.cli.waiting import ERASE, wait_with
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.0)


def said_in(wait, capsys, text):
    """Return what a wait says on stderr, if it lasts until that holds a text."""
    said = []
    with wait():
        wait_until(lambda: said.append(capsys.readouterr().err) or text in "".join(said), "the sentence")
    return "".join(said) + capsys.readouterr().err


def test_a_log_has_the_sentence_once(capsys):
    wait = wait_with(LINES, "waiting for a server")
    assert said_in(wait, capsys, "server\n") == "dehusk: waiting for a server\n"
    assert said_in(wait, capsys, "") == ""


def test_on_a_terminal_it_goes_with_the_wait(capsys):
    wait = wait_with(BAR, "waiting for a server")
    for _ in range(2):
        assert said_in(wait, capsys, "server") == f"dehusk: waiting for a server{ERASE}"


def test_a_quiet_command_says_nothing(capsys):
    assert said_in(wait_with(SILENCE, "waiting for a server"), capsys, "") == ""


def test_a_short_wait_is_not_worth_a_word(capsys, monkeypatch):
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 600.0)
    assert said_in(wait_with(LINES, "waiting for a server"), capsys, "") == ""


def test_a_closed_stderr_does_not_matter(monkeypatch):
    class Closed:
        def write(self, _):
            raise ValueError("closed")

        flush = write

    monkeypatch.setattr(sys, "stderr", Closed())
    with wait_with(LINES, "waiting for a server")():
        pass
