"""Read the records of an output folder, also while a run is writing there.

Called by `flows.export.dataset`. A run replaces a file of records in one step, so that a reader has it as before or as after,
never in part. A file may also go between listing and opening: its records are then gone or in other files, and the reader must
list again. Each page is in one shard, and shards keep their names, so a list read to its end gives no page twice; the exception
is pages next to a cut in a large file that has changed, while the run that cuts it elsewhere is at work.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from cleaners import Record
from flows.errors import Failed, Stale, UsageError
from flows.layout import CONTRACT


def read_records(out: Path) -> Iterator[tuple[Record, int]]:
    """Yield all records of an output folder with the lengths of their lines in bytes, in the order of shards.

    Raises Stale when a file has gone since it was listed, Failed for a line that is no record, and UsageError for a folder
    without records.
    """
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
