"""Progress of a run: counters in shared memory that worker processes set and the display reads.

`flows.execution.shard` reports through ProgressReporter; `flows.cli.progress` shows the snapshots.
"""

from __future__ import annotations

import time
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol, cast

from flows.inputs.discovery import Source
from flows.output.metrics import Counts
from flows.planning.shards import Shard

Unit = Literal["shard", "site"]  # of the work, as it is shown
REPORT_SECONDS = 0.25
_NUMBERS = 3  # counters of each shard: bytes, pages and quarantined pages done
_progress_of_process: SharedProgress | None = None  # set by `report_to`


@dataclass(frozen=True, slots=True)
class ProgressSnapshot:
    """The counters of a run at one moment, beside the totals of its work."""

    shards_done: int
    shards: int
    bytes_done: int
    bytes: int
    pages: int
    quarantined: int
    unit: Unit = "shard"


class Sized(Protocol):
    """A shard, or the head of a planned one."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def size(self) -> int:
        """Return the number of bytes to clean."""


class SharedProgress:
    """The counters of each shard of a run, and the number of shards in flight.

    Only one process works on a shard at a time, and it sets counters rather than adding to them. So no lock is needed, and a
    shard that is begun anew because its process was killed is not counted twice.
    """

    def __init__(self, shards: Sequence[Sized], *, is_shared: bool = False, unit: Unit = "shard") -> None:
        self.in_flight, self.unit = 0, unit
        self._shards_done = 0
        self._positions = {shard.name: position for position, shard in enumerate(shards)}
        self._sizes = [shard.size for shard in shards]
        self._numbers = _shared(_NUMBERS * len(shards)) if is_shared else [0] * (_NUMBERS * len(shards))

    def knows(self, shard: Shard) -> bool:
        """Return whether a shard belongs to the run."""
        return shard.name in self._positions

    def set_done(self, shard: str, done: int, pages: int, quarantined: int) -> None:
        """Set the counters of a shard; `done` is in bytes."""
        at = _NUMBERS * self._positions[shard]
        self._numbers[at], self._numbers[at + 1], self._numbers[at + 2] = done, pages, quarantined

    def finish_shard(self, shard: str, counts: Counts) -> None:
        """Set the final counters of a shard, whether or not it reported any itself."""
        self._shards_done += 1
        self.set_done(shard, self._sizes[self._positions[shard]], counts.pages, counts.quarantined.total())

    def snapshot(self) -> ProgressSnapshot:
        """Return the counters added up over all shards."""
        done, pages, quarantined = (sum(self._numbers[number::_NUMBERS]) for number in range(_NUMBERS))
        return ProgressSnapshot(self._shards_done, len(self._sizes), done, sum(self._sizes), pages, quarantined, self.unit)


def _shared(number: int) -> MutableSequence[int]:
    from multiprocessing.sharedctypes import RawArray  # few runs need it

    return cast(MutableSequence[int], RawArray("q", number))


def report_to(progress: SharedProgress | None) -> None:
    """Make the shards cleaned in this process report to `progress`, or to nothing."""
    global _progress_of_process
    _progress_of_process = progress


class ProgressReporter:
    """Reports the counters of one shard a few times a second, at next to no cost in between."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard.name
        is_watched = _progress_of_process is not None and _progress_of_process.knows(shard)
        self._progress = _progress_of_process if is_watched else None
        self._due = 0.0 if self._progress else float("inf")
        self._bytes_before = 0  # of the sources that are done
        self._source: Source | None = None
        self._file: BinaryIO | None = None
        if self._progress:
            self._progress.set_done(shard.name, 0, 0, 0)  # a process that was killed may have left counters

    def start_source(self, source: Source) -> None:
        """Start on the next source."""
        self._bytes_before += self._source.size if self._source else 0
        self._source, self._file = source, None

    def track_file(self, file: BinaryIO) -> None:
        """Measure the progress within the source by the position of `file`."""
        self._file = file

    def report_page(self, counts: Counts) -> None:
        """Report the counters after a page, when a report is due."""
        now = time.monotonic()
        if now < self._due or self._progress is None:
            return
        self._due = now + REPORT_SECONDS
        done = self._bytes_before + self._bytes_of_source()
        self._progress.set_done(self._shard, done, counts.pages, counts.quarantined.total())

    def _bytes_of_source(self) -> int:
        """Return the number of bytes read of the current source."""
        if self._source is None or self._file is None or self._file.closed:
            return 0
        return min(max(self._file.tell() - self._source.start, 0), self._source.size)
