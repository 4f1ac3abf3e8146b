"""Open the tables of stories: in a file in the output folder, or in the database of the state.

Called by `flows.stories.update` to write them, by `flows.stories.show` and `flows.stories.check` to read them. All that is in
them can be made again from the records: tables of another version are made anew, and so are damaged ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
import sqlalchemy as sa

from flows.errors import Failed
from flows.inputs.storage import without_password
from flows.layout import STORIES_FILE
from flows.output.atomic import remove_files
from flows.planning.database import address_of, engine_of, sqlite_code
from flows.planning.database_errors import database_message, is_locked
from flows.stories.sketches import made_by
from flows.stories.tables import about, tables, temporary

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT)
CACHE_KIB = 256 * 1024  # of SQLite's pages in memory
READER_SECONDS = 5  # that a reader waits for a command that writes SQLite's file
MADE_BY = "made_by"
Fault = Literal["none", "other version", "damaged", "busy", "unusable"]  # of tables that cannot be read
REMEDIES: dict[Fault, str] = {
    "none": "a run makes them",
    "other version": "the next run makes them anew",
    "damaged": "the next run makes them anew",
    "busy": "try again",
    "unusable": "mend that, and the next run brings them up",
}


class Unreadable(Exception):
    """The tables of stories cannot be read: the reason in words, and the sort of `fault`."""

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.sentence = f"{reason}; {REMEDIES[fault]}"


def with_tables(out: Path, url: str, use: Callable[[sa.Engine], None]) -> None:
    """Call a function with the tables to be written; raises Failed when they cannot be used."""
    try:
        _used(out, url, use)
        return
    except sa.exc.DBAPIError as error:
        if url or sqlite_code(error) not in DAMAGED:
            raise _unusable(out, url, error) from None
    except (msgspec.MsgspecError, KeyError, sa.exc.NoResultFound):  # rows cannot be read, or others that they name are gone
        pass
    if not url:
        _remove_file(out)
    try:
        _used(out, url, use, anew=True)
    except sa.exc.DBAPIError as error:
        raise _unusable(out, url, error) from None


def forget_tables(out: Path, url: str) -> None:
    """Remove the tables, in a file or in a database: the next update makes them again from the records."""
    if url:
        with_tables(out, url, tables.drop_all)
    else:
        _remove_file(out)


def _remove_file(out: Path) -> None:
    remove_files(out / f"{STORIES_FILE}{end}" for end in ("", "-journal"))


@contextmanager
def tables_to_read(out: Path, url: str) -> Iterator[sa.Connection]:
    """Yield a connection that reads the tables and can write nothing; raises Unreadable, also for damage found in its use."""
    if not url and not (out / STORIES_FILE).exists():
        raise _no_tables()
    engine = engine_of(address_of(out, url, STORIES_FILE), "rw", READER_SECONDS)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table(about.name):
                raise _no_tables()
            if connection.execute(sa.select(about.c.value).where(about.c.name == MADE_BY)).scalar() != made_by():
                raise Unreadable("other version", "the stories were made by another version of dehusk")
            yield connection
    except (sa.exc.DBAPIError, msgspec.MsgspecError) as error:
        raise _unreadable(url, error) from None
    finally:
        engine.dispose()


def check_file(connection: sa.Connection) -> None:
    """Raise Unreadable when the tables are in a file of SQLite that is damaged anywhere."""
    if connection.dialect.name == "sqlite":
        found: str = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise Unreadable("damaged", f"{STORIES_FILE} is damaged ({found.splitlines()[-1]})")


def _no_tables() -> Unreadable:
    return Unreadable("none", "no stories have been made")


def _unreadable(url: str, error: sa.exc.DBAPIError | msgspec.MsgspecError) -> Unreadable:
    where = without_password(url) if url else STORIES_FILE
    if is_locked(error):
        return Unreadable("busy", f"{where} is being written by another command")
    is_damaged = isinstance(error, msgspec.MsgspecError) or (not url and sqlite_code(error) in DAMAGED)
    if is_damaged:
        return Unreadable("damaged", f"{where} is damaged ({database_message(error)})")
    return Unreadable("unusable", f"{where} cannot be read ({database_message(error)})")


def _used(out: Path, url: str, use: Callable[[sa.Engine], None], *, anew: bool = False) -> None:
    engine = engine_of(address_of(out, url, STORIES_FILE), "rwc")
    try:
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _enlarge_cache)
        with engine.begin() as connection:
            if anew or not _are_ours(connection):
                tables.drop_all(connection)
                tables.create_all(connection)
                connection.execute(sa.insert(about), {"name": MADE_BY, "value": made_by()})
        use(engine)
    finally:
        engine.dispose()


def _are_ours(connection: sa.Connection) -> bool:
    """Return whether all tables are there, and made by this version."""
    if not tables.tables.keys() <= {*sa.inspect(connection).get_table_names()}:
        return False
    return connection.execute(sa.select(about.c.value).where(about.c.name == MADE_BY)).scalar() == made_by()


def _enlarge_cache(connection: sqlite3.Connection, _: object) -> None:
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _unusable(out: Path, url: str, error: sa.exc.DBAPIError) -> Failed:
    where = without_password(url) if url else str(out / STORIES_FILE)
    if is_locked(error):
        return Failed(f"{where} is being written for long by another command; try again")
    return Failed(f"stories cannot be kept in {where} ({database_message(error)}); mend that, and the next run brings them up")


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection in a transaction with the temporary tables."""
    with engine.begin() as connection:
        temporary.create_all(connection)
        yield connection
        temporary.drop_all(connection)
