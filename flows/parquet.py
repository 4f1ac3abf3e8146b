"""The former home of `flows.export.arrow_schema`, kept for one release for programs that import it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from flows.export import arrow_schema

if TYPE_CHECKING:
    import pyarrow


def schema_of() -> pyarrow.Schema:
    """Return the Arrow schema of a record; use `flows.export.arrow_schema` instead."""
    warnings.warn("flows.parquet.schema_of is flows.export.arrow_schema now", DeprecationWarning, stacklevel=2)
    return arrow_schema()
