"""Plan a run: find the inputs that are new or have changed since the state was written, and the shard of each.

Called by `flows.execution.context`.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from flows.inputs.discovery import Source, SourceKey
from flows.inputs.fingerprint import current_stamp, input_digest
from flows.options import RunOptions
from flows.planning.known import Known
from flows.planning.shards import Shard, pieces_of, plan_shards
from flows.planning.state import KnownInput, State


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The demands of a run on its plan.

    `made_by` is the digest of all that decides the output of an input's bytes; `captured_at` is in the form of
    `parse_captured_at`. With `options.retry_quarantine` inputs with pages in quarantine are cleaned again; with
    `options.prune` the output of inputs that are gone is removed. Files that changed in the last `options.settle` seconds and
    still change are left for the next run. `unread` names folders that could not be read, so that their inputs are not gone.
    `made_by_of` holds the digest in the place of `made_by` for inputs with another one.
    """

    made_by: str
    captured_at: str
    options: RunOptions
    unread: tuple[str, ...] = ()
    made_by_of: Mapping[SourceKey, str] = field(default_factory=dict)

    def is_done(self, known: KnownInput) -> bool:
        """Return whether an input, as long as it is unchanged, need not be cleaned again."""
        is_retried = self.options.retry_quarantine and known.quarantined
        return known.digest != "" and known.made_by == self.made_by_of.get(known.key, self.made_by) and not is_retried


@dataclass(slots=True)
class RunPlan:
    """The shards to clean and the inputs that each will hold (`contents`).

    `unchanged` counts files without changes. `unsettled` names files that are still being written. `damaged` says of files in
    the output folder how they have changed since they were written: their shards are cleaned again. `lost` names inputs that
    are not there to be cleaned again after such damage.
    """

    shards: list[Shard] = field(default_factory=list)
    contents: dict[str, list[KnownInput]] = field(default_factory=dict)
    unchanged: int = 0
    unsettled: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Changes:
    """The differences between the inputs of a run and the state.

    `new` are pieces without a shard, `to_clean` by shard those to clean again, and `outdated` the entries of these in the
    state. `restamped` are entries with the same bytes under another stamp, `removed` entries without output in future.
    """

    new: list[Source] = field(default_factory=list)
    to_clean: dict[str, dict[SourceKey, Source]] = field(default_factory=lambda: defaultdict(dict))
    outdated: list[KnownInput] = field(default_factory=list)
    restamped: dict[SourceKey, KnownInput] = field(default_factory=dict)
    removed: list[KnownInput] = field(default_factory=list)


def plan_run(state: State, sources: Sequence[Source], out: Path, request: RunRequest) -> RunPlan:
    """Return the plan of a run; new shards are in the state before it is returned."""
    known = Known(state, out, {source.name for source in sources})
    unsettled = _unsettled(sources, request)
    while True:
        plan = RunPlan()
        changes = _compare(sources, known, request, plan, unsettled)
        changes.removed += _removable(sources, known, request)
        _plan_known_shards(plan, changes, known)
        if not known.find_rot(shard.name for shard in plan.shards if shard.carried):
            break
    # Of a run that was killed, the files may differ from the state without any damage.
    plan.damaged = [fault for shard in sorted(known.faults.keys() - known.cut_off) for fault in known.faults[shard]]
    plan.lost = sorted({*known.lost})
    # A run ended between writing a shard's files and the state leaves files that differ from the state.
    affected = [row for row in (*changes.outdated, *changes.removed) if row.shard in plan.contents]
    uncertain = [row._replace(made_by="") for row in affected]
    _plan_new_shards(state, plan, changes.new, [*changes.restamped.values(), *uncertain])
    return plan


