"""Bring the state of an earlier version of dehusk to the present one, in one transaction.

Called by `flows.planning.database`. Version 2 numbers the runs, where version 1 knew them by their times, and keeps with the
digest of a shard's file its size and its stamp, which stay unknown until the next run has looked at the file.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from flows.output.written import WrittenFile

FROM, TO = "1", "2"


def migrate(engine: sa.Engine, tables: sa.MetaData) -> None:
    """Migrate the state of version 1, if it is that; raises DBAPIError. Of two at once, one does it, and the other waits."""
    about, shards, runs = (tables.tables[name] for name in ("about", "shards", "runs"))
    with engine.begin() as connection:
        is_version = about.c.name == "version"
        # A change first: it takes the lock, and makes SQLite's driver begin a transaction, which it does not for DDL.
        if connection.execute(sa.update(about).where(is_version, about.c.value == FROM).values(value=TO)).rowcount != 1:
            return
        # In the order of insertion where the database knows one, since a clock may have been set back.
        order = "rowid" if engine.dialect.name == "sqlite" else "began"
        old_runs = connection.execute(sa.text(f"select began, seconds, outcome, manifest from runs order by {order}")).all()
        connection.execute(sa.text("drop table runs"))
        runs.create(connection)
        if old_runs:
            rows = [{**row._mapping, "number": number} for number, row in enumerate(old_runs, 1)]
            connection.execute(sa.insert(runs), rows)
        for name, files in connection.execute(sa.select(shards.c.name, shards.c.files)).all():
            known = {file: WrittenFile(digest) for file, digest in msgspec.json.decode(files, type=dict[str, str]).items()}
            encoded = msgspec.json.encode(known).decode()
            connection.execute(sa.update(shards).where(shards.c.name == name).values(files=encoded))
