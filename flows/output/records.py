"""The lines of files in `records/`.

Called by `flows.export.records`. A run replaces a file of records in one step, so that a reader has it as before or as after,
never in part. A file may also go between listing and opening: its records are then gone or in other files, and the reader must
list again. Each page is in one shard, and shards keep their names, so a list read to its end gives no page twice; the exception
is pages next to a cut in a large file that has changed, while the run that cuts it elsewhere is at work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from cleaners import Record
from flows.errors import Failed, UsageError
from flows.layout import CONTRACT, RECORDS


def record_files(out: Path) -> list[Path]:
    """Return the files of records in an output folder; raises UsageError for a folder without them."""
    folder = out / RECORDS
    if not folder.is_dir():
        raise UsageError(f"no run has been made in {out}; name the folder that was given to dehusk run as --out")
    return sorted(folder.glob("*.jsonl"))


def decoded(lines: Iterable[bytes], path: Path, out: Path) -> Iterator[tuple[Record, int]]:
    """Yield the records in lines of a file, with the lengths of the lines; raises Failed for a line that is no record."""
    decode = msgspec.json.Decoder(Record).decode
    for number, line in enumerate(lines, 1):
        try:
            record = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Failed(
                f"line {number} of {path} is no record of contract {CONTRACT} ({error});"
                f" dehusk verify {out} tells more, dehusk repair {out} what can be done"
            ) from None
        yield record, len(line)
