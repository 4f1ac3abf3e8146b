"""The state of an output folder: the shard of each input, the digest of its content, and the rules it was cleaned with.

Opened by `flows.planning.database`; used by the planner, `flows.execution` and `flows.inspect`. An input gets its shard in the
state before any work on it, so that after a run was ended anywhere the next one goes on with the same shards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.inputs.discovery import SourceKey
from flows.output.written import Files, WrittenFile
from flows.planning.database_errors import database_message, is_locked
from flows.planning.runs import Run, Totals
from flows.planning.tables import about as _about
from flows.planning.tables import runs as _runs
from flows.planning.tables import shards as _shards
from flows.planning.tables import sources as _sources

VERSION = "2"
ROWS_AT_ONCE = 1_000  # in memory
STREAMED = {"stream_results": True, "yield_per": ROWS_AT_ONCE}  # as options of a query
CLEARING = "clearing"  # in the table about while a run removes the output of earlier ones


class KnownInput(NamedTuple):
    """An input, or a piece of one, with its `place` among the inputs of its shard.

    `digest` is that of its bytes when it was cleaned, "" before. `made_by` is the digest of the rules and options that it was
    cleaned with, "" before and while its output is uncertain. `quarantined` counts its pages in quarantine.
    """

    name: str
    start: int
    end: int | None
    shard: str
    place: int
    stamp: str = ""
    digest: str = ""
    made_by: str = ""
    quarantined: int = 0

    @property
    def key(self) -> SourceKey:
        """Return the key of this input, that of its source."""
        return self.name, self.start


class State:
    """The state of an output folder in a database; `where` names it in messages."""

    def __init__(self, engine: sa.Engine, where: str) -> None:
        self._engine, self._where = engine, where

    def known(self) -> Iterator[KnownInput]:
        """Yield all inputs, in the order of shards and of their places in them."""
        return self._inputs(sa.select(_sources).order_by(_sources.c.shard, _sources.c.place))

    def known_by_name(self) -> Iterator[KnownInput]:
        """Yield all inputs, in the order of their names (by code points) and of their pieces."""
        name: sa.ColumnElement[str] = _sources.c.name
        if self._engine.dialect.name == "postgresql":  # by default in the order of a language
            name = name.collate("C")
        return self._inputs(sa.select(_sources).order_by(name, _sources.c.start))

    def inputs_of(self, shard: str) -> list[KnownInput]:
        """Return the inputs of a shard in their order."""
        return [*self._inputs(sa.select(_sources).where(_sources.c.shard == shard).order_by(_sources.c.place))]

    def _inputs(self, query: sa.Select[Any]) -> Iterator[KnownInput]:
        """Yield the inputs that a query selects, a few of them in memory."""
        with self._reading() as connection:
            for row in connection.execute(query, execution_options=STREAMED):
                yield KnownInput._make(row)

    def shards(self) -> dict[str, dict[str, WrittenFile]]:
        """Return the files of each shard by name, none for a shard that is pending."""
        return dict(self.files_by_shard())

    def files_by_shard(self) -> Iterator[tuple[str, dict[str, WrittenFile]]]:
        """Yield each shard in the order of their numbers, with its files."""
        return self._files(sa.select(_shards.c.name, _shards.c.files).order_by(_shards.c.number))

    def files_of(self, shard: str) -> dict[str, WrittenFile]:
        """Return the files of a shard."""
        return dict(self._files(sa.select(_shards.c.name, _shards.c.files).where(_shards.c.name == shard))).get(shard, {})

    def _files(self, query: sa.Select[Any]) -> Iterator[tuple[str, dict[str, WrittenFile]]]:
        decode = msgspec.json.Decoder(dict[str, WrittenFile]).decode
        with self._reading() as connection:
            for name, files in connection.execute(query, execution_options=STREAMED):
                yield name, decode(files)

    def uncertain_shards(self) -> set[str]:
        """Return the shards with inputs that are planned and not done, so that their files may be others than is recorded."""
        with self._reading() as connection:
            return {*connection.execute(sa.select(_sources.c.shard).where(_sources.c.made_by == "").distinct()).scalars()}

    def next_number(self) -> int:
        """Return the number for the next new shard."""
        with self._reading() as connection:
            last = connection.execute(sa.select(sa.func.max(_shards.c.number))).scalar()
            return 0 if last is None else last + 1

    def plan(self, shards: Iterable[tuple[str, int, Sequence[KnownInput]]], changed: Iterable[KnownInput] = ()) -> None:
        """Record, before any work, new shards with their numbers and inputs, and `changed` stamps and rules of known inputs."""
        with self._writing() as connection:
            for name, number, sources in shards:
                connection.execute(sa.insert(_shards), {"name": name, "number": number, "files": "{}"})
                connection.execute(sa.insert(_sources), [source._asdict() for source in sources])
            same = sa.and_(_sources.c.name == sa.bindparam("of_name"), _sources.c.start == sa.bindparam("of_start"))
            change = sa.update(_sources).where(same).values(stamp=sa.bindparam("now"), made_by=sa.bindparam("rules"))
            rows = ({"of_name": row.name, "of_start": row.start, "now": row.stamp, "rules": row.made_by} for row in changed)
            while some := [*islice(rows, ROWS_AT_ONCE)]:
                connection.execute(change, some)

    def commit(self, shard: str, sources: Sequence[KnownInput], files: Files) -> None:
        """Record the inputs and files of a shard after its files are in place; without inputs, forget the shard."""
        with self._writing() as connection:
            connection.execute(sa.delete(_sources).where(_sources.c.shard == shard))
            if sources:
                connection.execute(sa.insert(_sources), [source._asdict() for source in sources])
                connection.execute(_files_of(shard, files))
            else:
                connection.execute(sa.delete(_shards).where(_shards.c.name == shard))

    def restamp(self, shards: Mapping[str, Files]) -> None:
        """Record the files of some shards with other stamps and the same content."""
        with self._writing() as connection:
            for shard, files in shards.items():
                connection.execute(_files_of(shard, files))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """Yield a connection; raises Failed when the state cannot be read."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except (sa.exc.DBAPIError, msgspec.MsgspecError) as error:
            if is_locked(error):
                raise Failed(f"{self._where} is being written for long by another command; try again") from None
            raise Failed(
                f"the state cannot be read ({database_message(error)}); dehusk repair makes {self._where} again from its folder"
            ) from None

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction; raises Failed when the state cannot be written."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise Failed(
                f"the state cannot be written ({database_message(error)}); what is not in it is done again by the next run"
            ) from None

    def replace(self, shards: Mapping[str, tuple[Files, Sequence[KnownInput]]], runs: Sequence[Run]) -> None:
        """Record these shards, with their files and inputs, and these runs instead of all others, in one transaction."""
        with self._writing() as connection:
            for table in (_sources, _shards, _runs):
                connection.execute(sa.delete(table))
            for name, (files, sources) in shards.items():
                number = int(name.partition("-")[0])
                row = {"name": name, "number": number, "files": msgspec.json.encode(files).decode()}
                connection.execute(sa.insert(_shards), row)
                if sources:
                    connection.execute(sa.insert(_sources), [source._asdict() for source in sources])
            if runs:
                connection.execute(sa.insert(_runs), [asdict(run) for run in runs])

    def clear(self) -> None:
        """Forget all inputs and shards."""
        with self._writing() as connection:
            for table in (_sources, _shards):
                connection.execute(sa.delete(table))
            connection.execute(sa.delete(_about).where(_about.c.name == CLEARING))

    def about(self, name: str) -> str | None:
        """Return a property of the state, None for one that is not recorded."""
        with self._engine.connect() as connection:
            value: str | None = connection.execute(sa.select(_about.c.value).where(_about.c.name == name)).scalar()
            return value

    def is_of_another_version(self) -> bool:
        """Return whether another version of dehusk made the tables, which may have other columns."""
        return self.about("version") not in (None, VERSION)

    def check_about_is(self, name: str, value: str, mismatch: str) -> None:
        """Raise UsageError with `mismatch` when a property of the state has another value."""
        if self.about(name) != value:
            raise UsageError(f"the state {mismatch}, or begin anew with dehusk run --fresh")

    def check_about(self, name: str, value: str, mismatch: str, *, fresh: bool) -> None:
        """Record a property of the state; raises UsageError with `mismatch` when it has another value, unless `fresh`."""
        with self._engine.begin() as connection:
            present = connection.execute(sa.select(_about.c.value).where(_about.c.name == name)).scalar()
            if present not in (None, value) and not fresh:
                raise UsageError(f"the state {mismatch}, or begin anew with dehusk run --fresh")
            if present != value:
                connection.execute(sa.delete(_about).where(_about.c.name == name))
                connection.execute(sa.insert(_about), {"name": name, "value": value})

    def begin_run(self, began: str, above: int = 0) -> int:
        """Record that a run has begun and return its number, higher than that of any other and than `above`."""
        with self._writing() as connection:
            last = connection.execute(sa.select(sa.func.max(_runs.c.number))).scalar() or 0
            run = Run(max(last, above) + 1, began, 0.0, "unfinished", "")
            connection.execute(sa.insert(_runs), asdict(run))
        return run.number

    def end_run(self, run: Run) -> None:
        """Record how a run has ended."""
        with self._writing() as connection:
            connection.execute(sa.update(_runs).where(_runs.c.number == run.number), asdict(run))

    def totals(self) -> Totals:
        """Return the numbers of inputs, bad pages and shards."""
        count, number = sa.func.count(), sa.func.coalesce(sa.func.sum(_sources.c.quarantined), 0)
        with self._reading() as connection:
            done = connection.execute(sa.select(count).where(_sources.c.digest != "")).scalar_one()
            pending = connection.execute(sa.select(count).where(_sources.c.digest == "")).scalar_one()
            bad, quarantined = connection.execute(sa.select(count, number).where(_sources.c.quarantined > 0)).one()
            shards = connection.execute(sa.select(sa.func.count()).select_from(_shards)).scalar_one()
        return Totals(done, pending, bad, int(quarantined), shards)

    def last_runs(self, number: int) -> list[Run]:
        """Return the last `number` runs, the newest first."""
        with self._reading() as connection:
            return [Run(*row) for row in connection.execute(sa.select(_runs).order_by(_runs.c.number.desc()).limit(number))]

    def last_manifest(self) -> str:
        """Return the manifest of the newest run that left one, "" without any."""
        with self._reading() as connection:
            newest = sa.select(_runs.c.manifest).where(_runs.c.manifest != "").order_by(_runs.c.number.desc()).limit(1)
            manifest: str | None = connection.execute(newest).scalar()
            return manifest or ""


def _files_of(shard: str, files: Files) -> sa.Update:
    """Return the statement that records the files of a shard."""
    return sa.update(_shards).where(_shards.c.name == shard).values(files=msgspec.json.encode(files).decode())
