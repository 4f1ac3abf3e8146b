"""The lines of a shard that stay as they are when only some of its inputs are cleaned again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from flows.inputs.discovery import Source
from flows.inputs.raw_page import PLACE
from flows.layout import FOLDERS
from flows.planning.shards import Shard

Key = tuple[str, int]  # of an input, or of a piece of one: its name and its start


class _AnyLine(msgspec.Struct):
    """The part of a line of any output file that says which page it is of."""

    page: dict[str, str] = {}
    path: str = ""


class CarriedLines:
    """The lines that stand in the files of a shard, by folder and input; read when they are first asked for."""

    def __init__(self, out: Path, shard: Shard) -> None:
        self._out, self._shard = out, shard

    def of(self, folder: str, source: Source) -> list[bytes]:
        """Return the lines in a folder that an input has."""
        return self._lines.get((folder, (source.name, source.start)), [])

    def has(self, source: Source) -> bool:
        """Say whether an input has lines in any folder."""
        return any(self.of(folder, source) for folder in FOLDERS)

    @cached_property
    def _lines(self) -> dict[tuple[str, Key], list[bytes]]:
        by_name: dict[str, list[Source]] = defaultdict(list)
        for source in self._shard.sources:
            by_name[source.name].append(source)
        found: dict[tuple[str, Key], list[bytes]] = defaultdict(list)
        for folder in FOLDERS:
            for line in _lines_of(self._out / folder / f"{self._shard.name}.jsonl"):
                key = _input_of(line, by_name)
                if key is not None:
                    found[folder, key].append(line)
        return found


def _lines_of(file: Path) -> Iterator[bytes]:
    if file.exists():
        with file.open("rb") as lines:
            yield from (line.rstrip(b"\n") for line in lines)


def _input_of(line: bytes, by_name: dict[str, list[Source]]) -> Key | None:
    """Return the input that a line is of, None for one that is none of the shard's any more."""
    row = msgspec.json.decode(line, type=_AnyLine)
    path = row.page.get("path") or row.path
    if path in by_name:
        return path, by_name[path][0].start
    found = PLACE.search(path)
    if found is None:
        return None
    name, place = path[: found.start()], int(found[1].partition("-")[0])
    pieces = by_name.get(name, [])
    return next(((name, one.start) for one in pieces if one.start <= place and (one.end is None or place < one.end)), None)
