"""The plan of a run by definition: all inputs and all of the state in memory, compared in dictionaries.

The planner of dehusk, which reads both side by side, is held to this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.inputs.discovery import Source, SourceKey
from flows.inputs.fingerprint import input_digest
from flows.planning.comparison import RunRequest
from flows.planning.damage import find_damage, sound_inputs
from flows.planning.known import OF_DAMAGED
from flows.planning.shards import Shard, pieces_of, plan_shards
from flows.planning.state import KnownInput, State


@dataclass
class Plan:
    """A plan, and what the state holds of inputs and shards then; `damage` is as in `RunPlan`."""

    shards: list[Shard]
    contents: list[list[KnownInput]]
    unchanged: int
    damaged: list[str]
    lost: list[str]
    inputs: list[KnownInput]
    in_state: list[str]


@dataclass
class Known:
    """The entries of the state by shard, as the damage of the shards leaves them."""

    by_shard: dict[str, list[KnownInput]]
    cut_off: set[str]
    faults: dict[str, list[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def damage(self, out: Path, shard: str, present: set[str]) -> None:
        rows = self.by_shard[shard]
        gone = [row for row in rows if row.name not in present and row.made_by and row.digest]
        sound = sound_inputs(out, shard, gone) if gone else set()
        self.lost |= {row.name for row in gone if row.key not in sound}
        self.by_shard[shard] = [
            row._replace(digest="")
            if row.key not in sound
            else row
            if shard in self.cut_off
            else row._replace(made_by=OF_DAMAGED)
            for row in rows
        ]


def plain_plan(state: State, sources: Sequence[Source], out: Path, request: RunRequest) -> Plan:
    """Return the plan of a run, and write nothing."""
    files = state.shards()
    rows = [*state.known()]
    by_shard = {shard: [row for row in rows if row.shard == shard] for shard in files}
    known = Known(by_shard, {row.shard for row in rows if not row.made_by})
    present = {source.name for source in sources}
    known.faults, _ = find_damage(out, files.items())
    for shard in known.faults:
        known.damage(out, shard, present)
    while True:
        plan, changed = _plan(known, sorted(sources, key=lambda source: source.name), present, request, state.next_number())
        carrying = {shard.name: files[shard.name] for shard in plan.shards if shard.carried and shard.name not in known.faults}
        rot, _ = find_damage(out, carrying.items(), by_digest=True)
        if not rot:
            break
        known.faults |= rot
        for shard in rot:
            known.damage(out, shard, present)
    plan.damaged = [fault for shard in sorted(known.faults.keys() - known.cut_off) for fault in known.faults[shard]]
    plan.lost = sorted(known.lost)
    new = [
        row for shard, contents in zip(plan.shards, plan.contents, strict=True) if shard.name not in files for row in contents
    ]
    plan.inputs = sorted(
        [*(row._replace(**changed.get(row.key, {})) for row in rows), *new], key=lambda row: (row.shard, row.place)
    )
    plan.in_state = sorted({*files, *(shard.name for shard in plan.shards)})
    return plan


def _plan(
    known: Known, sources: Sequence[Source], present: set[str], request: RunRequest, first: int
) -> tuple[Plan, dict[SourceKey, dict[str, str]]]:
    """Return a plan, and the changes of entries of the state."""
    by_name: dict[str, list[KnownInput]] = defaultdict(list)
    for rows in known.by_shard.values():
        for row in rows:
            by_name[row.name].append(row)
    new: list[Source] = []
    to_clean: dict[str, dict[SourceKey, Source]] = defaultdict(dict)
    to_remove: dict[str, set[SourceKey]] = defaultdict(set)
    stamps: dict[SourceKey, str] = {}
    unchanged = 0
    for source in sources:
        rows = by_name[source.name]
        if rows and source.stamp and all(row.stamp == source.stamp and request.is_done(row) for row in rows):
            unchanged += 1
            continue
        by_start = {row.start: row for row in rows}
        before = (len(new), sum(map(len, to_clean.values())))
        for piece in pieces_of(source, request.options.fields):
            row = by_start.pop(piece.start, None)
            if row is None:
                new.append(piece)
            elif request.is_done(row) and row.end == piece.end and row.digest == input_digest(piece, request.captured_at):
                stamps[row.key] = source.stamp
            else:
                to_clean[row.shard][row.key] = piece
        for row in by_start.values():
            to_remove[row.shard].add(row.key)
        unchanged += before == (len(new), sum(map(len, to_clean.values()))) and not by_start
    unread = tuple(f"{name}/" for name in request.unread)
    for rows in known.by_shard.values():
        for row in rows:
            is_pruned = request.options.prune and not row.name.startswith(unread)
            if row.name not in present and (is_pruned or not row.digest):
                to_remove[row.shard].add(row.key)
    plan = Plan([], [], unchanged, [], [], [], [])
    for name in sorted({*to_clean, *to_remove, *known.faults}):
        kept = [row for row in known.by_shard[name] if row.key not in to_remove[name]]
        kept = [row._replace(stamp=stamps.get(row.key, row.stamp)) for row in kept]
        plan.shards.append(_renewed(name, kept, to_clean[name]))
        plan.contents.append(kept)
    for shard in plan_shards(new, first):
        rows = [KnownInput(one.name, one.start, one.end, shard.name, at) for at, one in enumerate(shard.sources)]
        plan.shards.append(shard)
        plan.contents.append(rows)
    uncertain = {key for keys in (*to_clean.values(), *to_remove.values()) for key in keys}
    changed = {key: {"stamp": stamp} for key, stamp in stamps.items()} | {key: {"made_by": ""} for key in uncertain}
    return plan, changed


def _renewed(name: str, rows: Iterable[KnownInput], to_clean: Mapping[SourceKey, Source]) -> Shard:
    sources = [to_clean.get(row.key) or Source("", row.name, 0, row.start, row.end) for row in rows]
    return Shard(name, tuple(sources), frozenset(row.key for row in rows) - to_clean.keys())
