"""Check the stories of an output folder: the files of `stories/` against the tables, and both against the records.

Called by `flows.inspect.verify` and `flows.stories.repair`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from flows.errors import Failed
from flows.layout import RECORDS, STORIES, STORIES_NAME
from flows.output.written import Files, WrittenFile, fault_of
from flows.regular_file import open_regular
from flows.stories.changed import are_noted
from flows.stories.database import Unreadable, check_file, tables_to_read
from flows.stories.files import written_files
from flows.stories.sketches import sketched_records
from flows.stories.update import known_shards, records_of

LOST = "the tables of stories are missing, but stories/ has files; the next run makes them anew"
OTHER_RECORDS = "stories/ does not hold each record once"
PLACE_BYTES = 16


@dataclass(slots=True)
class StoryFaults:
    """The faults of the stories in an output folder.

    `tables` is a sentence on tables that cannot be used, "" for sound ones. `files` has the faults of files by their names;
    `strays` names files that the tables do not know. `is_behind` tells of records that are not in the stories yet,
    `has_other_records` of stories that are not those of the records although they should be.
    """

    tables: str = ""
    files: dict[str, str] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    is_behind: bool = False
    has_other_records: bool = False

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each fault; to be behind is none, as after a run that left the stories alone."""
        if self.tables:
            yield self.tables
        yield from (f"{name} {fault}" for name, fault in self.files.items())
        yield from (f"{name} belongs to no story" for name in self.strays)
        if self.has_other_records:
            yield OTHER_RECORDS


def story_faults(out: Path, url: str, shards: Mapping[str, Files]) -> StoryFaults:
    """Return the faults of the stories of these shards, none where no stories were ever made.

    Records that are damaged are in no story until they are cleaned again, and no fault of the stories. Raises Failed while the
    tables are being written.
    """
    names = [f"{STORIES}/{file.name}" for file in sorted((out / STORIES).glob("*.jsonl")) if STORIES_NAME.fullmatch(file.stem)]
    try:
        with tables_to_read(out, url) as connection:
            check_file(connection)
            known, files, are_all_in = known_shards(connection), written_files(connection), not are_noted(connection)
    except Unreadable as error:
        if error.fault == "busy":
            raise Failed(error.sentence) from None
        return StoryFaults(error.sentence if error.fault != "none" else LOST if names else "")
    wanted = records_of(shards)
    faults = StoryFaults(
        files={name: fault for name, written in files.items() if (fault := _fault(out, name, written))},
        strays=[name for name in names if name not in files],
        is_behind=not are_all_in
        or any(_is_behind(out, shard, wanted.get(shard), known.get(shard)) for shard in {*wanted, *known}),
    )
    if known == wanted and not faults.is_behind and not any(faults.sentences()):
        faults.has_other_records = not _holds_each_record_once(out, files, known)
    return faults


def _fault(out: Path, name: str, written: WrittenFile | None) -> str:
    """Return the fault of a file of stories, "" for a sound one."""
    if written is None:
        return "is not written yet"
    try:
        return fault_of(out / name, written, by_digest=True)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _is_behind(out: Path, shard: str, wanted: str | None, known: str | None) -> bool:
    """Return whether the tables know other records of a shard than are there to be read."""
    if wanted == known:
        return False
    try:
        return wanted is None or sketched_records(out, shard, wanted) is not None
    except OSError:
        return False


class _Page(msgspec.Struct):
    path: str


class _Record(msgspec.Struct):
    """A record in its own file."""

    id: str
    page: _Page
    position: int


class _Seen(msgspec.Struct):
    """A record in a story."""

    record: str
    page: _Page
    position: int


class _Line(msgspec.Struct):
    seen: list[_Seen]


def _holds_each_record_once(out: Path, files: Iterable[str], shards: Mapping[str, str]) -> bool:
    """Return whether stories and files of records hold the same records, by the sums of digests, and True for damaged records.

    Sums are the same in any order, and need no memory.
    """
    in_stories = in_records = 0
    decode_line, decode_record = msgspec.json.Decoder(_Line).decode, msgspec.json.Decoder(_Record).decode
    try:
        for name in files:
            with open_regular(str(out / name)) as lines:
                for line in lines:
                    in_stories += sum(_number(seen.record, seen.page.path, seen.position) for seen in decode_line(line).seen)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # as the tables hold them, these being damaged
        return False
    for shard, expected in shards.items():
        digest = hashlib.sha256()
        try:
            with open_regular(str(out / RECORDS / f"{shard}.jsonl")) as lines:
                for line in lines:
                    digest.update(line)
                    record = decode_record(line)
                    in_records += _number(record.id, record.page.path, record.position)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):  # damaged, as is found by its digest
            return True
        if digest.hexdigest() != expected:
            return True
    return in_stories == in_records


def _number(record: str, path: str, position: int) -> int:
    name = "\0".join((record, path, str(position)))
    return int.from_bytes(hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=PLACE_BYTES).digest())
