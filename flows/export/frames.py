"""Records as a table in memory, for pandas and Polars; needs pyarrow, which the extra `export` installs.

Public as `flows.export.pandas_frame` and `flows.export.polars_frame`. A table has the columns and the types of an export, those
of the page one by one: `page.url`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyarrow as pa

from cleaners import Record
from flows.errors import Failed, Stale
from flows.export.duplicates import Duplicates, Unique, check_has_stories
from flows.export.filters import record_filter
from flows.export.parquet import arrow_schema
from flows.export.records import TRIES, HeldRecords

BATCH = 5_000  # records that are converted at once


def table_of(records: Iterable[Record]) -> pa.Table:
    """Return records as a table."""
    schema, found = arrow_schema(), iter(records)
    tables = [schema.empty_table()]
    while batch := [*islice(found, BATCH)]:
        tables.append(pa.Table.from_pylist(msgspec.to_builtins(batch), schema=schema))
    return pa.concat_tables(tables).flatten()


def table_of_folder(out: Path, where: Sequence[str] = (), unique: Unique | None = None, state: str = "") -> pa.Table:
    """Return the records of an output folder as a table, chosen as by `dehusk export`.

    Raises UsageError for a condition that is none, or for `unique` without stories, and Failed where files are damaged.
    """
    is_chosen = record_filter(where)
    if unique:
        check_has_stories(out)
    for _ in range(TRIES):
        try:
            return table_of(filter(is_chosen, _marked(out, unique, state)))
        except Stale:
            continue
    raise Failed(f"files in {out} changed while they were read; try again when the run there is over")


def _marked(out: Path, unique: Unique | None, state: str) -> Iterator[Record]:
    with TemporaryDirectory() as work, Duplicates(out, Path(work) / "stories.db", unique) as duplicates:
        for record, _ in HeldRecords(out, state):
            marked = duplicates.marked(record)
            if marked is not None:
                yield marked
