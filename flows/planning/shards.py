"""Cut the work of a run into shards: pages that are cleaned, written, retried and counted as one.

Called by `flows.planning.planner`; `flows.execution` cleans the shards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from flows.inputs.compression import decompressed
from flows.inputs.discovery import FileKind, Source, SourceKey
from flows.inputs.file_kind import kind_of
from flows.inputs.storage import is_web, open_file
from flows.options import RowFields

SHARD_BYTES = 32 * 1024 * 1024
MIN_SOURCE_BYTES = 8 * 1024  # counted for a smaller file: to open and clean it takes as long


@dataclass(frozen=True, slots=True)
class Shard:
    """A unit of work; `name` is that of its files in the output folder.

    The present lines of the sources in `carried` are carried over unchanged.
    """

    name: str
    sources: tuple[Source, ...]
    carried: frozenset[SourceKey] = frozenset()

    @property
    def size(self) -> int:
        """Return the number of bytes to clean; inputs that are carried over have none."""
        return sum(source.size for source in self.sources)


def plan_shards(pieces: Iterable[Source], first: int = 0) -> list[Shard]:
    """Return `pieces` in shards of about SHARD_BYTES each, numbered from `first`, independent of the number of workers."""
    return [*shards_of(pieces, first)]


def shards_of(pieces: Iterable[Source], first: int = 0) -> Iterator[Shard]:
    """Yield the shards that `plan_shards` returns, each as soon as its pieces are there."""
    group: list[Source] = []
    size, number = 0, first
    for piece in pieces:
        cost = max(piece.size, MIN_SOURCE_BYTES)
        if group and size + cost > SHARD_BYTES:
            yield _shard(number, group)
            group, size, number = [], 0, number + 1
        group.append(piece)
        size += cost
    if group:
        yield _shard(number, group)


def _shard(number: int, group: Sequence[Source]) -> Shard:
    named = "\0".join(f"{source.name}#{source.start}" if source.start else source.name for source in group)
    return Shard(f"{number:05}-{hashlib.sha256(named.encode()).hexdigest()[:12]}", tuple(group))


def pieces_of(source: Source, fields: RowFields) -> list[Source]:
    """Return the pieces of a file, about SHARD_BYTES each; one piece if it can only be read from its beginning."""
    if source.size <= SHARD_BYTES or is_web(source.file):
        return [source]
    try:
        with open_file(source.file, is_skimmed=True) as file:
            kind = kind_of(file, source.name, fields)
            offsets = _cut_offsets(file, source.size, kind, SHARD_BYTES)
    except OSError:  # cleaning it will report the error
        return [source]
    return [
        replace(source, start=start, end=end, size=(source.size if end is None else end) - start, kind=kind)
        for start, end in zip([0, *offsets], [*offsets, None], strict=True)
    ]


def _cut_offsets(file: BinaryIO, size: int, kind: FileKind, step: int) -> list[int]:
    if kind == "warc":
        from flows.inputs.warc_index import cut_offsets

        return cut_offsets(file, step)
    file.seek(0)
    return _row_offsets(file, size, step) if kind == "rows" and decompressed(file) is file else []


def _row_offsets(file: BinaryIO, size: int, step: int) -> list[int]:
    """Return offsets of rows about `step` bytes apart."""
    offsets: list[int] = []
    offset = step
    while offset < size:
        file.seek(offset - 1)
        while (piece := file.readline(1024 * 1024)) and not piece.endswith(b"\n"):
            pass
        offset = file.tell()
        if offset < size:
            offsets.append(offset)
        offset += step
    return offsets
