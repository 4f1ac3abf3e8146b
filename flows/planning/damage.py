"""Damage to the files of shards: find it, and find the lines of a damaged shard that are sound all the same.

Called by `flows.planning.planner` and `dehusk repair`. After a power cut a file may be short or empty although its name is
there; people and programs change files, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from cleaners import Record
from flows.inputs.discovery import Source, SourceKey
from flows.output.lines import AuditLine, QuarantineLine
from flows.output.page_check import check_page
from flows.output.written import Files, WrittenFile, faults_of, renewed
from flows.planning.carry_over import CarriedLines
from flows.planning.shards import Shard
from flows.planning.state import KnownInput

Line = TypeVar("Line")
FAULTS_SHOWN = 3
NAMES_SHOWN = 5


def find_damage(
    out: Path, shards: Iterable[tuple[str, Files]], *, by_digest: bool = False
) -> tuple[dict[str, list[str]], dict[str, dict[str, WrittenFile]]]:
    """Return the faults of damaged shards in sentences, and the files of sound shards that have other stamps than before."""
    faults: dict[str, list[str]] = {}
    restamped: dict[str, dict[str, WrittenFile]] = {}
    for shard, files in shards:
        if found := faults_of(out, files, by_digest=by_digest):
            faults[shard] = found
        elif (now := renewed(out, files)) != files:
            restamped[shard] = now
    return faults, restamped


def in_words(damaged: Sequence[str], lost: Sequence[str]) -> list[str]:
    """Return sentences on the damage that a run has found and on the inputs that were lost by it, the first ones by name.

    >>> for sentence in in_words(["records/00000-0123456789ab.jsonl has 0 bytes, not 812"], ["a.txt"]):
    ...     print(sentence)
    records/00000-0123456789ab.jsonl has 0 bytes, not 812; its shard was cleaned again
    records of 1 input of damaged shards are lost, as it is gone: a.txt
    """
    sentences = [f"{fault}; its shard was cleaned again" for fault in damaged[:FAULTS_SHOWN]]
    if len(damaged) > FAULTS_SHOWN:
        sentences.append(f"{len(damaged) - FAULTS_SHOWN:,} more files were damaged or missing; the manifest names all")
    if lost:
        more = f" and {len(lost) - NAMES_SHOWN:,} more" if len(lost) > NAMES_SHOWN else ""
        names = ", ".join(lost[:NAMES_SHOWN])
        inputs, are = ("1 input", "it is") if len(lost) == 1 else (f"{len(lost):,} inputs", "they are")
        sentences.append(f"records of {inputs} of damaged shards are lost, as {are} gone: {names}{more}")
    return sentences


def sound_inputs(out: Path, shard: str, rows: Sequence[KnownInput]) -> set[SourceKey]:
    """Return those inputs of a damaged shard that have lines, all of them sound: each page with its ledger and its records.

    Of an input with many pages some may be lost without a trace.
    """
    sources = tuple(Source("", row.name, 0, row.start, row.end) for row in rows)
    lines = CarriedLines(out, Shard(shard, sources))
    return {row.key for row, source in zip(rows, sources, strict=True) if lines.has(source) and _is_sound(lines, source, row)}


def _is_sound(lines: CarriedLines, source: Source, row: KnownInput) -> bool:
    try:
        quarantined = _decoded(lines.of("quarantine", source), QuarantineLine)
        records: dict[str, list[Record]] = defaultdict(list)
        for record in _decoded(lines.of("records", source), Record):
            records[record.page.path].append(record)
        ledgers = {line.page.path: line for line in _decoded(lines.of("audit", source), AuditLine)}
    except msgspec.MsgspecError:
        return False
    has_problem = any(next(check_page(line, records[path]), "") for path, line in ledgers.items())
    return len(quarantined) == row.quarantined and records.keys() == ledgers.keys() and not has_problem


def _decoded(lines: Iterable[bytes], type_: type[Line]) -> list[Line]:
    return [msgspec.json.decode(line, type=type_) for line in lines]
