"""The files of an export, written in batches, so that memory is bounded however many files there are.

Called by `flows.export.dataset`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from cleaners import Record
from flows.errors import UsageError
from flows.export.writers import Format, Writer, writer_of

PartitionKey = Literal["kind", "language", "site", "layout"]
# Keys that folders may be named by: those of a record with few values.
PARTITIONS: Mapping[PartitionKey, str] = {"kind": "kind", "language": "language", "site": "page.site", "layout": "page.layout"}
MAX_FOLDERS = 500  # each has a file open
BATCH_BYTES = 32 * 1024 * 1024  # of JSON lines that are written at once: a row group of Parquet
BUFFER_BYTES = 4 * BATCH_BYTES  # of lines that wait, for all files together
FILE_BYTES = 1024 * 1024 * 1024  # of lines that go into a file


@dataclass(slots=True)
class _Partition:
    """A folder of the export: its waiting batch of `bytes`, its open file with `written` bytes, its number of full files."""

    folder: Path
    batch: list[Record] = field(default_factory=list)
    bytes: int = 0
    writer: Writer | None = None
    written: int = 0
    full_files: int = 0


class PartitionedWriter:
    """The files of an export below a folder, one folder deep for each name in `partition_by`: site=daily8/part-00000.csv."""

    def __init__(self, data: Path, format_: Format, partition_by: Sequence[PartitionKey]) -> None:
        self._data, self._format = data, format_
        self._open = writer_of(format_)
        self._keys = [PARTITIONS[name] for name in partition_by]
        self._getters = [(name, attrgetter(PARTITIONS[name])) for name in partition_by]
        self._partitions: dict[str, _Partition] = {}
        self._buffered = 0  # bytes

    def __enter__(self) -> Self:
        self._data.mkdir()
        return self

    def add(self, record: Record, size: int) -> None:
        """Add a record, with the `size` of its line in bytes, to the file of its folder."""
        # Hive's naming; quoting makes any value one folder.
        name = "/".join(f"{key}={quote(get(record), safe='')}" for key, get in self._getters)
        partition = self._partitions.get(name)
        if partition is None:
            if len(self._partitions) == MAX_FOLDERS:
                raise UsageError(f"--partition-by makes more than {MAX_FOLDERS} folders; name fewer keys")
            partition = self._partitions[name] = _Partition(self._data / name)
        partition.batch.append(record)
        partition.bytes += size
        self._buffered += size
        if partition.bytes >= BATCH_BYTES:
            self._write(partition)
        elif self._buffered >= BUFFER_BYTES:
            self._write(max(self._partitions.values(), key=lambda partition: partition.bytes))

    def _write(self, partition: _Partition) -> None:
        if partition.writer is None:
            partition.folder.mkdir(parents=True, exist_ok=True)
            file = partition.folder / f"part-{partition.full_files:05}.{self._format}"
            partition.writer = self._open(file, self._keys)
        partition.writer.write(partition.batch)
        partition.written += partition.bytes
        self._buffered -= partition.bytes
        partition.batch, partition.bytes = [], 0
        if partition.written >= FILE_BYTES:
            partition.writer.close()
            partition.writer, partition.written, partition.full_files = None, 0, partition.full_files + 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for partition in self._partitions.values():
            if kind is None and partition.batch:
                self._write(partition)
            if partition.writer is not None:
                partition.writer.close()
