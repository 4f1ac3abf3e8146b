"""Read the records of an output folder, held to their checksums, also while a run is writing there.

Called by `flows.export.dataset`; `flows.export.read_records` is for programs. Of each file the digest is compared before a line
of it is read. A run replaces files in one step and notes them in the state: a file that is not as the state said a moment ago
is damaged only if no run has been at work meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader
from pathlib import Path

from cleaners import Record
from flows.errors import Failed, Stale
from flows.inspect.expected import Expected, expected_files
from flows.layout import RECORDS
from flows.output.lock import RunWatch
from flows.output.records import decoded, record_files
from flows.output.written import fault_in, fault_of, is_torn

REMEDY = "dehusk run cleans damaged shards again, dehusk repair {out} looks at all files, --skip-damaged goes on without them"
TRIES = 5  # to read a folder whose files a run may remove meanwhile
Look = Callable[[str, Expected], str]


class HeldRecords:
    """The records of an output folder, in the order of shards, with the lengths of their lines in bytes.

    `left_out` has a sentence for each file that was left out, once all is read; without `skip_damaged` there is none, since
    damage raises Failed. `state` is the address of the state where it is not in the folder. Raises Stale when a run has taken
    away or is changing files that are being read, and UsageError for a folder without records.
    """

    def __init__(self, out: Path, state: str = "", *, skip_damaged: bool = False) -> None:
        self._out, self._url, self._skips = out, state, skip_damaged
        self.left_out: list[str] = []

    def __iter__(self) -> Iterator[tuple[Record, int]]:
        self.left_out = []
        present = {file.name for file in record_files(self._out)}
        self._look_again()
        names = present if self._expected is None else present | _names_in(self._expected)
        faults = self._faults(names, self._fault_at_first_sight)
        if faults and not self._skips:
            raise _damaged(self._out, list(faults.values()))
        self.left_out += faults.values()
        for name in sorted(names - faults.keys()):
            if name in present or not self._is_uncertain(name):
                yield from self._records_of(name)

    def _is_uncertain(self, name: str) -> bool:
        return self._expected is not None and Path(name).stem in self._expected.uncertain

    def _look_again(self) -> None:
        self._watch = RunWatch(self._out)
        self._expected = expected_files(self._out, self._url)

    def _faults(self, names: Iterable[str], look: Look) -> dict[str, str]:
        """Return the faults of files by their names; raises Stale when a run at work may be the reason."""
        if self._expected is None:  # of an earlier version
            return {}
        faults = _found(names, look, self._expected)
        while faults and self._watch.has_seen_a_run():
            before = self._expected
            self._look_again()
            if self._expected is None or self._expected == before:
                raise Stale(next(iter(faults)))
            faults = _found(faults, look, self._expected)
        return faults

    def _fault_at_first_sight(self, name: str, expected: Expected) -> str:
        """Return the fault of a file as its size shows it, "" for none."""
        shard, file = Path(name).stem, self._out / RECORDS / name
        written = expected.files.get(shard, {}).get(f"{RECORDS}/{name}")
        if shard in expected.uncertain and (written is None or not file.exists()):
            return ""
        if written is None:
            if not file.exists():  # it went since the folder was listed
                raise Stale(name)
            return "belongs to no shard of the state" if expected.has_state else "has no sound file in inputs/ beside it"
        fault = fault_of(file, written)
        return "" if shard in expected.uncertain and not _is_torn(file) else fault

    def _records_of(self, name: str) -> Iterator[tuple[Record, int]]:
        path = self._out / RECORDS / name
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise Stale(name) from None
        with file:
            faults = self._faults([name], lambda _, expected: _fault_in(file, name, expected))
            if faults and not self._skips:
                raise _damaged(self._out, list(faults.values()))
            self.left_out += faults.values()
            if not faults:
                yield from decoded(file, path, self._out)


def _names_in(expected: Expected) -> set[str]:
    """Return the names of the files of records that should be there."""
    return {Path(name).name for files in expected.files.values() for name in files if name.startswith(f"{RECORDS}/")}


def _found(names: Iterable[str], look: Look, expected: Expected) -> dict[str, str]:
    faults = ((name, look(name, expected)) for name in sorted(names))
    return {name: f"{RECORDS}/{name} {fault}" for name, fault in faults if fault}


def _fault_in(file: BufferedReader, name: str, expected: Expected) -> str:
    """Return the fault of an open file by its content, "" for none."""
    shard = Path(name).stem
    written = expected.files.get(shard, {}).get(f"{RECORDS}/{name}")
    if shard not in expected.uncertain and written is None:  # it was of one at first sight
        raise Stale(name)
    if shard not in expected.uncertain and written is not None:
        return fault_in(file, written)
    is_as_written = written is not None and not fault_in(file, written)
    return "" if is_as_written or not is_torn(file) else "is empty, or ends within a line"


def _is_torn(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return is_torn(opened)
    except FileNotFoundError:  # a run has taken it away
        raise Stale(file.name) from None


def _damaged(out: Path, faults: list[str]) -> Failed:
    more = f", and {len(faults) - 1:,} more files are damaged or missing" if len(faults) > 1 else ""
    return Failed(f"{faults[0]}{more}; {REMEDY.format(out=out)}")
