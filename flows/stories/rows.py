"""Read and write the rows of the tables of stories in batches.

Used by the modules of `flows.stories`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from cleaners.stories.links import Links
from cleaners.stories.sighting import Sighting
from cleaners.stories.sketch import Sketch
from flows.stories.tables import sightings, texts

BATCH = 500  # values of a condition: any version of SQLite takes that many
STREAMED = 10_000  # rows in memory of a long result
Item = TypeVar("Item")

encode = msgspec.msgpack.Encoder().encode
decode_sketch = msgspec.msgpack.Decoder(Sketch).decode
decode_sighting = msgspec.msgpack.Decoder(Sighting).decode
decode_links = msgspec.msgpack.Decoder(Links).decode


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Yield the items in lists of some size, in their order."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def rows_with(
    connection: sa.Connection, query: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[Any]
) -> Iterator[sa.Row[Any]]:
    """Yield the rows of a query where a column has one of some values."""
    for batch in batches(values):
        yield from connection.execute(query.where(column.in_(batch)))


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values in the order of the columns; for many rows SQLAlchemy's own way takes twice as long."""
    if not rows:
        return
    compiled = sa.insert(table).compile(dialect=connection.dialect)
    names = table.columns.keys()
    given: Any = list(map(tuple, rows)) if compiled.positional else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def write(connection: sa.Connection, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement for each row."""
    if rows:
        connection.execute(statement, rows)


def streamed(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """Yield the rows of a long result, a part of them in memory; others may be written meanwhile."""
    yield from connection.execute(query, execution_options={"yield_per": STREAMED})


def next_number(connection: sa.Connection, column: sa.Column[Any]) -> int:
    """Return the first number that is above all others in a column."""
    last = connection.execute(sa.select(sa.func.max(column))).scalar()
    return 1 if last is None else last + 1


def sketches_of(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Sketch]:
    """Return the sketches of texts by their numbers."""
    query = sa.select(texts.c.number, texts.c.sketch)
    return {number: decode_sketch(sketch) for number, sketch in rows_with(connection, query, texts.c.number, numbers)}


def sightings_of(connection: sa.Connection, stories: Iterable[int]) -> Iterator[tuple[int, int, bool, Sighting]]:
    """Yield the sightings of stories: the number of the story and of the text, whether it is a text, and the sighting."""
    query = sa.select(texts.c.story, texts.c.number, texts.c.rank, sightings.c.sighting).join(
        sightings, sightings.c.text == texts.c.number
    )
    for story, text, rank, sighting in rows_with(connection, query, texts.c.story, stories):
        yield story, text, rank is not None, decode_sighting(sighting)
