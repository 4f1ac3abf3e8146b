"""Export: the records of an output folder as a dataset.

`arrow_schema` is public: with it a reader need not guess the types of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow

__all__ = ["arrow_schema"]


def arrow_schema() -> pyarrow.Schema:
    """Return the Arrow schema of a record; needs pyarrow, which the extra `export` installs."""
    from flows.export.parquet import arrow_schema as schema_of_parquet

    return schema_of_parquet()
