"""Find the place from which a web archive with a gzip member for each record unpacks to far more than pages do.

Called by `flows.inputs.warc`. Its reader passes over all that stands between two records, and says nothing of its size.
"""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from flows.inputs.compression import GZIP, MIN_MAX_BYTES, is_endless
from flows.inputs.warc_index import next_record, read_member

MAX_BREAKS = 1_000  # in one piece of an archive; after so many the rest is given up, which bounds the time spent on damage
MAX_RATIO_OF_DEFLATE = 1_032  # 258 bytes in two bits (RFC 1951)


def endless_from(file: BinaryIO, start: int, end: int | None) -> int | None:
    """Return the offset of the gzip member with which the content from `start` is without end, None if it has one before `end`.

    All members are unpacked for it, which takes a hundredth of the time of cleaning their pages.
    """
    end = file.seek(0, io.SEEK_END) if end is None else end
    if (end - start) * MAX_RATIO_OF_DEFLATE <= MIN_MAX_BYTES:
        return None
    offset: int | None = start
    unpacked = breaks = 0
    while offset is not None and offset < end and breaks < MAX_BREAKS:
        member = read_member(file, offset, start, unpacked, keep=0)
        unpacked += member.length
        if is_endless(unpacked, file.tell() - start):
            return offset
        breaks += member.end is None
        offset = next_record(file, offset + 1, GZIP) if member.end is None else member.end
    return None


def beginning(file: BinaryIO, end: int) -> BinaryIO:
    """Return the bytes of a file before an offset."""
    return cast(BinaryIO, _Beginning(file, end))


class _Beginning(io.RawIOBase):
    """The bytes of a file before an offset."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset in the file; its end is that of the bytes."""
        return self._file.seek(self._end + offset) if whence == io.SEEK_END else self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, b"" at the end."""
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))
