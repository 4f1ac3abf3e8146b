"""How far a run is, told from within its shards: a few numbers in memory that all its processes on this machine see."""

from __future__ import annotations

import time
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flows.inputs.discovery import Source
from flows.output.metrics import Counts
from flows.planning.shards import Shard

REPORT_SECONDS = 0.25
_NUMBERS = 3  # of each shard: bytes, pages and bad pages that are done
_here: SharedProgress | None = None  # the progress that shards cleaned in this process are told on


@dataclass(frozen=True, slots=True)
class ProgressSnapshot:
    """How far a run is, of the work that it has to do."""

    shards_done: int
    shards: int
    bytes_done: int
    bytes: int
    pages: int
    quarantined: int


class SharedProgress:
    """What is done of each shard of a run, and how many shards are in hand.

    A shard is at work in one process at a time, and its numbers are set, not added to; so there is no lock, and one that is
    begun anew because its process was killed is not counted twice.
    """

    def __init__(self, shards: Sequence[Shard], *, is_shared: bool = False) -> None:
        self.in_hand = 0
        self._over = 0
        self._places = {shard.name: place for place, shard in enumerate(shards)}
        self._sizes = [sum(source.size for source in shard.sources) for shard in shards]  # of what is kept there is none
        self._numbers = _shared(_NUMBERS * len(shards)) if is_shared else [0] * (_NUMBERS * len(shards))

    def knows(self, shard: Shard) -> bool:
        """Say whether a shard is one of the run's."""
        return shard.name in self._places

    def set_done(self, shard: str, done: int, pages: int, quarantined: int) -> None:
        """Set what is done of a shard."""
        at = _NUMBERS * self._places[shard]
        self._numbers[at], self._numbers[at + 1], self._numbers[at + 2] = done, pages, quarantined

    def finish_shard(self, shard: str, counts: Counts) -> None:
        """Set what came of a shard that is over, whether or not it told anything itself."""
        self._over += 1
        self.set_done(shard, self._sizes[self._places[shard]], counts.pages, counts.quarantined.total())

    def snapshot(self) -> ProgressSnapshot:
        """Return how far the run is."""
        done, pages, quarantined = (sum(self._numbers[place::_NUMBERS]) for place in range(_NUMBERS))
        return ProgressSnapshot(self._over, len(self._sizes), done, sum(self._sizes), pages, quarantined)


def _shared(number: int) -> MutableSequence[int]:
    from multiprocessing.sharedctypes import RawArray  # few runs need it

    return cast(MutableSequence[int], RawArray("q", number))


def report_to(progress: SharedProgress | None) -> None:
    """Have the shards that are cleaned in this process told on a progress."""
    global _here
    _here = progress


class ProgressReporter:
    """Tells how far the work on a shard is, a few times a second and for next to nothing in between."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard.name
        self._board = _here if _here and _here.knows(shard) else None
        self._due = 0.0 if self._board else float("inf")
        self._before = 0
        self._source: Source | None = None
        self._file: BinaryIO | None = None
        if self._board:
            self._board.set_done(shard.name, 0, 0, 0)  # what a process that was killed has told is void

    def begin(self, source: Source) -> None:
        """Go on to the next source."""
        self._before += self._source.size if self._source else 0
        self._source, self._file = source, None

    def follow(self, file: BinaryIO) -> None:
        """Take how far this file is read for how far its source is."""
        self._file = file

    def report_page(self, counts: Counts) -> None:
        """Tell of a page, if it is time to."""
        now = time.monotonic()
        if now < self._due or self._board is None:
            return
        self._due = now + REPORT_SECONDS
        self._board.set_done(self._shard, self._before + self._done_of_source(), counts.pages, counts.quarantined.total())

    def _done_of_source(self) -> int:
        if self._source is None or self._file is None or self._file.closed:
            return 0
        return min(max(self._file.tell() - self._source.start, 0), self._source.size)
