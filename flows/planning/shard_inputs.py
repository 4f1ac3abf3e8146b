"""The files of `inputs/`: the inputs and the files of each shard, from which a lost state can be made again.

They hold no stamps, so that the same inputs give the same bytes: inputs and files without a stamp are known by their digests.

Written by `flows.execution.results` when a shard is committed, just before the state, and by `flows.planning.known` where
an earlier version wrote none; read by `dehusk verify` and `dehusk repair`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from flows.display import printable_json
from flows.layout import INPUTS
from flows.output.atomic import write_whole
from flows.output.written import Files, WrittenFile, digests
from flows.planning.state import KnownInput, State
from flows.regular_file import open_regular


@dataclass(frozen=True, slots=True)
class ShardInputs:
    """A shard with its number, its files, and its inputs."""

    shard: str
    number: int
    files: dict[str, WrittenFile]
    inputs: list[KnownInput]


class _Head(msgspec.Struct, frozen=True):
    """The first line of a file, about the shard; `sha256` is the digest of the lines after it."""

    shard: str
    number: int
    files: dict[str, WrittenFile]
    sha256: str


class _Input(msgspec.Struct, frozen=True):
    """A line about an input, in the order of the shard; its keys are those of KnownInput."""

    name: str
    start: int
    end: int | None
    digest: str
    made_by: str
    quarantined: int


def file_of(out: Path, shard: str) -> Path:
    """Return the file with the inputs of a shard."""
    return out / INPUTS / f"{shard}.jsonl"


def write_inputs(out: Path, shard: str, number: int, files: Files, inputs: Sequence[KnownInput]) -> None:
    """Write the inputs and the files of a shard in one step; without inputs, remove their file."""
    if not inputs:
        file_of(out, shard).unlink(missing_ok=True)
        return
    encoder = msgspec.json.Encoder()
    rows = [_Input(row.name, row.start, row.end, row.digest, row.made_by, row.quarantined) for row in inputs]
    lines = printable_json(encoder.encode_lines(rows))
    head = encoder.encode(_Head(shard, number, _without_stamps(files), hashlib.sha256(lines).hexdigest()))
    write_whole(file_of(out, shard), head + b"\n" + lines)


def read_inputs(file: Path) -> ShardInputs:
    """Return the inputs and the files of a shard; raises OSError, or MsgspecError for a damaged file."""
    with open_regular(str(file)) as opened:
        first, _, lines = opened.read().partition(b"\n")
    head = msgspec.json.decode(first, type=_Head)
    if hashlib.sha256(lines).hexdigest() != head.sha256 or head.shard != file.stem:
        raise msgspec.ValidationError("its lines are not those that were written")
    rows = [
        KnownInput(row.name, row.start, row.end, head.shard, place, "", row.digest, row.made_by, row.quarantined)
        for place, row in enumerate(msgspec.json.Decoder(_Input).decode_lines(lines))
    ]
    return ShardInputs(head.shard, head.number, head.files, rows)


def check_inputs(out: Path, files: Mapping[str, Files], known: Iterable[KnownInput]) -> Iterator[str]:
    """Yield a sentence for each finished shard with a file in `inputs/` that says something else than the state.

    A folder that only earlier versions wrote has no such files.
    """
    by_shard: dict[str, list[KnownInput]] = defaultdict(list)
    for row in known:
        by_shard[row.shard].append(row)
    for shard, rows in by_shard.items():
        if not (out / INPUTS).is_dir() or not all(row.digest and row.made_by for row in rows):
            continue
        try:
            found = read_inputs(file_of(out, shard))
        except FileNotFoundError:
            yield f"{INPUTS}/{shard}.jsonl is missing"
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            yield f"{INPUTS}/{shard}.jsonl cannot be read: {error}"
        else:
            has_same_files = digests(found.files) == digests(files[shard])
            if not has_same_files or not has_same_inputs(found.inputs, rows):
                yield f"{INPUTS}/{shard}.jsonl says something else than the state"


def has_same_inputs(rows: Sequence[KnownInput], others: Sequence[KnownInput]) -> bool:
    """Return whether two lists of inputs are the same but for stamps and rules: these change without the shard."""
    return [*map(content_of, rows)] == [*map(content_of, others)]


def content_of(row: KnownInput) -> tuple[object, ...]:
    """Return the part of an entry that stays the same as long as the input does."""
    return row.key, row.end, row.digest, row.quarantined


def write_missing_inputs(out: Path, state: State, but: Container[str]) -> None:
    """Write the files of finished shards that are not there, as in a folder of an earlier version; of some shards none."""
    for shard, files in state.files_by_shard():
        if shard not in but and not file_of(out, shard).exists():
            rows = state.inputs_of(shard)
            if rows and all(row.digest and row.made_by for row in rows):
                write_inputs(out, shard, number_of(shard), files, rows)


def _without_stamps(files: Files) -> dict[str, WrittenFile]:
    return {name: WrittenFile(file.sha256, file.bytes) for name, file in files.items()}


def number_of(shard: str) -> int:
    """Return the number in the name of a shard."""
    return int(shard.partition("-")[0])