def _compare(sources: Sequence[Source], known: Known, request: RunRequest, plan: RunPlan, unsettled: Set[str]) -> _Changes:
    """Return the changes in the present inputs; count the unchanged and the `unsettled` ones in `plan`."""
    changes = _Changes()
    by_name = known.by_name()
    for source in sources:
        rows = by_name.get(source.name, [])
        has_same_stamp = source.stamp != "" and all(row.stamp == source.stamp for row in rows)
        if rows and has_same_stamp and all(map(request.is_done, rows)):
            plan.unchanged += 1
        elif source.name in unsettled:
            plan.unsettled.append(source.name)
        else:
            plan.unchanged += _compare_pieces(source, rows, request, changes)
    return changes


def _compare_pieces(source: Source, rows: Sequence[KnownInput], request: RunRequest, changes: _Changes) -> bool:
    """Add the changes in the pieces of one file to `changes`; return whether there are none."""
    by_start = {row.start: row for row in rows}
    pieces = pieces_of(source, request.options.fields)
    unchanged = 0
    for piece in pieces:
        row = by_start.pop(piece.start, None)
        if row is None:
            changes.new.append(piece)
        elif request.is_done(row) and row.end == piece.end and _has_same_bytes(row, piece, request):
            changes.restamped[row.key] = row._replace(stamp=source.stamp)
            unchanged += 1
        else:
            changes.to_clean[row.shard][piece.key] = piece
            changes.outdated.append(row)
    changes.removed += by_start.values()
    return unchanged == len(pieces) and not by_start


def _removable(sources: Sequence[Source], known: Known, request: RunRequest) -> Iterator[KnownInput]:
    """Yield the entries of former inputs that lose their output: with `prune` all, else those without reliable output."""
    present = {source.name for source in sources}
    unread = tuple(f"{name}/" for name in request.unread)
    for rows in known.by_shard.values():
        for row in rows:
            is_pruned = request.options.prune and not row.name.startswith(unread)
            if row.name not in present and (is_pruned or not row.digest):
                yield row


def _plan_known_shards(plan: RunPlan, changes: _Changes, known: Known) -> None:
    """Add the shards with inputs to clean again or to remove, and those that are damaged."""
    to_remove: dict[str, set[SourceKey]] = defaultdict(set)
    for row in changes.removed:
        to_remove[row.shard].add(row.key)
    for name in sorted({*changes.to_clean, *to_remove, *known.faults}):
        rows = [changes.restamped.get(row.key, row) for row in known.by_shard[name] if row.key not in to_remove[name]]
        plan.contents[name] = rows
        plan.shards.append(_renewed_shard(name, rows, changes.to_clean[name]))


def _renewed_shard(name: str, rows: Sequence[KnownInput], to_clean: Mapping[SourceKey, Source]) -> Shard:
    """Return a shard that cleans the sources in `to_clean` again and carries over the lines of the others."""
    sources = [to_clean.get(row.key) or Source("", row.name, 0, row.start, row.end) for row in rows]
    return Shard(name, tuple(sources), carried=frozenset(row.key for row in rows) - to_clean.keys())


def _plan_new_shards(state: State, plan: RunPlan, new: Sequence[Source], changed: Sequence[KnownInput]) -> None:
    """Put new inputs into new shards, and record these in the state with the changes of known inputs."""
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


def _has_same_bytes(known: KnownInput, piece: Source, request: RunRequest) -> bool:
    try:
        return known.digest == input_digest(piece, request.captured_at)
    except OSError:  # cleaning it will report the error
        return False


def _unsettled(sources: Sequence[Source], request: RunRequest) -> set[str]:
    """Return the names of files that are being written: changed just now, and again after the time to settle."""
    settle_seconds = request.options.settle
    if settle_seconds <= 0:
        return set()
    now = time.time()
    recent = [source for source in sources if source.stamp and now - int(source.stamp.split(":")[1]) / 1e9 < settle_seconds]
    if recent:
        time.sleep(settle_seconds)
    return {source.name for source in recent if current_stamp(source, request.captured_at) != source.stamp}
