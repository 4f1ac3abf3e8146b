"""The sketches of a shard's records: made by whoever cleans it, in a file that is read once and removed.

Used by `flows.execution.shard` and `flows.stories.update`. A file that is missing, damaged or of other records is no loss: the
sketches are then made of the records themselves.
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
from cleaners.stories.sighting import Sighting, placed_sketch
from cleaners.stories.sketch import RecordText, Sketch, sketch_of
from flows.errors import Failed
from flows.inputs.fingerprint import file_digest
from flows.layout import RECORDS, SKETCHES
from flows.output import story_line
from flows.regular_file import open_regular

WRITING = (
    "changed",
    "grouping",
    "intake",
    "lines",
    "linking",
    "rows",
    "sketches",
    "tables",
)  # modules that decide what is kept
CUT_FLAGS = {"truncated", "paywalled", "page-truncated"}
SketchedRecord = tuple[Sketch, Sighting]
_decode_sketched = msgspec.json.Decoder(SketchedRecord).decode
_encode = msgspec.json.Encoder().encode


class SketchesOf(msgspec.Struct, frozen=True):
    """The last line of a file of sketches: the digests of the file of records, of the code, and of all lines before."""

    records: str
    made_by: str
    sketches: str


class _AnyPage(msgspec.Struct):
    """The page of a record of any version of the contract, as far as it is needed."""

    id: str = ""
    path: str = ""
    url: str = ""
    captured_at: str = ""


class _AnyRecord(msgspec.Struct):
    """A record of any version of the contract, as far as it is needed: that of an input that is gone stays as it is."""

    page: _AnyPage
    id: str = ""
    title: str = ""
    text: str = ""
    source: str = ""
    published: str = ""
    language: str = ""
    flags: list[str] = []
    text_sha256: str = ""
    position: int = 0


_decode_record = msgspec.json.Decoder(_AnyRecord).decode


def sketched(record: Record | _AnyRecord) -> SketchedRecord:
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
        text_sha256=record.text_sha256,
    )
    return placed_sketch(sketch_of(text, shipped_settings()), sighting), sighting


def sketch_lines(records: Iterable[Record | _AnyRecord]) -> list[bytes]:
    """Return the lines of records in a file of sketches."""
    return [_encode(sketched(record)) for record in records]


def carried_lines(lines: Iterable[bytes]) -> list[bytes]:
    """Return the lines of records that are carried over."""
    return sketch_lines(map(_decode_record, lines))


def last_line(records: str, sketches: str) -> bytes:
    """Return the last line of a file of sketches, by the digest of the file of records and that of all lines before."""
    return _encode(SketchesOf(records, made_by(), sketches))


def sketched_records(out: Path, shard: str, digest: str) -> Iterator[SketchedRecord] | None:
    """Return the sketches of a shard's records with a digest and where they were seen, None if these are not there.

    Raises OSError, also when the sketches are read, and Failed at a line that is no record.
    """
    sketches, records = sketches_file(out, shard), out / RECORDS / f"{shard}.jsonl"
    if _are_of(sketches, digest):
        return (_decode_sketched(line) for line in _lines_of(sketches) if _is_sketch(line))
    if file_digest(records) == digest:
        return _sketched_lines(records)
    return None


def _sketched_lines(records: Path) -> Iterator[SketchedRecord]:
    for number, line in enumerate(_lines_of(records), 1):
        try:
            yield sketched(_decode_record(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Failed(f"line {number} of {records} is no record ({error}); dehusk verify tells more") from None


def sketches_file(out: Path, shard: str) -> Path:
    """Return the file of a shard's sketches."""
    return out / SKETCHES / f"{shard}.jsonl"


@cache
def made_by() -> str:
    """Return a digest of the code and the numbers that sketches and stories depend on."""
    package = Path(cleaners.__file__).parent
    writing = (Path(__file__).with_name(f"{name}.py") for name in WRITING)
    code = [*package.glob("stories/*.py"), *package.glob("text/*.py"), *writing, Path(story_line.__file__)]
    content = b"".join(file.read_bytes() for file in sorted([*code, package / "fitted" / "stories.json"]))
    return hashlib.sha256(content).hexdigest()[:16]


def _are_of(sketches: Path, digest: str) -> bool:
    """Return whether a file of sketches is there, whole, and of the records with a digest."""
    of_lines, line = hashlib.sha256(), b""
    try:
        for line in _lines_of(sketches):
            if _is_sketch(line):
                of_lines.update(line)
    except OSError:
        return False
    return line == last_line(digest, of_lines.hexdigest()) + b"\n"


def _lines_of(file: Path) -> Iterator[bytes]:
    with open_regular(str(file)) as lines:
        yield from lines


def _is_sketch(line: bytes) -> bool:
    return line.startswith(b"[")
