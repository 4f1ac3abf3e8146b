"""Open the state of an output folder, in a file in the folder or in a database elsewhere.

Called by `flows.execution.context` to write it, and by `flows.inspect` to read it, also while a run writes it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.inputs.storage import without_password
from flows.layout import FOLDERS, IDENTITY, STATE_FILE
from flows.output.atomic import write_whole
from flows.planning.database_errors import database_message, is_locked
from flows.planning.migration import FROM, migrate
from flows.planning.state import VERSION, State
from flows.planning.tables import tables

PATIENCE_SECONDS = 60  # for a command that writes SQLite's file, which is a matter of seconds with a million inputs
# In a folder that could be written to just before, a file that cannot be opened is one, too.
DISK_FAULTS = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN)
OTHER_VERSION = "was written by another version of dehusk; use that version, or a later one"
OTHER_FOLDER = "is that of another output folder; name another database"
Mode = Literal["rwc", "rw"]  # of SQLite: whether a file is created


@contextmanager
def open_state(out: Path, url: str = "", *, fresh: bool = False) -> Iterator[State]:
    """Open the state of an output folder, kept in it or in the database at `url`, for a run that holds the folder.

    Raises UsageError when the state cannot be used, or, unless `fresh`, when it is that of another folder or version.
    """
    with _connected(out, url, "rwc") as (engine, where):
        with engine.begin() as connection:  # one transaction, so that nobody sees a part of the tables
            tables.create_all(connection)
        state = State(engine, where)
        if fresh and state.is_of_another_version():
            with engine.begin() as connection:
                tables.drop_all(connection)
                tables.create_all(connection)
        migrate(engine, tables)
        state.check_about("version", VERSION, OTHER_VERSION, fresh=fresh)
        if url:
            state.check_about("output", _identity(out), OTHER_FOLDER, fresh=fresh)
        yield state


@contextmanager
def state_to_read(out: Path, url: str = "") -> Iterator[State]:
    """Open the state of an output folder to read it; it is an empty one where the first run has not written it yet.

    Nothing is written. Raises UsageError when the state cannot be used, or is that of another folder or version.
    """
    if not url and not (out / STATE_FILE).exists():
        with _empty_state() as state:
            yield state
        return
    with _connected(out, url, "rw") as (engine, where):
        state = State(engine, where)
        is_written = sa.inspect(engine).has_table("about") and state.about("version") is not None
        if is_written:
            if state.about("version") == FROM:
                with _migrated_copy(engine, where) as migrated:
                    yield migrated
                return
            state.check_about_is("version", VERSION, OTHER_VERSION)
            if url:
                state.check_about_is("output", _known_identity(out), OTHER_FOLDER)
            yield state
    if not is_written:
        with _empty_state() as state:
            yield state


def no_state(out: Path) -> UsageError:
    """Return the mistake of naming a folder whose state is not there, with its remedy."""
    if (out / IDENTITY).exists():
        return UsageError(f"the state of {out} is in a database; name it with --state")
    if any(file for name in FOLDERS for file in (out / name).glob("*.jsonl")):  # a first run makes the folders before its state
        return UsageError(f"{out / STATE_FILE} is missing; dehusk repair {out} makes it again from the folder")
    return UsageError(f"no run has been made in {out}; name the folder that was given to dehusk run as --out")


@contextmanager
def _migrated_copy(engine: sa.Engine, where: str) -> Iterator[State]:
    """Open a copy in memory of SQLite's file of an earlier version; another database waits for the next run."""
    if engine.dialect.name != "sqlite":
        raise UsageError(f"{where} is that of an earlier version of dehusk; the next dehusk run brings it to this one")
    copy = sa.create_engine("sqlite://")
    try:
        with closing(engine.raw_connection()) as old, closing(copy.raw_connection()) as new:
            old.driver_connection.backup(new.driver_connection)  # type: ignore[union-attr]
        migrate(copy, tables)
        yield State(copy, where)
    finally:
        copy.dispose()


