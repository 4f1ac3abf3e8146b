"""The state is read without a write, whatever a run does to it meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.layout import IDENTITY, STATE_FILE
from flows.planning.database import open_state, state_to_read
from flows.planning.runs import Totals
from flows.planning.state import KnownInput
from flows.planning.tables import tables

A = KnownInput("a.txt", 0, None, "00000-a", 0)
EMPTY = Totals(0, 0, 0, 0, 0)


def totals(out, url="") -> Totals:
    with state_to_read(out, url) as state:
        return state.totals()


def planned(out, url="") -> None:
    with open_state(out, url) as state:
        state.plan([("00000-a", 0, [A])])


def test_where_there_is_none_it_is_empty_and_none_is_made(tmp_path):
    assert totals(tmp_path) == EMPTY
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_tables_or_without_a_version_is_empty(tmp_path):
    """So it is for an instant when a first run makes it, and for long if that is killed then."""
    (tmp_path / STATE_FILE).touch()
    assert totals(tmp_path) == EMPTY
    assert (tmp_path / STATE_FILE).stat().st_size == 0
    engine = sa.create_engine(f"sqlite:///{tmp_path / STATE_FILE}")
    tables.create_all(engine)
    engine.dispose()
    assert totals(tmp_path) == EMPTY
    planned(tmp_path)
    assert totals(tmp_path).pending == 1


def test_a_reader_cannot_write(tmp_path):
    planned(tmp_path)
    with state_to_read(tmp_path) as state, pytest.raises(Failed, match="attempt to write a readonly database"):
        state.clear()
    assert totals(tmp_path).pending == 1


def test_one_may_read_while_another_writes(tmp_path):
    planned(tmp_path)
    with sqlite3.connect(tmp_path / STATE_FILE) as writing:
        writing.execute("delete from sources")
        assert totals(tmp_path).pending == 1
        writing.rollback()
    writing.close()


def test_who_writes_for_long_is_named_as_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.planning.database.PATIENCE_SECONDS", 0)
    planned(tmp_path)
    writing = sqlite3.connect(tmp_path / STATE_FILE)
    writing.execute("begin exclusive")
    with pytest.raises(Failed, match=r"state\.db is being written for long by another command; try again"):
        totals(tmp_path)
    writing.close()
    with state_to_read(tmp_path) as state:
        writing = sqlite3.connect(tmp_path / STATE_FILE)
        writing.execute("begin exclusive")
        with pytest.raises(Failed, match=r"state\.db is being written for long by another command; try again"):
            state.totals()
        writing.close()


KILLED = """
import os, signal, sqlite3, sys
state = sqlite3.connect(sys.argv[1])
state.execute("pragma cache_size = 1")
state.execute("delete from sources")
state.executemany("insert into about values (?, ?)", ((str(i), "x" * 500) for i in range(2000)))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_half_committed_is_taken_back(tmp_path):
    planned(tmp_path)
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / STATE_FILE)], check=False)
    assert (tmp_path / f"{STATE_FILE}-journal").stat().st_size > 0
    assert totals(tmp_path).pending == 1


def test_names_with_signs_of_addresses_are_names(tmp_path):
    out = tmp_path / "a?b#c%20 d"
    out.mkdir()
    planned(out)
    assert totals(out).pending == 1
    assert [file.name for file in out.iterdir()] == [STATE_FILE]


def test_a_state_elsewhere_is_that_of_one_folder(tmp_path):
    one, two, url = tmp_path / "one", tmp_path / "two", f"sqlite:///{tmp_path}/all.db"
    one.mkdir()
    two.mkdir()
    planned(one, url)
    assert totals(one, url).pending == 1
    with pytest.raises(UsageError, match="the state is that of another output folder"):
        totals(two, url)
    assert not (two / IDENTITY).exists()


def test_a_state_of_another_version_or_no_state_is_a_mistake(tmp_path):
    planned(tmp_path)
    with sqlite3.connect(tmp_path / STATE_FILE) as state:
        state.execute("update about set value = '0' where name = 'version'")
    state.close()
    with pytest.raises(UsageError, match="was written by another version of dehusk"):
        totals(tmp_path)
    (tmp_path / STATE_FILE).write_bytes(b"no database at all " * 100)
    with pytest.raises(UsageError, match=r"state\.db cannot be used as the state"):
        totals(tmp_path)
