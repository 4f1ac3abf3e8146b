"""Cut the work of a run into shards: pages that are cleaned, written, retried and counted as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from flows.inputs.compression import decompressed
from flows.inputs.discovery import Source
from flows.inputs.file_kind import kind_of
from flows.inputs.storage import is_web, open_file
from flows.options import RowFields

SHARD_BYTES = 32 * 1024 * 1024
MIN_SOURCE_BYTES = 8 * 1024  # that a file counts for: opening and cleaning the smallest takes as long as so many


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages of one unit of work; `name` names its files in the output folder.

    Of the sources that `kept` tells by name and start, what stands in these files already is kept.
    """

    name: str
    sources: tuple[Source, ...]
    kept: frozenset[tuple[str, int]] = frozenset()


def plan_shards(pieces: Iterable[Source], first: int = 0) -> list[Shard]:
    """Return `pieces` in shards of about SHARD_BYTES each, numbered from `first`, whatever the number of workers."""
    shards: list[Shard] = []
    group: list[Source] = []
    size = 0
    for piece in pieces:
        cost = max(piece.size, MIN_SOURCE_BYTES)
        if group and size + cost > SHARD_BYTES:
            shards.append(_shard(first + len(shards), group))
            group, size = [], 0
        group.append(piece)
        size += cost
    return [*shards, _shard(first + len(shards), group)] if group else shards


def _shard(number: int, group: Sequence[Source]) -> Shard:
    named = "\0".join(f"{source.name}#{source.start}" if source.start else source.name for source in group)
    return Shard(f"{number:05}-{hashlib.sha256(named.encode()).hexdigest()[:12]}", tuple(group))


def pieces_of(source: Source, fields: RowFields) -> list[Source]:
    """Return the pieces of a file, about SHARD_BYTES each; of what can only be read as a whole or from its beginning, one."""
    if source.size <= SHARD_BYTES or is_web(source.file):
        return [source]
    try:
        with open_file(source.file) as file:
            kind = kind_of(file, source.name, fields)
            places = _cut_places(file, source.size, kind, SHARD_BYTES)
    except OSError:  # whoever reads it will say so
        return [source]
    return [
        replace(source, start=start, end=end, size=(source.size if end is None else end) - start, kind=kind)
        for start, end in zip([0, *places], [*places, None], strict=True)
    ]


def _cut_places(file: BinaryIO, size: int, kind: str, step: int) -> list[int]:
    if kind == "warc":
        from flows.inputs.warc_index import cut_places

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