@contextmanager
def _empty_state() -> Iterator[State]:
    engine = sa.create_engine("sqlite://")
    try:
        tables.create_all(engine)
        yield State(engine, "memory")
    finally:
        engine.dispose()


@contextmanager
def _connected(out: Path, url: str, mode: Mode) -> Iterator[tuple[sa.Engine, str]]:
    """Yield an engine and its name in messages; raises UsageError when the database cannot be used."""
    where = without_password(url) if "://" in url else str(out / STATE_FILE)
    try:
        engine = engine_of(address_of(out, url), mode)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ValueError):
        subject = where if "://" in url else "what is given"
        raise UsageError(f"--state: {subject} is no database; write it as postgresql://user@host/name") from None
    except ImportError as error:
        remedy = "pip install 'dehusk[postgres]'" if error.name == "psycopg" else f"pip install {error.name}"
        raise UsageError(f"--state: {where} needs {error.name}; {remedy}") from None
    try:
        yield engine, where
    except sa.exc.DBAPIError as error:
        if is_locked(error):
            raise Failed(f"{where} is being written for long by another command; try again") from None
        problem = f"{where} cannot be used as the state ({database_message(error)})"
        code = sqlite_code(error)
        # A file that may be written is only read where the disk fails when SQLite looks at it.
        is_unreadable = code == sqlite3.SQLITE_READONLY and os.access(out / STATE_FILE, os.W_OK)
        if (code in DISK_FAULTS or is_unreadable) and not url:
            raise Failed(f"{problem}; mend that, and run the same command again") from None
        advice = "check the address and who may use it" if url else f"dehusk repair {out} makes it again from the folder"
        raise (Failed if code == sqlite3.SQLITE_CORRUPT else UsageError)(f"{problem}; {advice}") from None
    finally:
        engine.dispose()


def engine_of(address: sa.URL, mode: Mode, patience: int = PATIENCE_SECONDS) -> sa.Engine:
    """Return an engine for the database at an address, with so many seconds for others that write; a reader's cannot write."""
    if address.get_backend_name() != "sqlite" or not address.database:
        return sa.create_engine(address, execution_options={"postgresql_readonly": mode == "rw"})
    # Read and write even for a reader: it takes back what a killed run left half committed. SQLite makes it read only where
    # the file is.
    file = f"file:{quote(os.fsencode(address.database))}"
    address = address.set(database=file, query={**address.query, "mode": mode, "uri": "true"})
    engine = sa.create_engine(address, connect_args={"timeout": patience})

    # Python's driver begins a transaction before the first change alone, which leaves out tables and what was read before.
    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:  # noqa: ANN401
        connection.isolation_level = None
        # By default the removal of the journal is not flushed; when it comes back after a power cut, it undoes the commit.
        connection.execute("PRAGMA synchronous = EXTRA")
        if mode == "rw":
            connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def sqlite_code(error: sa.exc.DBAPIError) -> int:
    """Return the primary error code of SQLite, 0 for an error of another database."""
    code: int = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF  # above it are details


def address_of(out: Path, url: str, file: str = STATE_FILE) -> sa.URL:
    """Return the address of a database: the one given, or by default that in a file of SQLite in the output folder."""
    if not url:
        return sa.URL.create("sqlite", database=str(out / file))
    address = sa.make_url(url)
    return address.set(drivername="postgresql+psycopg") if address.drivername in ("postgresql", "postgres") else address


def _identity(out: Path) -> str:
    """Return the identifier of an output folder, the same wherever it is mounted."""
    file = out / IDENTITY
    if not file.exists():
        write_whole(file, secrets.token_hex(16).encode())
    return _known_identity(out)


def _known_identity(out: Path) -> str:
    """Return the identifier of an output folder, "" where it has none."""
    file = out / IDENTITY
    return file.read_text(encoding="ascii") if file.exists() else ""
