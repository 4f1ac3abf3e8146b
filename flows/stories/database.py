"""Open the tables of stories: in a file in the output folder, or in the database of the state.

Called by `flows.stories.update` to write them and by `flows.stories.show` to read them. All that is in them can be made again
from the records: tables of another version are made anew, and so is a damaged file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from flows.errors import Failed
from flows.inputs.storage import without_password
from flows.layout import STORIES_FILE
from flows.output.atomic import remove_files
from flows.planning.database import address_of, engine_of, sqlite_code
from flows.planning.database_errors import database_message, is_locked
from flows.stories.sketches import made_by
from flows.stories.tables import about, tables, temporary

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
CACHE_KIB = 256 * 1024  # of SQLite's pages in memory
MADE_BY = "made_by"
Result = TypeVar("Result")


def with_tables(out: Path, url: str, use: Callable[[sa.Engine], Result]) -> Result:
    """Call a function with the tables to be written, and return its result; raises Failed when they cannot be used."""
    try:
        return _used(out, url, use)
    except sa.exc.DBAPIError as error:
        if url or sqlite_code(error) not in DAMAGED:
            raise _unusable(out, url, error) from None
    remove_files(out / f"{STORIES_FILE}{end}" for end in ("", "-journal"))
    try:
        return _used(out, url, use)
    except sa.exc.DBAPIError as error:
        raise _unusable(out, url, error) from None


def _used(out: Path, url: str, use: Callable[[sa.Engine], Result]) -> Result:
    engine = engine_of(address_of(out, url, STORIES_FILE), "rwc")
    try:
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _enlarge_cache)
        with engine.begin() as connection:
            tables.create_all(connection)
            if connection.execute(sa.select(about.c.value).where(about.c.name == MADE_BY)).scalar() != made_by():
                tables.drop_all(connection)
                tables.create_all(connection)
                connection.execute(sa.insert(about), {"name": MADE_BY, "value": made_by()})
        return use(engine)
    finally:
        engine.dispose()


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
