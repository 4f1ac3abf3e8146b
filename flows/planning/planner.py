"""What a run has to do: the inputs that are new or have changed against the state, each in the shard where it has its place."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.inputs.discovery import Source
from flows.layout import FOLDERS
from flows.options import RunOptions
from flows.planning.fingerprint import current_stamp, file_digest, input_digest
from flows.planning.shards import Shard, pieces_of, plan_shards
from flows.planning.state import KnownInput, State


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The demands of a run on its plan.

    `made_by` is the digest of everything that decides the output of an input's bytes; `captured_at` is in the form of
    `read_option`. With `options.retry_quarantine` inputs with pages in quarantine are done again; with `options.prune` the
    output of inputs that are gone is removed. Files changed in the last `options.settle` seconds that still change are left
    for the next run.
    """

    made_by: str
    captured_at: str
    options: RunOptions

    def is_done(self, known: KnownInput) -> bool:
        """Say whether an input need not be cleaned again while it is as it was."""
        return (
            known.digest != "" and known.made_by == self.made_by and not (self.options.retry_quarantine and known.quarantined)
        )


@dataclass(slots=True)
class RunPlan:
    """The shards to clean, what each is to hold then, how many files are as they were, and which are still being written.

    `damaged` are shards of which lines would have to be kept that are not those that were written.
    """

    shards: list[Shard] = field(default_factory=list)
    contents: dict[str, list[KnownInput]] = field(default_factory=dict)
    unchanged: int = 0
    unsettled: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def plan_run(state: State, sources: Sequence[Source], out: Path, request: RunRequest) -> RunPlan:
    """Return what is to be done; new shards are written down before it is."""
    plan = RunPlan()
    files = state.shards()
    by_name, by_shard = _known(state, files, out)
    unsettled = _unsettled(sources, request)
    to_clean: dict[str, dict[tuple[str, int], Source]] = defaultdict(dict)  # by shard
    to_drop: dict[str, set[tuple[str, int]]] = defaultdict(set)
    gone: list[KnownInput] = []
    new: list[Source] = []
    touched: dict[tuple[str, int], KnownInput] = {}
    begun: list[KnownInput] = []
    for source in sources:
        before = by_name.pop(source.name, [])
        if before and all(known.stamp == source.stamp and request.is_done(known) for known in before) and source.stamp:
            plan.unchanged += 1
        elif source.name in unsettled:
            plan.unsettled.append(source.name)
        else:
            places = {known.start: known for known in before}
            as_before = 0
            pieces = pieces_of(source, request.options.fields)
            for piece in pieces:
                known = places.pop(piece.start, None)
                if known is None:
                    new.append(piece)
                elif request.is_done(known) and known.end == piece.end and _is_same(known, piece, request):
                    touched[known.name, known.start] = known._replace(stamp=source.stamp)
                    as_before += 1
                else:
                    to_clean[known.shard][piece.name, piece.start] = piece
                    begun.append(known)
            plan.unchanged += as_before == len(pieces) and not places
            gone += places.values()
    left = [known for rows in by_name.values() for known in rows]
    torn = {
        name for name in {known.shard for known in left if not known.made_by} if not _is_as_written(out, files.get(name, {}))
    }
    # Of what is no input any more, lines that a killed run has put into some of a shard's files are in none of the others.
    gone += (
        known for known in left if request.options.prune or not known.digest or (known.shard in torn and not known.made_by)
    )
    for known in gone:
        to_drop[known.shard].add((known.name, known.start))
    for name in sorted({*to_clean, *to_drop}):
        keys = {(known.name, known.start): known for known in by_shard[name]}
        rows = [touched.get(key, known) for key, known in keys.items() if key not in to_drop[name]]
        shard = _shard_again(name, rows, to_clean[name])
        is_sure = all(known.made_by for known in by_shard[name])
        if shard.kept and is_sure and not _is_as_written(out, files[name]):
            plan.damaged.append(name)
            continue
        plan.contents[name] = rows
        plan.shards.append(shard)
    # A run that is ended between the files of a shard and the state leaves files that the state does not tell of.
    unsure = [known._replace(made_by="") for known in (*begun, *gone) if known.shard in plan.contents]
    _add_new(state, plan, new, [*touched.values(), *unsure])
    return plan


def _is_as_written(out: Path, files: Mapping[str, str]) -> bool:
    """Say whether the files of a shard are those that the state tells of."""
    return all(file_digest(out / name) == digest for name, digest in files.items())


def _is_same(known: KnownInput, piece: Source, request: RunRequest) -> bool:
    try:
        return known.digest == input_digest(piece, request.captured_at)
    except OSError:  # cleaning it will say why
        return False


def _known(
    state: State, files: Mapping[str, Mapping[str, str]], out: Path
) -> tuple[dict[str, list[KnownInput]], dict[str, list[KnownInput]]]:
    """Return what has its place in a shard, by its name and by its shard; what was in a file that is lost is not done."""
    there = {f"{folder}/{name}" for folder in FOLDERS for name in os.listdir(out / folder)}  # noqa: PTH208
    lost = {name for name, its in files.items() if not there.issuperset(its)}
    by_name: dict[str, list[KnownInput]] = defaultdict(list)
    by_shard: dict[str, list[KnownInput]] = defaultdict(list)
    for known in state.known():
        known = known._replace(digest="") if known.shard in lost else known
        by_name[known.name].append(known)
        by_shard[known.shard].append(known)
    return by_name, by_shard


def _shard_again(name: str, rows: Sequence[KnownInput], to_clean: dict[tuple[str, int], Source]) -> Shard:
    """Return a shard of which some inputs are cleaned again, and the lines of the others are kept."""
    sources = [to_clean.get((row.name, row.start)) or Source("", row.name, 0, row.start, row.end) for row in rows]
    return Shard(name, tuple(sources), kept=frozenset((row.name, row.start) for row in rows) - to_clean.keys())


def _add_new(state: State, plan: RunPlan, new: Sequence[Source], changed: Sequence[KnownInput]) -> None:
    """Put new inputs into new shards, and write that down with what has changed of known ones."""
    first = state.next_number()
    shards = plan_shards(new, first=first)
    for shard in shards:
        plan.contents[shard.name] = [
            KnownInput(source.name, source.start, source.end, shard.name, place) for place, source in enumerate(shard.sources)
        ]
    if shards or changed:
        numbered = [(shard.name, number, plan.contents[shard.name]) for number, shard in enumerate(shards, first)]
        state.plan(numbered, changed)
    plan.shards += shards


def _unsettled(sources: Sequence[Source], request: RunRequest) -> set[str]:
    """Return the names of files that are being written: those changed just now that have changed again a moment later."""
    if request.options.settle <= 0:
        return set()
    now = time.time()
    young = [
        source for source in sources if source.stamp and now - int(source.stamp.split(":")[1]) / 1e9 < request.options.settle
    ]
    if young:
        time.sleep(request.options.settle)
    return {source.name for source in young if current_stamp(source, request.captured_at) != source.stamp}
