"""Write the files of `stories/` that hold stories that have changed.

Called by `flows.stories.update`. A file is written as a whole, out of the tables alone, so that it may be lost or damaged;
until it is noted in the tables as written, the next update writes it again.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import sqlalchemy as sa

from flows.layout import STORIES, STORIES_NAME
from flows.output.atomic import LinesFile, remove_files
from flows.output.written import WrittenFile, fault_of, written_file
from flows.stories.rows import batches, streamed
from flows.stories.tables import files, stories

FILES_AT_ONCE = 100  # that are noted as written in a transaction
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(WrittenFile).decode


def write_files(engine: sa.Engine, out: Path) -> None:
    """Write all files that are to be written, those that are gone or damaged among them."""
    with engine.connect() as connection:
        known = dict(iter(connection.execute(sa.select(files.c.name, files.c.written)).tuples()))
    remove_files(
        file for file in (out / STORIES).glob("*.jsonl") if STORIES_NAME.fullmatch(file.stem) and file.stem not in known
    )
    changed = [name for name, written in sorted(known.items()) if not written or fault_of(file_of(out, name), _decode(written))]
    for part in batches(changed, FILES_AT_ONCE):
        with engine.begin() as connection:
            for name in part:
                _write_file(connection, out, name)


def file_of(out: Path, name: str) -> Path:
    """Return a file of stories."""
    return out / STORIES / f"{name}.jsonl"


def written_files(connection: sa.Connection) -> dict[str, WrittenFile | None]:
    """Return the files of stories by their names below the output folder, None for one to be written."""
    rows = connection.execute(sa.select(files.c.name, files.c.written).order_by(files.c.name))
    return {f"{STORIES}/{name}.jsonl": _decode(written) if written else None for name, written in rows}


def _write_file(connection: sa.Connection, out: Path, name: str) -> None:
    path = file_of(out, name)
    query = sa.select(stories.c.lines).where(stories.c.file == name).order_by(stories.c.id)
    with LinesFile(path) as file:
        for (lines,) in streamed(connection, query):
            file.write(lines.split(b"\n"))
    if file.lines:
        written = _encode(written_file(path, file.sha256)).decode()
        connection.execute(sa.update(files).where(files.c.name == name).values(written=written))
    else:
        connection.execute(sa.delete(files).where(files.c.name == name))
