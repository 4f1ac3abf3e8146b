"""Parquet: a column for each key of a record, typed by the record and not by its values."""

from __future__ import annotations

import msgspec
import pyarrow as pa
import pytest
from pyarrow import parquet
from pyarrow.dataset import dataset

from cleaners import PageInfo, Record, clean_page
from flows.export.parquet import Parquet, arrow_schema

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records


def test_the_columns_are_the_keys_of_a_record_in_their_order_and_of_their_types():
    schema = arrow_schema()
    assert schema.names == list(Record.__struct_fields__)
    assert [field.name for field in schema.field("page").type] == list(PageInfo.__struct_fields__)
    assert {field.type for field in schema.field("page").type} == {pa.string()}
    lists, numbers = {"authors", "tags", "flags"}, {"position": pa.int64(), "confidence": pa.float64()}
    for name in set(schema.names) - {"page"}:
        assert schema.field(name).type == (pa.list_(pa.string()) if name in lists else numbers.get(name, pa.string()))


def test_records_come_back_as_they_were(tmp_path):
    records = [RECORD, msgspec.structs.replace(RECORD, title="عنوان\x00", tags=["a", ""], position=7)]
    writer = Parquet(tmp_path / "a.parquet", [])
    writer.write(records)
    writer.write(records[:1])
    writer.close()
    rows = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert [msgspec.convert(row, Record) for row in rows] == [*records, RECORD]
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 2


def test_a_key_that_folders_are_named_by_has_the_type_that_arrow_reads_from_names(tmp_path):
    for kind in ("story", ""):
        (tmp_path / f"kind={kind}").mkdir()
        writer = Parquet(tmp_path / f"kind={kind}" / "a.parquet", ["kind", "page.site"])
        writer.write([msgspec.structs.replace(RECORD, kind=kind)])
        writer.close()
    assert sorted(parquet.read_table(tmp_path).column("kind").to_pylist()) == ["", "story"]
    assert sorted(dataset(tmp_path).to_table().column("kind").to_pylist()) == ["", "story"]
    with pytest.raises(pa.ArrowTypeError, match="kind"):  # as the README warns
        dataset(tmp_path, partitioning="hive")
