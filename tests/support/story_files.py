"""The files of `stories/` that a run wrote, and those that it must write."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import msgspec

from cleaners import Record
from cleaners.stories.settings import shipped_settings
from cleaners.stories.table import stories_of
from flows.layout import RECORDS, SKETCHES, STORIES
from flows.stories.lines import row_of
from flows.stories.sketches import sketched

_decode = msgspec.json.Decoder(Record).decode


def stories_in(out: Path) -> dict[str, bytes]:
    """Return the content of `stories/`, where no sketches may be left of an update."""
    assert [*(out / SKETCHES).iterdir()] == []
    return {file.name: file.read_bytes() for file in sorted((out / STORIES).iterdir())}


def by_definition(out: Path) -> dict[str, bytes]:
    """Return the content that `stories/` must have, found in the records at once, without tables."""
    found = stories_of(map(sketched, records_in(out)), shipped_settings())
    content: dict[str, bytes] = {}
    for row in sorted((row_of(0, story) for story in found), key=itemgetter("id")):
        content[row["file"]] = content.get(row["file"], b"") + row["lines"] + b"\n"
    return {f"{name}.jsonl": content[name] for name in sorted(content)}


def records_in(out: Path) -> Iterator[Record]:
    for file in sorted((out / RECORDS).glob("*.jsonl")):
        yield from map(_decode, file.read_bytes().splitlines())
