"""The formats of an export: each writes records to a file, some at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Protocol

import msgspec

from cleaners import Record
from flows.errors import UsageError
from flows.output.schema import columns

# A spreadsheet takes a cell that begins with one of these for a formula, whatever page it came from.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """A file of records that is being written."""

    def write(self, records: Sequence[Record]) -> None:
        """Write some records; those of one call go into a row group of their own where the format has them."""

    def close(self) -> None:
        """End the file."""


class JsonLines:
    """Records as they are in the output folder."""

    def __init__(self, path: Path, _: Sequence[str]) -> None:
        self._file = path.open("xb")
        self._encode = msgspec.json.Encoder().encode_lines

    def write(self, records: Sequence[Record]) -> None:
        """Write each record as a line."""
        self._file.write(self._encode(records))

    def close(self) -> None:
        """End the file."""
        self._file.close()


class Csv:
    """A table for spreadsheets, as RFC 4180 has it: columns such as `page.path`, lists as JSON, no cell a formula."""

    def __init__(self, path: Path, _: Sequence[str]) -> None:
        self._file = path.open("x", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([column.name for column in columns()])
        self._getters = [(attrgetter(column.name), column.type) for column in columns()]

    def write(self, records: Sequence[Record]) -> None:
        """Write each record as a row."""
        self._rows.writerows([_cell(get(record), type_) for get, type_ in self._getters] for record in records)

    def close(self) -> None:
        """End the file."""
        self._file.close()


def _cell(value: object, type_: str) -> str:
    text = msgspec.json.encode(value).decode() if type_ == "array" else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def writer_of(name: str) -> Callable[[Path, Sequence[str]], Writer]:
    """Return what opens a file in a format, for a path and the keys that its folders are named by."""
    if name == "parquet":
        try:
            from flows.export.parquet import Parquet
        except ImportError:
            raise UsageError(
                "--format parquet needs pyarrow; install it with pip install 'dehusk[export]', or use --format jsonl"
            ) from None
        return Parquet
    return Csv if name == "csv" else JsonLines
