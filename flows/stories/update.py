"""Bring the stories of an output folder up to its records.

Called by `flows.execution.results` after the shards of a run are committed, and by `flows.stories.repair`. The records of
shards are held by their digests to those that the tables know; what differs is brought in, part by part. An update that was
ended anywhere is gone on with by the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from cleaners.stories.settings import shipped_settings
from flows.layout import RECORDS, SKETCHES
from flows.output.atomic import remove_files
from flows.output.written import Files
from flows.signals import is_stopping
from flows.stories.changed import write_changed
from flows.stories.database import transaction, with_tables
from flows.stories.files import write_files
from flows.stories.grouping import group
from flows.stories.intake import Intake
from flows.stories.linking import link
from flows.stories.sketches import sketched_records
from flows.stories.tables import shards as shards_table

PART_RECORDS = 100_000  # that are brought in at once


def update_stories(out: Path, url: str, shards: Mapping[str, Files]) -> None:
    """Bring the stories up to the files of these shards.

    Records that are damaged are left out until they are cleaned again. Raises Failed when the tables cannot be used.
    """

    def update(engine: sa.Engine) -> None:
        bring_in(engine, out, shards)
        write_changed(engine, shipped_settings())
        if not is_stopping.is_set():
            write_files(engine, out)

    with_tables(out, url, update)
    if not is_stopping.is_set():
        remove_files((out / SKETCHES).glob("*.jsonl"))


def bring_in(engine: sa.Engine, out: Path, shards: Mapping[str, Files]) -> None:
    """Bring the records of shards into the tables, and take those of other shards out; if a run is stopped, a part of them."""
    wanted, settings = records_of(shards), shipped_settings()
    with engine.connect() as connection:
        known = known_shards(connection)
    waiting = [(name, "") for name in sorted(known.keys() - wanted.keys())]
    waiting += [(name, digest) for name, digest in sorted(wanted.items()) if known.get(name) != digest]
    while waiting and not is_stopping.is_set():
        with transaction(engine) as connection:
            intake = Intake(connection)
            count = 0
            while waiting and count < PART_RECORDS:
                shard, digest = waiting.pop(0)
                if not digest:
                    intake.drop(shard)
                elif (records := sketched_records(out, shard, digest)) is not None:
                    count += intake.take(shard, digest, records)
            changes = intake.finish()
            group(connection, changes, link(connection, changes, settings))


def records_of(shards: Mapping[str, Files]) -> dict[str, str]:
    """Return the digests of the files of records of shards that have some."""
    names = {shard: f"{RECORDS}/{shard}.jsonl" for shard in shards}
    return {shard: shards[shard][name].sha256 for shard, name in names.items() if name in shards[shard]}


def known_shards(connection: sa.Connection) -> dict[str, str]:
    """Return the digests of the files of records that the tables know, by shard."""
    return dict(iter(connection.execute(sa.select(shards_table.c.name, shards_table.c.records)).tuples()))
