"""Export: the records of an output folder as a dataset.

Public are `read_records`, to read the records of an output folder and hold them to their checksums, `pandas_frame` and
`polars_frame`, which make a table of them in one call, and `arrow_schema`, the types of records.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from cleaners import Record
    from flows.export.duplicates import Unique

__all__ = ["arrow_schema", "pandas_frame", "polars_frame", "read_records"]


def arrow_schema() -> pyarrow.Schema:
    """Return the Arrow schema of a record; needs pyarrow, which the extra `export` installs."""
    from flows.export.parquet import arrow_schema as schema_of_parquet

    return schema_of_parquet()


def read_records(out: str | Path, *, state: str = "", skip_damaged: bool = False) -> Iterator[Record]:
    """Yield all records of an output folder, in the order of its shards.

    `state` is the address of the state where that is in a database elsewhere; without it the files of `inputs/` tell the files
    that must be there. `duplicate_of` is empty, as it is in the files; `dehusk export` fills it. Raises `flows.errors.Failed`
    when files are damaged or missing; with `skip_damaged`, goes on without them and warns of each. Raises `flows.errors.Stale`
    when a run takes away or changes files that are being read: begin again.
    """
    from flows.export.records import HeldRecords

    records = HeldRecords(Path(out), state, skip_damaged=skip_damaged)
    for record, _ in records:
        yield record
    for fault in records.left_out:
        warnings.warn(fault, stacklevel=2)


def pandas_frame(
    records: str | Path | Iterable[Record], where: Sequence[str] = (), unique: Unique | None = None, state: str = ""
) -> pandas.DataFrame:
    """Return the records of an output folder, or records that were cleaned just now, as a table of pandas.

    Its columns are those of an export, with its types. Of a folder, `where`, `unique` and `state` choose as the options of
    `dehusk export` do, and `duplicate_of` is filled. Needs pandas and pyarrow, which the extra `export` installs. All records
    are in memory at once.
    """
    return _table(records, where, unique, state).to_pandas()


def polars_frame(
    records: str | Path | Iterable[Record], where: Sequence[str] = (), unique: Unique | None = None, state: str = ""
) -> polars.DataFrame:
    """Return records as a table of Polars, as `pandas_frame` does for pandas; needs Polars and pyarrow."""
    import polars

    return polars.DataFrame(_table(records, where, unique, state))


def _table(records: str | Path | Iterable[Record], where: Sequence[str], unique: Unique | None, state: str) -> pyarrow.Table:
    from flows.export.frames import table_of, table_of_folder

    if isinstance(records, (str, Path)):
        return table_of_folder(Path(records), where, unique, state)
    return table_of(records)
