"""What a run has to do: the inputs that are new or have changed against the state, each in the shard where it has its place."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.content import digest_of, digest_of_file, stamp_now
from flows.rows import RowFields
from flows.shards import Shard, pieces_of, plan_shards
from flows.sources import Source
from flows.state import Known, State
from flows.writing import FOLDERS


@dataclass(frozen=True, slots=True)
class Wanted:
    """How inputs are to be cleaned, and which of them again.

    `made_by` is a digest of all that decides what is made of an input's bytes. With `retry` inputs are done again of which
    pages went to quarantine; with `prune` what is no input any more is taken out. Files that were changed in the last `settle`
    seconds and still change are left for the next run.
    """

    made_by: str
    captured_at: str
    fields: RowFields
    retry: bool = False
    prune: bool = False
    settle: float = 0.0

    def is_done(self, known: Known) -> bool:
        """Say whether an input need not be cleaned again while it is as it was."""
        return known.digest != "" and known.made_by == self.made_by and not (self.retry and known.quarantined)


@dataclass(slots=True)
class Work:
    """The shards to clean, what each is to hold then, how many files are as they were, and which are still being written.

    `damaged` are shards of which lines would have to be kept that are not those that were written.
    """

    shards: list[Shard] = field(default_factory=list)
    holds: dict[str, list[Known]] = field(default_factory=dict)
    unchanged: int = 0
    moving: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def find_work(state: State, sources: Sequence[Source], out: Path, wanted: Wanted) -> Work:
    """Return what is to be done; new shards are written down before it is."""
    work = Work()
    files = state.shards()
    by_name, by_shard = _known(state, files, out)
    moving = _moving(sources, wanted)
    to_clean: dict[str, dict[tuple[str, int], Source]] = defaultdict(dict)  # by shard
    to_drop: dict[str, set[tuple[str, int]]] = defaultdict(set)
    gone: list[Known] = []
    new: list[Source] = []
    touched: dict[tuple[str, int], Known] = {}
    begun: list[Known] = []
    for source in sources:
        before = by_name.pop(source.name, [])
        if before and all(known.stamp == source.stamp and wanted.is_done(known) for known in before) and source.stamp:
            work.unchanged += 1
        elif source.name in moving:
            work.moving.append(source.name)
        else:
            places = {known.start: known for known in before}
            as_before = 0
            pieces = pieces_of(source, wanted.fields)
            for piece in pieces:
                known = places.pop(piece.start, None)
                if known is None:
                    new.append(piece)
                elif wanted.is_done(known) and known.end == piece.end and _is_same(known, piece, wanted):
                    touched[known.name, known.start] = known._replace(stamp=source.stamp)
                    as_before += 1
                else:
                    to_clean[known.shard][piece.name, piece.start] = piece
                    begun.append(known)
            work.unchanged += as_before == len(pieces) and not places
            gone += places.values()
    left = [known for rows in by_name.values() for known in rows]
    torn = {
        name for name in {known.shard for known in left if not known.made_by} if not _is_as_written(out, files.get(name, {}))
    }
    # Of what is no input any more, lines that a killed run has put into some of a shard's files are in none of the others.
    gone += (known for known in left if wanted.prune or not known.digest or (known.shard in torn and not known.made_by))
    for known in gone:
        to_drop[known.shard].add((known.name, known.start))
    for name in sorted({*to_clean, *to_drop}):
        keys = {(known.name, known.start): known for known in by_shard[name]}
        rows = [touched.get(key, known) for key, known in keys.items() if key not in to_drop[name]]
        shard = _shard_again(name, rows, to_clean[name])
        is_sure = all(known.made_by for known in by_shard[name])
        if shard.kept and is_sure and not _is_as_written(out, files[name]):
            work.damaged.append(name)
            continue
        work.holds[name] = rows
        work.shards.append(shard)
    # A run that is ended between the files of a shard and the state leaves files that the state does not tell of.
    unsure = [known._replace(made_by="") for known in (*begun, *gone) if known.shard in work.holds]
    _add_new(state, work, new, [*touched.values(), *unsure])
    return work


def _is_as_written(out: Path, files: Mapping[str, str]) -> bool:
    """Say whether the files of a shard are those that the state tells of."""
    return all(digest_of_file(out / name) == digest for name, digest in files.items())


def _is_same(known: Known, piece: Source, wanted: Wanted) -> bool:
    try:
        return known.digest == digest_of(piece, wanted.captured_at)
    except OSError:  # cleaning it will say why
        return False


def _known(
    state: State, files: Mapping[str, Mapping[str, str]], out: Path
) -> tuple[dict[str, list[Known]], dict[str, list[Known]]]:
    """Return what has its place in a shard, by its name and by its shard; what was in a file that is lost is not done."""
    there = {f"{folder}/{name}" for folder in FOLDERS for name in os.listdir(out / folder)}  # noqa: PTH208
    lost = {name for name, its in files.items() if not there.issuperset(its)}
    by_name: dict[str, list[Known]] = defaultdict(list)
    by_shard: dict[str, list[Known]] = defaultdict(list)
    for known in state.known():
        known = known._replace(digest="") if known.shard in lost else known
        by_name[known.name].append(known)
        by_shard[known.shard].append(known)
    return by_name, by_shard


def _shard_again(name: str, rows: Sequence[Known], to_clean: dict[tuple[str, int], Source]) -> Shard:
    """Return a shard of which some inputs are cleaned again, and the lines of the others are kept."""
    sources = [to_clean.get((row.name, row.start)) or Source("", row.name, 0, row.start, row.end) for row in rows]
    return Shard(name, tuple(sources), kept=frozenset((row.name, row.start) for row in rows) - to_clean.keys())


def _add_new(state: State, work: Work, new: Sequence[Source], changed: Sequence[Known]) -> None:
    """Put new inputs into new shards, and write that down with what has changed of known ones."""
    first = state.next_number()
    shards = plan_shards(new, first=first)
    for shard in shards:
        work.holds[shard.name] = [
            Known(source.name, source.start, source.end, shard.name, place) for place, source in enumerate(shard.sources)
        ]
    if shards or changed:
        numbered = [(shard.name, number, work.holds[shard.name]) for number, shard in enumerate(shards, first)]
        state.plan(numbered, changed)
    work.shards += shards


def _moving(sources: Sequence[Source], wanted: Wanted) -> set[str]:
    """Return the names of files that are being written: those changed just now that have changed again a moment later."""
    if wanted.settle <= 0:
        return set()
    now = time.time()
    young = [source for source in sources if source.stamp and now - int(source.stamp.split(":")[1]) / 1e9 < wanted.settle]
    if young:
        time.sleep(wanted.settle)
    return {source.name for source in young if stamp_now(source, wanted.captured_at) != source.stamp}
