"""Compare the inputs of a run with the entries that the state has of them.

Called by `flows.planning.planner` and `flows.inspect.status`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flows.inputs.discovery import Source, SourceKey
from flows.inputs.fingerprint import input_digest
from flows.inputs.listing import Listing
from flows.inputs.storage import is_url, is_web
from flows.options import RunOptions
from flows.planning import shards
from flows.planning.state import KnownInput


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The demands of a run on its plan.

    `made_by` is the digest of all that decides the output of an input's bytes; `captured_at` is in the form of
    `parse_captured_at`. With `options.retry_quarantine` inputs with pages in quarantine are cleaned again; with
    `options.prune` the output of inputs that are gone is removed. Files that changed in the last `options.settle` seconds and
    still change are left for the next run. `unread` names folders that could not be read, so that their inputs are not gone.
    `made_by_of` holds the digest in the place of `made_by` for inputs with another one.
    """

    made_by: str
    captured_at: str
    options: RunOptions
    unread: tuple[str, ...] = ()
    made_by_of: Mapping[SourceKey, str] = field(default_factory=dict)

    def is_done(self, known: KnownInput) -> bool:
        """Return whether an input, as long as it is unchanged, need not be cleaned again."""
        is_retried = self.options.retry_quarantine and known.quarantined
        return known.digest != "" and known.made_by == self.made_by_of.get(known.key, self.made_by) and not is_retried

    def is_forgotten(self, known: KnownInput) -> bool:
        """Return whether an input that is gone loses its output: with `prune`, or without reliable output."""
        return not known.digest or (self.options.prune and not any(known.name.startswith(f"{name}/") for name in self.unread))


@dataclass(frozen=True, slots=True)
class Compared:
    """A file with its entries in the state, one for each piece."""

    source: Source
    rows: Sequence[KnownInput]

    @property
    def has_same_stamp(self) -> bool:
        """Return whether the file surely has not changed since all of it was cleaned."""
        stamp = self.source.stamp
        return bool(self.rows) and stamp != "" and all(row.stamp == stamp for row in self.rows)

    @property
    def is_slow(self) -> bool:
        """Return whether the file takes long to look into, and little memory, unlike one of the web, which is fetched whole."""
        is_elsewhere = is_url(self.source.file) and not is_web(self.source.file)
        return self.source.size > shards.SHARD_BYTES or is_elsewhere


@dataclass(slots=True)
class Differences:
    """The differences between a file and its entries in the state.

    `new` are pieces without a shard, `to_clean` those to clean again, with their entries. `restamped` are entries with the same
    bytes under another stamp, `removed` those of pieces that are gone.
    """

    new: list[Source] = field(default_factory=list)
    to_clean: list[tuple[KnownInput, Source]] = field(default_factory=list)
    restamped: list[KnownInput] = field(default_factory=list)
    removed: list[KnownInput] = field(default_factory=list)

    @property
    def are_none(self) -> bool:
        """Return whether nothing of the file is to be cleaned or removed."""
        return not (self.new or self.to_clean or self.removed)


def merged(listing: Listing, known: Iterable[KnownInput]) -> Iterator[tuple[Source | None, list[KnownInput]]]:
    """Yield each file of a listing with its entries in the state, and the entries of files that are not there with None.

    `known` is in the order of names.
    """
    late: dict[str, list[KnownInput]] = {source.name: [] for source in listing.last}
    groups = groupby(known, key=lambda row: row.name)
    name, rows = _next(groups)
    for source in listing.sorted():
        while name is not None and name < source.name:
            if name in late:
                late[name] = rows
            else:
                yield None, rows
            name, rows = _next(groups)
        if name == source.name:
            yield source, rows
            name, rows = _next(groups)
        else:
            yield source, []
    while name is not None:
        if name in late:
            late[name] = rows
        else:
            yield None, rows
        name, rows = _next(groups)
    for source in listing.last:
        yield source, late[source.name]


def _next(groups: Iterator[tuple[str, Iterator[KnownInput]]]) -> tuple[str | None, list[KnownInput]]:
    name, rows = next(groups, (None, ()))
    return name, [*rows]


def differences(known: Compared, request: RunRequest) -> Differences:
    """Return the differences of a file, which is opened if it is large, or has entries under other stamps."""
    found = Differences()
    by_start = {row.start: row for row in known.rows}
    for piece in shards.pieces_of(known.source, request.options.fields):
        row = by_start.pop(piece.start, None)
        if row is None:
            found.new.append(piece)
        elif request.is_done(row) and row.end == piece.end and _has_same_bytes(row, piece, request):
            found.restamped.append(row._replace(stamp=known.source.stamp))
        else:
            found.to_clean.append((row, piece))
    found.removed += by_start.values()
    return found


def _has_same_bytes(known: KnownInput, piece: Source, request: RunRequest) -> bool:
    try:
        return known.digest == input_digest(piece, request.captured_at)
    except OSError:  # cleaning it will report the error
        return False
