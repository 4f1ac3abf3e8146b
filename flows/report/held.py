"""The shards of a run, held to the files that are in the output folder now.

Called by `flows.report.build`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from flows.inspect.expected import Expected
from flows.output.manifest import ShardFiles
from flows.output.written import WrittenFile, digests, faults_of


@dataclass(frozen=True, slots=True)
class Held:
    """The shards of a run with sentences on their damaged files, and those that are not as this run has written them."""

    faults: Mapping[str, list[str]]
    rewritten: Set[str]


ALL_SOUND = Held(MappingProxyType({}), frozenset())


def held_shards(out: Path, shards: Iterable[ShardFiles], expected: Expected | None) -> Held:
    """Compare the files of a run's shards with those that are expected, or with its manifest where nothing else is known."""
    faults, rewritten = {}, set()
    for shard in shards:
        if expected is None:
            files = {name: WrittenFile(digest) for name, digest in shard.files.items()}
        else:
            files = {**expected.files.get(shard.name, {})}
        if digests(files) != shard.files:  # by a run that left no manifest here
            rewritten.add(shard.name)
        elif (expected is None or shard.name not in expected.uncertain) and (found := faults_of(out, files)):
            faults[shard.name] = found
    return Held(faults, rewritten)
