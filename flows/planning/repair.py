"""Repair an output folder: make its state again from its files, and have damaged shards cleaned again by the next run.

Called by the command `dehusk repair`. Of each shard the files are held by their digests to the state and to the file of
`inputs/`: one that agrees with the files is right, and the other is written again. A damaged shard stays in the state with
files of unknown stamps, so that the next run compares their digests and cleans their inputs again, and nothing else. It may be
ended at any moment: the state is replaced in one step, and the next repair does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from flows.errors import Busy, Failed
from flows.inputs.fingerprint import file_digest
from flows.layout import FOLDERS, IDENTITY, INPUTS, SHARD_NAME
from flows.output.lock import locked
from flows.output.manifest import checksums_of_manifests, manifests_above
from flows.output.written import Files, WrittenFile, digests, faults_of, renewed, written_file
from flows.planning.database import no_state
from flows.planning.folder import make_folders
from flows.planning.from_lines import inputs_in_lines
from flows.planning.repair_files import (
    Content,
    as_before,
    names_of_no_files,
    remove_remains,
    runs_of,
    set_aside,
    state_content,
    write_content,
)
from flows.planning.shard_inputs import ShardInputs, file_of, has_same_inputs, number_of, read_inputs, write_inputs
from flows.planning.state import KnownInput


@dataclass(slots=True)
class Repair:
    """The result of a repair, in sentences: all that was `done`, and the `damaged` files of shards to be cleaned again."""

    done: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def repair(out: Path, url: str = "") -> Repair:
    """Repair an output folder with its state in it or at `url`, and return the result.

    Raises UsageError when no run was made there, or the database at `url` cannot be used, and Failed while a run is at work.
    """
    if not any((out / name).is_dir() for name in FOLDERS) or ((out / IDENTITY).exists() and not url):
        raise no_state(out)
    try:
        with locked(out):
            return _Repairer(out, url).repair()
    except Busy:
        raise Failed(f"a run is at work in {out}; try again when it is over") from None


class _Repairer:
    """Repairs an output folder that it holds."""

    def __init__(self, out: Path, url: str) -> None:
        self._out, self._url = out, url
        self._result = Repair()
        self._new: dict[str, tuple[Files, list[KnownInput]]] = {}
        self._taken: set[tuple[str, int]] = set()  # keys of inputs in the new state
        self._is_older = False  # whether files are newer than the state

    def repair(self) -> Repair:
        """Repair the folder and return the result."""
        out, done = self._out, self._result.done
        done += remove_remains(out)
        done += [set_aside(out, name, "is no file") for name in names_of_no_files(out)]
        known, problem = state_content(out, self._url)
        if known is not None and known.is_half_cleared:
            done.append("a run with --fresh was ended while it removed earlier output; the next dehusk run goes on with that")
            return self._result
        files = self._present()
        is_lost = known is None or (not known.shards and bool(files))
        old = known or Content({}, [])
        inputs = dict(self._read_inputs(files.pop(INPUTS, set())))
        self._choose_all(old, inputs, is_lost=is_lost)
        if is_lost:
            self._take_lines({name for names in files.values() for name in names} - self._new.keys())
        runs = runs_of(out, old.runs, from_manifests=is_lost or self._is_older)
        new = Content(self._new, runs)
        newest = max((run.number for run in runs), default=0)
        stray = [*self._stray_files(), *(checksums_of_manifests(out)[2]), *manifests_above(out, newest)]
        is_changed = known is None or new != old
        if is_changed or stray or self._inputs_to_write(inputs):
            make_folders(out)
        for shard in self._inputs_to_write(inputs):
            write_inputs(out, shard, number_of(shard), *self._new[shard])
            done.append(f"{INPUTS}/{shard}.jsonl was written again from the state")
        if is_changed:
            write_content(out, self._url, new, is_damaged=known is None)
            shards, sources = len(new.shards), sum(len(rows) for _, rows in new.shards.values())
            why = problem or ("the state knew of no run" if is_lost else "the state was not that of the files")
            if is_lost or not _says_the_same(old, new):  # else damaged shards are marked in it, and named as that
                done.append(f"{why}; it was made again, with {shards:,} shards, {sources:,} inputs and {len(runs):,} runs")
        done += [set_aside(out, name) for name in stray]
        return self._result

    def _present(self) -> dict[str, set[str]]:
        """Return the names of shards with files in each folder that has some."""
        folders: dict[str, set[str]] = {}
        for folder in (*FOLDERS, INPUTS):
            for file in (self._out / folder).glob("*.jsonl"):
                if SHARD_NAME.fullmatch(file.stem):
                    folders.setdefault(folder, set()).add(file.stem)
        return folders

    def _read_inputs(self, shards: set[str]) -> Iterator[tuple[str, ShardInputs]]:
        for shard in sorted(shards):
            try:
                yield shard, read_inputs(file_of(self._out, shard))
            except (msgspec.MsgspecError, UnicodeDecodeError):  # written again
                continue

    def _choose_all(self, old: Content, inputs: Mapping[str, ShardInputs], *, is_lost: bool) -> None:
        """Choose for each shard between the state and the file of inputs; a sound shard goes before a damaged one."""
        damaged = {}
        for shard in sorted({*old.shards, *inputs}, key=lambda shard: (shard not in old.shards, number_of(shard), shard)):
            known = old.shards.get(shard)
            if known is not None and not all(row.made_by for row in known[1]):  # a run was ended here, and the next one goes on
                self._take(shard, *known)
                continue
            written = as_before(inputs[shard], known) if shard in inputs else None
            if known is not None and not faults_of(self._out, known[0], by_digest=True):
                has_other_inputs = written is not None and digests(written[0]) == digests(known[0])
                self._take(shard, known[0], written[1] if written is not None and has_other_inputs else known[1])
            elif written is not None and not faults_of(self._out, written[0], by_digest=True):
                self._is_older = self._is_older or not is_lost
                self._take(shard, renewed(self._out, written[0]), written[1])
            elif known is not None or (is_lost and written is not None):
                damaged[shard] = known or written
        for shard, (files, rows) in damaged.items():  # type: ignore[misc]
            self._take_damaged(shard, files, rows)

    def _take(self, shard: str, files: Files, rows: list[KnownInput]) -> bool:
        """Take a shard into the new state, unless its inputs are in another one already; return whether it was taken."""
        keys = {row.key for row in rows}
        if not self._taken.isdisjoint(keys):
            return False
        self._taken |= keys
        self._new[shard] = files, rows
        return True

    def _take_damaged(self, shard: str, files: Files, rows: list[KnownInput]) -> None:
        unstamped = {name: WrittenFile(file.sha256, file.bytes) for name, file in files.items()}
        if self._take(shard, unstamped, rows):
            self._result.damaged += faults_of(self._out, files, by_digest=True)

    def _take_lines(self, shards: set[str]) -> None:
        """Take shards of an earlier version, as far as their lines and the manifests tell."""
        by_manifest, _, _ = checksums_of_manifests(self._out)
        known = {shard: rows for shard, (_, rows) in self._new.items()}
        for shard, rows in inputs_in_lines(self._out, sorted(shards), known).items():
            self._result.damaged += [f"{row.name} has damaged lines in {shard}" for row in rows if not row.digest]
            if shard in by_manifest:
                files = {name: WrittenFile(digest) for name, digest in by_manifest[shard].items()}
                if faults_of(self._out, files, by_digest=True):
                    self._take_damaged(shard, files, rows)
                    continue
                self._take(shard, renewed(self._out, files), rows)
            else:
                self._take(shard, self._as_they_are(shard), rows)

    def _as_they_are(self, shard: str) -> dict[str, WrittenFile]:
        """Return the files of a shard that nothing but its lines is known of."""
        names = (f"{folder}/{shard}.jsonl" for folder in FOLDERS)
        found = {name: file_digest(self._out / name) for name in names}
        return {name: written_file(self._out / name, digest) for name, digest in found.items() if digest}

    def _inputs_to_write(self, inputs: Mapping[str, ShardInputs]) -> list[str]:
        """Return the finished shards with a file of inputs that is missing, damaged, or not that of the new state."""
        return [
            shard
            for shard, (files, rows) in self._new.items()
            if rows and all(row.digest and row.made_by for row in rows)
            and not (
                shard in inputs
                and digests(inputs[shard].files) == digests(files)
                and has_same_inputs(inputs[shard].inputs, rows)
            )
        ]  # fmt: skip

    def _stray_files(self) -> list[str]:
        """Return the names of files of shards that are in no shard of the new state."""
        held = {name for files, _ in self._new.values() for name in files} | {f"{INPUTS}/{shard}.jsonl" for shard in self._new}
        pending = {shard for shard, (_, rows) in self._new.items() if not all(row.made_by for row in rows)}
        found = ((shard, f"{folder}/{shard}.jsonl") for folder, shards in self._present().items() for shard in sorted(shards))
        return [name for shard, name in found if name not in held and shard not in pending]


def _says_the_same(old: Content, new: Content) -> bool:
    """Return whether two states differ in the stamps of files at most."""
    before, after = (
        {shard: (digests(files), rows) for shard, (files, rows) in content.shards.items()} for content in (old, new)
    )
    return before == after and old.runs == new.runs
