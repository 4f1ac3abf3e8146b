"""The sketches of a shard's records: made by whoever cleans it, in a file that is read once and removed.

Used by `flows.execution.shard` and `flows.stories.update`. A file that is missing or of other records is no loss: the sketches
are then made of the records themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

import cleaners
from cleaners import Record
from cleaners.stories.settings import shipped_settings
from cleaners.stories.sighting import Sighting, told
from cleaners.stories.sketch import RecordText, Sketch, sketch_of
from flows.inputs.fingerprint import file_digest
from flows.layout import RECORDS, SKETCHES

CUT_FLAGS = {"truncated", "paywalled", "page-truncated"}
Told = tuple[Sketch, Sighting]
_decode_record = msgspec.json.Decoder(Record).decode
_decode_told = msgspec.json.Decoder(Told).decode
_encode = msgspec.json.Encoder().encode


class SketchesOf(msgspec.Struct, frozen=True):
    """The last line of a file of sketches: the digests of the file of records, and of the code that made them of it."""

    records: str
    made_by: str


def told_by(record: Record) -> Told:
    """Return the sketch of a record and where it was seen."""
    text = RecordText(title=record.title, text=record.text, source=record.source, is_cut=not CUT_FLAGS.isdisjoint(record.flags))
    page = record.page
    sighting = Sighting(
        record=record.id,
        path=page.path,
        position=record.position,
        seen=page.captured_at,
        page=page.id,
        url=page.url,
        title=record.title,
        source=record.source,
        published=record.published,
        language=record.language,
    )
    return told(sketch_of(text, shipped_settings()), sighting), sighting


def sketch_lines(records: Iterable[Record]) -> list[bytes]:
    """Return the lines of records in a file of sketches."""
    return [_encode(told_by(record)) for record in records]


def carried_lines(lines: Iterable[bytes]) -> list[bytes]:
    """Return the lines of records that are carried over."""
    return sketch_lines(map(_decode_record, lines))


def last_line(digest: str) -> bytes:
    """Return the last line of a file of sketches of the records with a digest."""
    return _encode(SketchesOf(digest, made_by()))


def told_in(out: Path, shard: str, digest: str) -> Iterator[Told]:
    """Yield the sketches of a shard's records and where they were seen; raises OSError and MsgspecError."""
    file = sketches_file(out, shard)
    if _are_of(file, digest):
        with file.open("rb") as lines:
            for line in lines:
                if line.startswith(b"["):
                    yield _decode_told(line)
    else:
        with (out / RECORDS / f"{shard}.jsonl").open("rb") as lines:
            for line in lines:
                yield told_by(_decode_record(line))


def are_readable(out: Path, shard: str, digest: str) -> bool:
    """Return whether there are sketches of the records of a shard with a digest, or these records themselves."""
    return _are_of(sketches_file(out, shard), digest) or file_digest(out / RECORDS / f"{shard}.jsonl") == digest


def sketches_file(out: Path, shard: str) -> Path:
    """Return the file of a shard's sketches."""
    return out / SKETCHES / f"{shard}.jsonl"


@cache
def made_by() -> str:
    """Return a digest of the code and the numbers that sketches and stories depend on."""
    package = Path(cleaners.__file__).parent
    code = [*package.glob("stories/*.py"), *package.glob("text/*.py"), *Path(__file__).parent.glob("*.py")]
    content = b"".join(file.read_bytes() for file in sorted([*code, package / "fitted" / "stories.json"]))
    return hashlib.sha256(content).hexdigest()[:16]


def _are_of(file: Path, digest: str) -> bool:
    """Return whether a file of sketches is there and of the records with a digest."""
    end = last_line(digest) + b"\n"
    try:
        with file.open("rb") as lines:
            lines.seek(0, 2)
            lines.seek(max(lines.tell() - len(end), 0))
            return lines.read() == end
    except OSError:
        return False
