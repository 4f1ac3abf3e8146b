"""The file formats of an export: each writes records to a file, batch by batch.

Called by `flows.export.partitions` and `dataset`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from cleaners import Record
from flows.display import printable_json
from flows.errors import UsageError
from flows.output.schema import columns

Format = Literal["parquet", "jsonl", "csv"]
# A spreadsheet reads a cell that begins with one of these as a formula, even one from a scraped page; full-width signs
# count as the plain ones where people type them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Writer(Protocol):
    """A file of records that is being written."""

    def write(self, records: Sequence[Record]) -> None:
        """Write some records, as one row group where the format has these."""

    def close(self) -> None:
        """Close the file."""


class JsonLines:
    """The lines of the output folder."""

    def __init__(self, path: Path, _: Sequence[str]) -> None:
        self._file = path.open("xb")
        self._encode = msgspec.json.Encoder().encode_lines

    def write(self, records: Sequence[Record]) -> None:
        """Write each record as a line."""
        self._file.write(printable_json(self._encode(records)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Csv:
    """A table for spreadsheets after RFC 4180: columns such as `page.path`, lists as JSON, no cell a formula."""

    def __init__(self, path: Path, _: Sequence[str]) -> None:
        self._file = path.open("x", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([column.name for column in columns()])
        self._getters = [(attrgetter(column.name), column.type) for column in columns()]

    def write(self, records: Sequence[Record]) -> None:
        """Write each record as a row."""
        self._rows.writerows([_cell(get(record), type_) for get, type_ in self._getters] for record in records)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _cell(value: object, type_: str) -> str:
    text = msgspec.json.encode(value).decode() if type_ == "array" else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def writer_of(format_: Format) -> Callable[[Path, Sequence[str]], Writer]:
    """Return a function that opens a file of this format, given its path and the keys that its folders are named by."""
    if format_ == "parquet":
        try:
            from flows.export.parquet import Parquet
        except ImportError:
            raise UsageError(
                "--format parquet needs pyarrow; install it with pip install 'dehusk[export]', or use --format jsonl"
            ) from None
        return Parquet
    return Csv if format_ == "csv" else JsonLines
