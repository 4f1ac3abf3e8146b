"""The files that an output folder should hold: as its state says or, where that is elsewhere, as its files of inputs say.

Used by those who read the output: `flows.export` and `flows.report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import msgspec

from flows.layout import INPUTS, STATE_FILE
from flows.output.written import Files
from flows.planning.database import state_to_read
from flows.planning.shard_inputs import ShardInputs, read_inputs


@dataclass(frozen=True, slots=True)
class Expected:
    """The files of each shard as they were written.

    Those of shards in `uncertain` may be others: a run is writing them, or was ended while it did. `last_run` is the manifest
    of the newest run that left one, "" where that is not known. `has_state` tells a state from files of inputs.
    """

    files: Mapping[str, Files]
    uncertain: Set[str]
    last_run: str = ""
    has_state: bool = True


def expected_files(out: Path, url: str = "") -> Expected | None:
    """Return the files that an output folder should hold, None for one of an earlier version without its state.

    Raises UsageError or Failed when the state cannot be read.
    """
    if url or (out / STATE_FILE).exists():
        with state_to_read(out, url) as state:
            return Expected(state.shards(), state.uncertain_shards(), state.last_manifest())
    if not (out / INPUTS).is_dir():
        return None
    found = [read for file in sorted((out / INPUTS).glob("*.jsonl")) if (read := _readable(file)) is not None]
    uncertain = {shard.shard for shard in found if not all(row.made_by for row in shard.inputs)}
    return Expected({shard.shard: shard.files for shard in found}, uncertain, has_state=False)


def _readable(file: Path) -> ShardInputs | None:
    """Return the content of a file of inputs, None for a damaged one: the files of its shard are then those of none."""
    try:
        return read_inputs(file)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
