"""The runs into an output folder, and the totals of what they have done, as the state tells them.

Used by `flows.planning.state`, `flows.execution.results` and `flows.inspect.status`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

# A run is "unfinished" while it is at work, and ever after when it was killed or ended by an error before its manifest.
RunOutcome: TypeAlias = Literal["unfinished", "done", "failed", "stopped", "nothing new"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its number in the order of runs; `manifest` is the name of its manifest, "" for none."""

    number: int
    began: str
    seconds: float
    outcome: RunOutcome
    manifest: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of inputs (files, or pieces of large ones) that are done and pending, of bad pages, and of shards."""

    done: int
    pending: int
    with_bad_pages: int
    bad_pages: int
    shards: int
