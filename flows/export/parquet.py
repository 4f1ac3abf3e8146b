"""Parquet files with the types of a record, which are not inferred from values.

Called by `flows.export.writers`; `arrow_schema` is public as `flows.export.arrow_schema`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
from msgspec import inspect
from pyarrow import parquet

from cleaners import Record

_PLAIN = {
    inspect.StrType: pa.string(),
    inspect.LiteralType: pa.string(),
    inspect.IntType: pa.int64(),
    inspect.FloatType: pa.float64(),
}


class Parquet:
    """A file with a row group for each batch of records."""

    def __init__(self, path: Path, partition_keys: Sequence[str]) -> None:
        self._schema = arrow_schema(partition_keys)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, records: Sequence[Record]) -> None:
        """Write some records as a row group."""
        table = pa.Table.from_pylist(msgspec.to_builtins(records), schema=self._schema)
        self._writer.write_table(table, row_group_size=len(records))

    def close(self) -> None:
        """Close the file."""
        self._writer.close()


def arrow_schema(partition_keys: Sequence[str] = ()) -> pa.Schema:
    """Return the schema of a record.

    A partition key (folders such as kind=story) is a column of the file, too, typed as a dictionary of strings: the type that
    Arrow's `read_table` gives to keys in folder names, which must agree with the column. `pyarrow.dataset` reads the column;
    with partitioning="hive" it reads plain strings from the names and refuses the column.
    """
    types = dict(_fields(inspect.type_info(Record)))
    for key in set(partition_keys) & types.keys():
        types[key] = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(list(types.items()))


def _fields(struct: inspect.Type) -> list[tuple[str, pa.DataType]]:
    assert isinstance(struct, inspect.StructType)
    return [(field.encode_name, _type(field.type)) for field in struct.fields]


def _type(type_: inspect.Type) -> pa.DataType:
    if isinstance(type_, inspect.Metadata):
        return _type(type_.type)
    if isinstance(type_, inspect.StructType):
        return pa.struct(_fields(type_))
    if isinstance(type_, inspect.ListType):
        return pa.list_(_type(type_.item_type))
    return _PLAIN[type(type_)]
