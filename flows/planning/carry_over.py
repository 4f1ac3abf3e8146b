"""The lines of a shard that are carried over unchanged when only some of its inputs are cleaned again.

Called by `flows.execution.shard`, `flows.planning.damage` and `flows.planning.from_lines`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from flows.inputs.discovery import Source, SourceKey
from flows.inputs.raw_page import PLACE
from flows.layout import FOLDERS
from flows.planning.shards import Shard


class _AnyLine(msgspec.Struct):
    """The keys that name the page of a line, whatever its folder."""

    page: dict[str, str] = {}
    path: str = ""


class CarriedLines:
    """The present lines of a shard's files by folder and input, read at the first use."""

    def __init__(self, out: Path, shard: Shard) -> None:
        self._out, self._shard = out, shard

    def of(self, folder: str, source: Source) -> list[bytes]:
        """Return the lines of an input in a folder."""
        return self._lines.get((folder, source.key), [])

    def has(self, source: Source) -> bool:
        """Return whether an input has lines in any folder."""
        return any(self.of(folder, source) for folder in FOLDERS)

    @cached_property
    def _lines(self) -> dict[tuple[str, SourceKey], list[bytes]]:
        by_name: dict[str, list[Source]] = defaultdict(list)
        for source in self._shard.sources:
            by_name[source.name].append(source)
        lines: dict[tuple[str, SourceKey], list[bytes]] = defaultdict(list)
        for folder in FOLDERS:
            for line in _lines_of(self._out / folder / f"{self._shard.name}.jsonl"):
                key = _input_of(line, by_name)
                if key is not None:
                    lines[folder, key].append(line)
        return lines


def paths_in(file: Path) -> Iterator[str]:
    """Yield the path of the page of each line in a file, "" for a damaged line."""
    for line in _lines_of(file):
        try:
            row = msgspec.json.decode(line, type=_AnyLine)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            yield ""
        else:
            yield row.page.get("path") or row.path


def _lines_of(file: Path) -> Iterator[bytes]:
    if file.is_file():
        with file.open("rb") as lines:
            yield from (line.rstrip(b"\n") for line in lines)


def _input_of(line: bytes, by_name: dict[str, list[Source]]) -> SourceKey | None:
    """Return the key of the input of a line, None if the input is no longer in the shard, or the line is damaged."""
    try:
        row = msgspec.json.decode(line, type=_AnyLine)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # the planner keeps only inputs with sound lines
        return None
    path = row.page.get("path") or row.path
    if path in by_name:
        return by_name[path][0].key
    place = PLACE.search(path)
    if place is None:
        return None
    offset = int(place[1].partition("-")[0])
    pieces = by_name.get(path[: place.start()], [])
    return next((piece.key for piece in pieces if piece.start <= offset and (piece.end is None or offset < piece.end)), None)
