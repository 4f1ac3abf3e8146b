"""The state at the beginning of a run, held to the files in the output folder.

Used by `flows.planning.planner`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.inputs.discovery import SourceKey
from flows.inputs.listing import Listing
from flows.planning.damage import find_damage, sound_inputs
from flows.planning.shard_inputs import write_missing_inputs
from flows.planning.state import KnownInput, State

OF_DAMAGED = "damaged"  # as `made_by`, of sound lines in a damaged shard: cleaned again when their input comes back


class Known:
    """The state at the beginning of a run, read as it is needed, and the faults of damaged shards in the output folder.

    Of a damaged shard the inputs count as not done, but for those that are not in the listing and have sound lines, which are
    kept; `lost` names the others that are not there. `cut_off` names shards that a killed run may have written in part.
    """

    def __init__(self, state: State, out: Path, listing: Listing) -> None:
        self._state, self._out, self._listing = state, out, listing
        self.faults, restamped = find_damage(out, state.files_by_shard())
        if restamped:
            state.restamp(restamped)
        self.cut_off = state.uncertain_shards()
        self.lost: list[str] = []
        self._sound: dict[str, set[SourceKey]] = {}  # by damaged shard
        write_missing_inputs(out, state, self.faults)
        for shard in self.faults:
            self._damage(shard)

    def by_name(self) -> Iterator[KnownInput]:
        """Yield all inputs in the order of their names."""
        return map(self._judged, self._state.known_by_name())

    def of_shard(self, shard: str) -> list[KnownInput]:
        """Return the inputs of a shard in their order."""
        return [*map(self._judged, self._state.inputs_of(shard))]

    def find_rot(self, shards: Iterable[str]) -> bool:
        """Compare the files of shards that keep lines by their digests; return whether more are damaged than was known."""
        files = ((shard, self._state.files_of(shard)) for shard in shards if shard not in self.faults)
        found, _ = find_damage(self._out, files, by_digest=True)
        self.faults |= found
        for shard in found:
            self._damage(shard)
        return bool(found)

    def _damage(self, shard: str) -> None:
        """Note the damage of a shard, and its sound inputs."""
        rows = self._state.inputs_of(shard)
        # A killed run may have written the lines of an uncertain input into some files of a shard and not into others.
        gone = [row for row in rows if row.made_by and row.digest and self._listing.get(row.name) is None]
        sound = sound_inputs(self._out, shard, gone) if gone else set()
        self.lost += [row.name for row in gone if row.key not in sound]
        self._sound[shard] = sound

    def _judged(self, row: KnownInput) -> KnownInput:
        """Return an entry of the state as the damage of its shard leaves it."""
        sound = self._sound.get(row.shard)
        if sound is None:
            return row
        if row.key not in sound:
            return row._replace(digest="")
        # A killed run carried over the lines that were there, damage may not.
        return row if row.shard in self.cut_off else row._replace(made_by=OF_DAMAGED)
