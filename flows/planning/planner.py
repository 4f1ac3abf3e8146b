"""Plan a run: find the inputs that are new or have changed since the state was written, and the shard of each.

The listing of the inputs and the state are read side by side, in the order of names, and the plan is written outside of memory:
this takes the same memory for any number of inputs. Called by `flows.execution.context`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flows.inputs.discovery import Source
from flows.inputs.fingerprint import current_stamp
from flows.inputs.listing import Listing
from flows.inputs.lookahead import in_order
from flows.inputs.scratch import Scratch
from flows.planning import changes as changes_module
from flows.planning import planned_shards
from flows.planning.changes import Changes
from flows.planning.comparison import Compared, RunRequest, differences, merged
from flows.planning.known import Known
from flows.planning.planned_shards import PlannedShards
from flows.planning.shards import Shard, shards_of
from flows.planning.state import KnownInput, State


@dataclass(slots=True)
class RunPlan:
    """The shards to clean, with the inputs that each will hold.

    `unchanged` counts files without changes. `unsettled` names files that are still being written. `damaged` says of files in
    the output folder how they have changed since they were written: their shards are cleaned again. `lost` names inputs that
    are not there to be cleaned again after such damage.
    """

    shards: PlannedShards
    unchanged: int = 0
    unsettled: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def plan_run(state: State, listing: Listing, out: Path, request: RunRequest) -> RunPlan:
    """Return the plan of a run; new shards are in the state before it is returned."""
    known = Known(state, out, listing)
    unsettled = _unsettled(listing, request)
    scratch = Scratch(changes_module.TABLE, planned_shards.TABLE)
    first = state.next_number()
    while True:
        scratch.run("delete from planned")
        plan, new, changes = RunPlan(PlannedShards(scratch)), PlannedShards(scratch), Changes(scratch, listing)
        for shard in shards_of(_compare(listing, known, request, plan, changes, unsettled), first):
            new.add(shard, [KnownInput(one.name, one.start, one.end, shard.name, at) for at, one in enumerate(shard.sources)])
        for name in sorted({*changes.shards(), *known.faults}):
            plan.shards.add(*_renewed(name, known.of_shard(name), changes))
        if not known.find_rot(shard.name for shard in plan.shards.heads if shard.is_carrying):
            break
    # Of a run that was killed, the files may differ from the state without any damage.
    plan.damaged = [fault for shard in sorted(known.faults.keys() - known.cut_off) for fault in known.faults[shard]]
    plan.lost = sorted({*known.lost})
    if new or len(changes):
        # A run ended between writing a shard's files and the state leaves files that differ from the state.
        numbered = ((name, number, rows) for number, (name, rows) in enumerate(new.contents.items(), first))
        state.plan(numbered, changes.in_state())
    plan.shards.extend(new)
    return plan


def _compare(
    listing: Listing, known: Known, request: RunRequest, plan: RunPlan, changes: Changes, unsettled: Set[str]
) -> Iterator[Source]:
    """Yield the new pieces of the present inputs in order; note the other changes, and count in `plan` where there are none."""
    look = partial(differences, request=request)
    for found in in_order(look, _changed(listing, known, request, plan, changes, unsettled), lambda file: file.is_slow):
        yield from found.new
        for row, piece in found.to_clean:
            changes.clean(row, piece)
        for row in found.restamped:
            changes.restamp(row)
        for row in found.removed:
            changes.remove(row)
        plan.unchanged += found.are_none


def _changed(
    listing: Listing, known: Known, request: RunRequest, plan: RunPlan, changes: Changes, unsettled: Set[str]
) -> Iterator[Compared]:
    """Yield the files that may have changed; note the entries of former inputs that lose their output."""
    for source, rows in merged(listing, known.by_name()):
        if source is None:
            for row in filter(request.is_forgotten, rows):
                changes.remove(row)
            continue
        file = Compared(source, rows)
        if file.has_same_stamp and all(map(request.is_done, rows)):
            plan.unchanged += 1
        elif source.name in unsettled:
            plan.unsettled.append(source.name)
        else:
            yield file


def _renewed(name: str, known: Iterable[KnownInput], changes: Changes) -> tuple[Shard, list[KnownInput]]:
    """Return a known shard that cleans some of its inputs again and carries over the lines of others, and its inputs."""
    changed = changes.of_shard(name)
    rows, sources, carried = [], [], set()
    for row in known:
        change = changed.get(row.key)
        if change is not None and change.fate == "remove":
            continue
        rows.append(row._replace(stamp=change.stamp) if change is not None and change.fate == "restamp" else row)
        if change is not None and change.source is not None:
            sources.append(change.source)
        else:
            sources.append(Source("", row.name, 0, row.start, row.end))
            carried.add(row.key)
    return Shard(name, tuple(sources), frozenset(carried)), rows


def _unsettled(listing: Listing, request: RunRequest) -> set[str]:
    """Return the names of files that are being written: changed just now, and again after the time to settle."""
    settle_seconds = request.options.settle
    if settle_seconds <= 0:
        return set()
    now = time.time()
    recent = [source for source in listing if source.stamp and now - int(source.stamp.split(":")[1]) / 1e9 < settle_seconds]
    if recent:
        time.sleep(settle_seconds)
    return {source.name for source in recent if current_stamp(source, request.captured_at) != source.stamp}
