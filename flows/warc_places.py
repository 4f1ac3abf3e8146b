"""Find where the records of a web archive begin, to cut a large one into pieces and to go on after damage."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from fastwarc import ArchiveIterator

from flows.compression import GZIP, compression_of
from flows.containers import WARC_BEGIN

SCAN_BYTES = 1024 * 1024
HEAD_BYTES = 4_096
MAX_HEAD_BYTES = 256 * 1024
MEMBERS_SEEN = 5
MAX_MEMBER_BYTES = 16 * 1024 * 1024
_HEAD = re.compile(rb".*?\n\r?\n", re.DOTALL)  # of a record
# How a record begins: with its version on a line of its own, or with the mark of a compressed stream of its own.
_MARKS = {b"": b"\nWARC/", GZIP: GZIP + b"\x08"}


def magic_of(file: BinaryIO) -> bytes:
    """Return the magic bytes of the compression that an archive is in, b"" for none."""
    file.seek(0)
    return compression_of(file.read(8))


def next_record(file: BinaryIO, at: int) -> int | None:
    """Return the first place from `at` on where a record begins, None where there is none or it cannot be told."""
    magic = magic_of(file)
    mark = _MARKS.get(magic)
    if mark is None:
        return None
    for found in _find(file, mark, max(0, at - 1) if magic == b"" else at):
        place = found + 1 if magic == b"" else found
        if place >= at and _begins_record(file, place, magic):
            return place
    return None


def is_by_record(file: BinaryIO) -> bool:
    """Say whether each of the first gzip members of an archive holds one record, by which it can then be found."""
    at: int | None = 0
    for _ in range(MEMBERS_SEEN):
        if at is None:
            break
        held, at = _member(file, at)
        if b"\r\n\r\nWARC/" in held:
            return False
    return next_record(file, 1) is not None


def _member(file: BinaryIO, at: int) -> tuple[bytes, int | None]:
    """Return the beginning of what the gzip member at `at` holds, and where it ends, None where it is cut off or broken."""
    file.seek(at)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    held = b""
    try:
        while not member.eof:
            packed = member.unconsumed_tail or file.read(SCAN_BYTES)
            part = member.decompress(packed, SCAN_BYTES)
            if not packed and not part:
                return held, None
            held += part[: MAX_MEMBER_BYTES - len(held)]
    except zlib.error:
        return held, None
    return held, file.tell() - len(member.unused_data)


def check_end(file: BinaryIO, last: int, length: int, end: int | None) -> None:
    """Raise OSError when the record at `last` is cut off, or followed by something before `end` that is no record.

    `length` is that of its content.
    """
    if magic_of(file) == GZIP:
        over = _member(file, last)[1]
    else:
        file.seek(last)
        head = _HEAD.match(file.read(MAX_HEAD_BYTES))
        over = last + head.end() + length if head else None
    if over is None:
        raise OSError("the record is cut off or broken")
    file.seek(over)
    rest = file.read(MAX_HEAD_BYTES if end is None else max(0, min(end - over, MAX_HEAD_BYTES)))
    if rest.strip(b"\r\n\0"):
        raise OSError(f"what follows at byte {over} is no record")


def cut_places(file: BinaryIO, step: int) -> list[int]:
    """Return places about `step` bytes apart at which an archive can be cut in two; none for one compressed as a whole."""
    magic = magic_of(file)
    size = file.seek(0, 2)
    places: list[int] = []
    is_cut = magic == GZIP and is_by_record(file)
    if magic == b"":
        # From record to record, by their lengths: a page may hold what looks like the beginning of one.
        file.seek(0)
        try:
            for record in ArchiveIterator(file, parse_http=False):
                if record.stream_pos >= (places[-1] if places else 0) + step:
                    places.append(record.stream_pos)
        except OSError:  # the rest is one piece, whose reader finds its way past the damage
            pass
        return places
    while is_cut and (place := next_record(file, (places[-1] if places else 0) + step)) is not None and place < size:
        places.append(place)
    return places


def _find(file: BinaryIO, mark: bytes, at: int) -> Iterator[int]:
    """Yield the places of `mark` from `at` on."""
    file.seek(at)
    window = file.read(SCAN_BYTES)
    while window:
        found = window.find(mark)
        while found >= 0:
            yield at + found
            found = window.find(mark, found + 1)
        keep = len(mark) - 1
        at += max(0, len(window) - keep)
        file.seek(at + min(keep, len(window)))
        more = file.read(SCAN_BYTES)
        window = window[-keep:] + more if more else b""


def _begins_record(file: BinaryIO, place: int, magic: bytes) -> bool:
    file.seek(place)
    head = file.read(HEAD_BYTES)
    try:
        return WARC_BEGIN.match(zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 16) if magic else head) is not None
    except zlib.error:
        return False
