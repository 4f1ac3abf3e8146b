"""Read the records of an output folder, while a run may be writing there.

A file of records is replaced in one step, so that a reader has it as it was before or as it is after, and never a part. It may
also go between listing and opening: then its records are gone, or in other files, and the list has to be made anew. Each page
is in one shard, and shards keep their names, so that a list that was read to its end gives no page twice; but for pages next to
the place where a large file is cut, when it changed, while the run is at work that cuts it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from cleaners import Record
from flows.errors import Failed, UsageError
from flows.schema import CONTRACT


class Stale(Exception):
    """A file was there when the folder was listed, and is not any more."""


def read_records(out: Path) -> Iterator[tuple[Record, int]]:
    """Yield all records of an output folder and the length of their lines, in the order of shards; raises Stale."""
    folder = out / "records"
    if not folder.is_dir():
        raise UsageError(f"no run has been made in {out}; name the folder that was given to dehusk run as --out")
    decode = msgspec.json.Decoder(Record).decode
    for path in sorted(folder.glob("*.jsonl")):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise Stale(path.name) from None
        with file:
            for number, line in enumerate(file, 1):
                try:
                    record = decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise Failed(
                        f"line {number} of {path} is no record of contract {CONTRACT} ({error});"
                        f" dehusk verify {out} tells more, and dehusk run --fresh makes all anew"
                    ) from None
                yield record, len(line)
