"""CSV and JSON Lines: every key is there, and no text of a page is a formula in a spreadsheet."""

from __future__ import annotations

import csv
import json
import sys

import msgspec
import pytest

from cleaners import Record, clean_page
from flows.errors import UsageError
from flows.export.writers import writer_of

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records


def rows(tmp_path, *records: Record) -> list[dict[str, str]]:
    writer = writer_of("csv")(tmp_path / "a.csv", [])
    writer.write(records)
    writer.close()
    with open(tmp_path / "a.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_column_for_each_key_of_the_page_and_lists_as_json(tmp_path):
    record = msgspec.structs.replace(RECORD, text='Two\nlines, "so"', authors=["Ann", 'B "C"'], position=3)
    (row,) = rows(tmp_path, record)
    flat = [
        name if name != "page" else [f"page.{key}" for key in record.page.__struct_fields__]
        for name in Record.__struct_fields__
    ]
    assert list(row) == [name for part in flat for name in ([part] if isinstance(part, str) else part)]
    assert (row["text"], row["position"], row["page.id"]) == ('Two\nlines, "so"', "3", record.page.id)
    assert (json.loads(row["authors"]), row["tags"]) == (["Ann", 'B "C"'], "[]")


FORMULAS = ["=HYPERLINK(1)", "+1", "-5 degrees", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_is_a_formula(title, tmp_path):
    (row,) = rows(tmp_path, msgspec.structs.replace(RECORD, title=title))
    assert row["title"] == f"'{title}"


def test_json_lines_are_those_of_the_output_folder(tmp_path):
    writer = writer_of("jsonl")(tmp_path / "a.jsonl", [])
    writer.write([RECORD])
    writer.write([RECORD])
    writer.close()
    assert (tmp_path / "a.jsonl").read_bytes() == (msgspec.json.encode(RECORD) + b"\n") * 2


def test_only_parquet_needs_more_to_be_installed(monkeypatch):
    monkeypatch.delitem(sys.modules, "flows.export.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"needs pyarrow; install it with pip install 'dehusk\[export\]'"):
        writer_of("parquet")
    assert writer_of("jsonl")
    assert writer_of("csv")
