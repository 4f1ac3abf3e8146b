"""Cut the work of a run into shards: pages that are cleaned, written, retried and counted as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from flows.compression import decompressed
from flows.containers import kind_of
from flows.rows import RowFields
from flows.sources import Source
from flows.storage import is_web, open_file

SHARD_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages of one unit of work; `name` names its files in the output folder."""

    name: str
    sources: tuple[Source, ...]


def plan_shards(sources: Iterable[Source], fields: RowFields, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
    """Return `sources` in shards of about `shard_bytes` each, independent of how many workers there will be."""
    shards: list[Shard] = []
    group: list[Source] = []
    size = 0
    for piece in (piece for source in sources for piece in _pieces(source, fields, shard_bytes)):
        if group and size + piece.size > shard_bytes:
            shards.append(_shard(len(shards), group))
            group, size = [], 0
        group.append(piece)
        size += piece.size
    return [*shards, _shard(len(shards), group)] if group else shards


def _shard(index: int, group: Sequence[Source]) -> Shard:
    named = "\0".join(f"{source.name}#{source.start}" if source.start else source.name for source in group)
    return Shard(f"{index:05}-{hashlib.sha256(named.encode()).hexdigest()[:12]}", tuple(group))


def _pieces(source: Source, fields: RowFields, step: int) -> Iterator[Source]:
    """Yield the pieces of a file, about `step` bytes each; of what can only be read as a whole or from its beginning, one."""
    if source.size <= step or is_web(source.file):
        yield source
        return
    try:
        with open_file(source.file) as file:
            kind = kind_of(file, source.name, fields)
            places = _cut_places(file, source.size, kind, step)
    except OSError:  # whoever reads it will say so
        yield source
        return
    for start, end in zip([0, *places], [*places, None], strict=True):
        yield replace(source, start=start, end=end, size=(source.size if end is None else end) - start, kind=kind)


def _cut_places(file: BinaryIO, size: int, kind: str, step: int) -> list[int]:
    if kind == "warc":
        from flows.warc_places import cut_places

        return cut_places(file, step)
    file.seek(0)
    return _cut_rows(file, size, step) if kind == "rows" and decompressed(file) is file else []


def _cut_rows(file: BinaryIO, size: int, step: int) -> list[int]:
    """Return the beginnings of rows about `step` bytes apart."""
    places: list[int] = []
    at = step
    while at < size:
        file.seek(at - 1)
        while (piece := file.readline(1024 * 1024)) and not piece.endswith(b"\n"):
            pass
        at = file.tell()
        if at < size:
            places.append(at)
        at += step
    return places
