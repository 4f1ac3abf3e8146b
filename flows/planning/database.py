"""Open the state of an output folder, in a file in the folder or in a database elsewhere.

Called by `flows.execution.context` and `flows.inspect`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from flows.errors import UsageError
from flows.inputs.storage import without_password
from flows.layout import IDENTITY, STATE_FILE
from flows.output.atomic import write_whole
from flows.planning.migration import migrate
from flows.planning.state import VERSION, State, database_message, tables


@contextmanager
def open_state(out: Path, url: str = "", *, fresh: bool = False) -> Iterator[State]:
    """Open the state of an output folder, kept in it or in the database at `url`.

    Raises UsageError when the state cannot be used, or, unless `fresh`, when it is that of another folder or version.
    """
    where = without_password(url) if "://" in url else str(out / STATE_FILE)
    try:
        engine = sa.create_engine(_address(out, url))
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ValueError):
        subject = where if "://" in url else "what is given"
        raise UsageError(f"--state: {subject} is no database; write it as postgresql://user@host/name") from None
    except ImportError as error:
        remedy = "pip install 'dehusk[postgres]'" if error.name == "psycopg" else f"pip install {error.name}"
        raise UsageError(f"--state: {where} needs {error.name}; {remedy}") from None
    try:
        try:
            tables.create_all(engine)
            state = State(engine, where)
            if fresh and state.is_of_another_version():
                tables.drop_all(engine)
                tables.create_all(engine)
            migrate(engine, tables)
            state.check_about("version", VERSION, "was written by another version of dehusk", fresh=fresh)
            if url:
                state.check_about("output", _identity(out), "is that of another output folder", fresh=fresh)
        except sa.exc.DBAPIError as error:
            advice = (
                "check the address and who may use it" if url else "name another folder, or take the file away and use --fresh"
            )
            raise UsageError(f"{where} cannot be used as the state ({database_message(error)}); {advice}") from None
        yield state
    finally:
        engine.dispose()


def _address(out: Path, url: str) -> sa.URL:
    if not url:
        return sa.URL.create("sqlite", database=str(out / STATE_FILE))
    address = sa.make_url(url)
    return address.set(drivername="postgresql+psycopg") if address.drivername in ("postgresql", "postgres") else address


def _identity(out: Path) -> str:
    """Return the identifier of an output folder, the same wherever it is mounted."""
    file = out / IDENTITY
    if not file.exists():
        write_whole(file, secrets.token_hex(16).encode())
    return file.read_text(encoding="ascii")
