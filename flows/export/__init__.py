"""Export: the records of an output folder as a dataset.

Public are `read_records`, to read the records of an output folder and hold them to their checksums, and `arrow_schema`, the
types of records.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow

    from cleaners import Record

__all__ = ["arrow_schema", "read_records"]


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
