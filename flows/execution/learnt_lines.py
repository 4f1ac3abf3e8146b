"""The lines that a run has learnt of sites, as its plan and its manifest take note of them, and as the next run finds them.

Made by `flows.learning.run_lines`; `flows.execution.context` plans with them, and `flows.execution.results` keeps them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners.rules.site_lines import SiteLines
from flows.inputs.discovery import Source, SourceKey
from flows.layout import LINES_FILE
from flows.options import RunOptions, WorkerSettings
from flows.output.atomic import write_whole
from flows.planning.state import KnownInput
from flows.regular_file import open_regular


@dataclass(frozen=True, slots=True)
class LearntLines:
    """The lines learnt of sites: their number by site, and the file that holds them.

    `made_by` is the digest of everything that decides the output of an input, for each with pages of these sites.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    file: str = ""
    made_by: Mapping[SourceKey, str] = field(default_factory=dict)


class ToLearn(NamedTuple):
    """A run to learn lines for: its options, its inputs, and the settings of its workers.

    `known` returns the inputs that the state knows. `made_by` is the digest of all that decides the output but for lines.
    """

    options: RunOptions
    sources: Iterable[Source]
    known: Callable[[], Iterable[KnownInput]]
    settings: WorkerSettings
    made_by: str


# Yields the lines of the sites in the inputs of a run; their file is there as long as the context.
Learner = Callable[[ToLearn], AbstractContextManager[LearntLines]]


class LinesOfSample(msgspec.Struct, frozen=True):
    """The lines of a site, and the digest of the sample that they were learnt from."""

    sample: str
    lines: SiteLines


class LastLines(msgspec.Struct, frozen=True):
    """The lines that the last run learnt: nothing but a saving of time for the next one.

    `code` is the digest of the code that learns, `inputs` that of the run's inputs when all of them were done, "" before.
    """

    sites: list[LinesOfSample] = []
    code: str = ""
    inputs: str = ""


def last_lines(out: Path) -> LastLines:
    """Return the lines that the last run learnt, none when their file is lost or damaged."""
    try:
        with open_regular(str(out / LINES_FILE)) as opened:
            return msgspec.json.decode(opened.read(), type=LastLines)
    except (OSError, msgspec.MsgspecError):
        return LastLines()


def write_last_lines(out: Path, last: LastLines) -> None:
    """Write the lines that a run has learnt, unless they are there."""
    if last != last_lines(out):
        write_whole(out / LINES_FILE, msgspec.json.encode(last))


def inputs_digest(made_by: str, sources: Iterable[Source], known: Iterable[KnownInput]) -> str:
    """Return a digest of inputs and their entries in the state; "" when one is not done, or may change without a new stamp."""
    digest, names = hashlib.sha256(made_by.encode()), set()
    for source in sources:
        if not source.stamp:
            return ""
        names.add(source.name)
        digest.update(f"{source.name} {source.size} {source.stamp}\n".encode("utf-8", "surrogatepass"))
    for row in known:
        if row.name in names and not (row.digest and row.made_by):
            return ""
        digest.update(f"{row}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def remember_inputs(out: Path, made_by: str, sources: Iterable[Source], known: Iterable[KnownInput]) -> None:
    """Note that all inputs of a run are done, so that the next one need not read them again as long as nothing changes."""
    write_last_lines(out, msgspec.structs.replace(last_lines(out), inputs=inputs_digest(made_by, sources, known)))
