"""The inputs of shards as the lines in an output folder tell them, where neither the state nor files of inputs are left.

Called by `flows.planning.repair` for folders of earlier versions. The digests of inputs are not known then: the next run cleans
inputs that are there into the same shards, and those that are gone keep their lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import merge
from pathlib import Path

from flows.inputs.raw_page import PLACE
from flows.layout import FOLDERS
from flows.planning.carry_over import paths_in
from flows.planning.damage import sound_inputs
from flows.planning.state import KnownInput

UNKNOWN = "unknown"  # the digest of no input and of no rules


def inputs_in_lines(
    out: Path, shards: Iterable[str], others: Mapping[str, Iterable[KnownInput]]
) -> dict[str, list[KnownInput]]:
    """Return the inputs of shards in their order, as lines name them; those with damaged lines are like ones not done.

    A file may have pieces in `others`, the inputs of which are known, too.
    """
    firsts = {shard: _first_offsets(out, shard) for shard in shards}
    starts = _starts({**firsts, **{shard: _first_starts(rows) for shard, rows in others.items()}})
    inputs = {}
    for shard, offsets in firsts.items():
        bad = Counter(PLACE.sub("", path) for path in paths_in(out / "quarantine" / f"{shard}.jsonl"))
        rows = [
            KnownInput(name, *starts[name, shard], shard, place, "", UNKNOWN, UNKNOWN, bad[name])
            for place, name in enumerate(offsets)
        ]
        sound = sound_inputs(out, shard, rows)
        inputs[shard] = [row if row.key in sound else row._replace(digest="", made_by="") for row in rows]
    return inputs


def _first_offsets(out: Path, shard: str) -> dict[str, int]:
    """Return the inputs of a shard's lines in order, each with the offset of its first page."""
    offsets: dict[str, int] = {}
    for path in merge(*(paths_in(out / folder / f"{shard}.jsonl") for folder in FOLDERS), key=lambda path: PLACE.sub("", path)):
        if path:
            place = PLACE.search(path)
            name, offset = (path[: place.start()], int(place[1].partition("-")[0])) if place else (path, 0)
            offsets[name] = min(offset, offsets.get(name, offset))
    return offsets


def _first_starts(rows: Iterable[KnownInput]) -> dict[str, int]:
    starts: dict[str, int] = {}
    for row in rows:
        starts[row.name] = min(row.start, starts.get(row.name, row.start))
    return starts


def _starts(firsts: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Return where the piece of each input in each shard begins and ends: at the first page of the next one."""
    pieces: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for shard, offsets in firsts.items():
        for name, offset in offsets.items():
            pieces[name].append((offset, shard))
    starts: dict[tuple[str, str], tuple[int, int | None]] = {}
    for name, found in pieces.items():
        found.sort()
        begins = [0, *(offset for offset, _ in found[1:])]
        ends = [*begins[1:], None]
        starts |= {(name, shard): (begin, end) for (_, shard), begin, end in zip(found, begins, ends, strict=True)}
    return starts
