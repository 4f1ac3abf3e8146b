"""Parquet, with the types that a record has: none is told by looking at values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
from msgspec import inspect
from pyarrow import parquet

from cleaners import Record

_PLAIN = {inspect.StrType: pa.string(), inspect.LiteralType: pa.string(), inspect.IntType: pa.int64()}


class Parquet:
    """A file with a row group for each lot of records."""

    def __init__(self, path: Path, partition_keys: Sequence[str]) -> None:
        self._schema = arrow_schema(partition_keys)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, records: Sequence[Record]) -> None:
        """Write some records as a row group."""
        table = pa.Table.from_pylist(msgspec.to_builtins(records), schema=self._schema)
        self._writer.write_table(table, row_group_size=len(records))

    def close(self) -> None:
        """End the file."""
        self._writer.close()


def arrow_schema(partition_keys: Sequence[str] = ()) -> pa.Schema:
    """Return the schema of a record.

    A key that folders are named by, as in kind=story, is a column of the file, too; as a dictionary of strings, which is the
    type that Arrow's read_table gives what it reads from names. Otherwise it would find the two to be at odds. Its
    dataset takes names for plain strings if it is told to read them, and refuses the column then; else it reads the column.
    """
    types = dict(_fields(inspect.type_info(Record)))
    for key in set(partition_keys) & types.keys():
        types[key] = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(list(types.items()))


def _fields(struct: inspect.Type) -> list[tuple[str, pa.DataType]]:
    assert isinstance(struct, inspect.StructType)
    return [(field.encode_name, _type(field.type)) for field in struct.fields]


def _type(said: inspect.Type) -> pa.DataType:
    if isinstance(said, inspect.Metadata):
        return _type(said.type)
    if isinstance(said, inspect.StructType):
        return pa.struct(_fields(said))
    if isinstance(said, inspect.ListType):
        return pa.list_(_type(said.item_type))
    return _PLAIN[type(said)]
