"""The files of an export: records go to them in lots, so that memory is bounded however many files there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cleaners import Record
from flows.errors import UsageError
from flows.export.writers import Writer, writer_of

# What folders may be named by: keys of a record that have few values.
PARTITIONS: Mapping[str, str] = {"kind": "kind", "language": "language", "site": "page.site", "layout": "page.layout"}
MAX_FOLDERS = 500  # each has a file open
LOT_BYTES = 32 * 1024 * 1024  # of lines that are written at once: a row group of Parquet
HELD_BYTES = 4 * LOT_BYTES  # of lines that wait, for all files together
FILE_BYTES = 1024 * 1024 * 1024  # of lines that go into a file


@dataclass(slots=True)
class _Lot:
    """What waits to be written in a folder, the file that is open there, what is in it, and how many were before it."""

    folder: Path
    records: list[Record] = field(default_factory=list)
    bytes: int = 0
    writer: Writer | None = None
    written: int = 0
    full: int = 0


class PartitionedWriter:
    """The files of an export below a folder, one folder deep for each name in `partition_by`: site=daily8/part-00000.csv."""

    def __init__(self, data: Path, format_: str, partition_by: Sequence[str]) -> None:
        self._data, self._format = data, format_
        self._open = writer_of(format_)
        self._keys = [PARTITIONS[name] for name in partition_by]
        self._getters = [(name, attrgetter(PARTITIONS[name])) for name in partition_by]
        self._lots: dict[str, _Lot] = {}
        self._held = 0

    def __enter__(self) -> Self:
        self._data.mkdir()
        return self

    def add(self, record: Record, size: int) -> None:
        """Add a record, whose line is so long, to the file of its folder."""
        # Named as Hive does it; whatever a value holds, it names one folder.
        name = "/".join(f"{key}={quote(get(record), safe='')}" for key, get in self._getters)
        lot = self._lots.get(name)
        if lot is None:
            if len(self._lots) == MAX_FOLDERS:
                raise UsageError(f"--partition-by makes more than {MAX_FOLDERS} folders; name fewer keys")
            lot = self._lots[name] = _Lot(self._data / name)
        lot.records.append(record)
        lot.bytes += size
        self._held += size
        if lot.bytes >= LOT_BYTES:
            self._write(lot)
        elif self._held >= HELD_BYTES:
            self._write(max(self._lots.values(), key=lambda lot: lot.bytes))

    def _write(self, lot: _Lot) -> None:
        if lot.writer is None:
            lot.folder.mkdir(parents=True, exist_ok=True)
            lot.writer = self._open(lot.folder / f"part-{lot.full:05}.{self._format}", self._keys)
        lot.writer.write(lot.records)
        lot.written += lot.bytes
        self._held -= lot.bytes
        lot.records, lot.bytes = [], 0
        if lot.written >= FILE_BYTES:
            lot.writer.close()
            lot.writer, lot.written, lot.full = None, 0, lot.full + 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for lot in self._lots.values():
            if kind is None and lot.records:
                self._write(lot)
            if lot.writer is not None:
                lot.writer.close()
