"""The state at the beginning of a run, held to the files in the output folder.

Used by `flows.planning.planner`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from pathlib import Path

from flows.planning.damage import find_damage, sound_inputs
from flows.planning.shard_inputs import write_missing_inputs
from flows.planning.state import KnownInput, State

OF_DAMAGED = "damaged"  # as `made_by`, of sound lines in a damaged shard: cleaned again when their input comes back


class Known:
    """The state at the beginning of a run, and the faults of damaged shards in the output folder.

    `files` are those of each shard. Of a damaged shard the inputs count as not done, but for those that are not `present` and
    have sound lines, which are kept; `lost` names the others that are not present. `cut_off` names shards that a killed run may
    have written in part.
    """

    def __init__(self, state: State, out: Path, present: Set[str]) -> None:
        self.files = state.shards()
        self.faults, restamped = find_damage(out, self.files)
        if restamped:
            state.restamp(restamped)
            self.files |= restamped
        self._out, self._present = out, present
        self.by_shard: dict[str, list[KnownInput]] = defaultdict(list)
        for row in state.known():
            self.by_shard[row.shard].append(row)
        self.cut_off = {shard for shard, rows in self.by_shard.items() if not all(row.made_by for row in rows)}
        self.lost: list[str] = []
        write_missing_inputs(out, self.files, {shard: self.by_shard[shard] for shard in self.by_shard.keys() - self.faults})
        for shard in self.faults:
            self._damage(shard)

    def by_name(self) -> dict[str, list[KnownInput]]:
        """Return the inputs by name, in the order of shards."""
        by_name: dict[str, list[KnownInput]] = defaultdict(list)
        for shard in self.by_shard.values():
            for row in shard:
                by_name[row.name].append(row)
        return by_name

    def find_rot(self, shards: Iterable[str]) -> bool:
        """Compare the files of shards that keep lines by their digests; return whether more are damaged than was known."""
        found, _ = find_damage(
            self._out, {shard: self.files[shard] for shard in shards if shard not in self.faults}, by_digest=True
        )
        self.faults |= found
        for shard in found:
            self._damage(shard)
        return bool(found)

    def _damage(self, shard: str) -> None:
        """Note the damage of a shard in its inputs."""
        rows = self.by_shard[shard]
        # A killed run may have written the lines of an uncertain input into some files of a shard and not into others.
        gone = [row for row in rows if row.name not in self._present and row.made_by and row.digest]
        sound = sound_inputs(self._out, shard, gone) if gone else set()
        self.lost += [row.name for row in gone if row.key not in sound]
        self.by_shard[shard] = [self._kept(row) if row.key in sound else row._replace(digest="") for row in rows]

    def _kept(self, row: KnownInput) -> KnownInput:
        """Return the entry of an input with sound lines: a killed run carried over those that were there, damage may not."""
        return row if row.shard in self.cut_off else row._replace(made_by=OF_DAMAGED)
