"""Find where the records of a web archive begin, to cut a large one into pieces and to go on after damage."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from fastwarc import ArchiveIterator

from flows.inputs.compression import GZIP, compression_of
from flows.inputs.file_kind import WARC_BEGIN

SCAN_BYTES = 1024 * 1024
HEAD_BYTES = 4_096
MAX_HEAD_BYTES = 256 * 1024
MARK_BYTES = 64  # more than any mark has
MEMBERS_SEEN = 5
MAX_MEMBER_BYTES = 16 * 1024 * 1024
# The most that deflate copies as it is (RFC 1951, section 3.2.4: the length of a stored block has 16 bits).
MAX_COPIED_BYTES = 0xFFFF
_HEAD = re.compile(rb".*?\n\r?\n", re.DOTALL)  # of a record
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})\s", re.IGNORECASE)
# What stands before a record: the end of a line, or nothing but the mark of a compressed stream of its own.
_MARKS = {
    b"": re.compile(rb"\n(?=WARC/\d+\.\d+\r?\n)"),
    GZIP: re.compile(rb"(?=\x1f\x8b\x08)"),
}
_ANY_MARK = re.compile(b"|".join(mark.pattern for mark in _MARKS.values()))


def magic_of(file: BinaryIO) -> bytes:
    """Return the magic bytes of the compression that an archive is in, b"" for none.

    Where its beginning is damaged, the first record after it tells.
    """
    file.seek(0)
    head = file.read(MARK_BYTES)
    if (magic := compression_of(head)) or WARC_BEGIN.match(head.lstrip()):
        return magic
    for place in _find(file, _ANY_MARK, 0):
        magic = compression_of(_bytes_at(file, place, MARK_BYTES))
        if _begins_record(file, place, magic):
            return magic
    return b""


def next_record(file: BinaryIO, at: int, magic: bytes) -> int | None:
    """Return the first place from `at` on where a record begins, None where there is none."""
    places = _find(file, _MARKS[magic], max(0, at - 1) if magic == b"" else at)
    return next((place for place in places if place >= at and _begins_record(file, place, magic)), None)


def is_by_record(file: BinaryIO) -> bool:
    """Say whether each of the first gzip members of an archive holds one record, by which it can then be found."""
    ends: list[int] = []
    for _ in range(MEMBERS_SEEN):
        held, end = _member(file, ends[-1] if ends else 0)
        if b"\r\n\r\nWARC/" in held:
            return False
        if end is None:
            break
        ends.append(end)
    return next_record(file, ends[0] if ends else 1, GZIP) is not None


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


def end_of(file: BinaryIO, at: int, magic: bytes) -> int | None:
    """Return where the record at `at` is over, its blank lines too, None where it does not end as its length says."""
    held, over = _member(file, at) if magic == GZIP else (_bytes_at(file, at, MAX_HEAD_BYTES), None)
    head = _HEAD.match(held)
    said = _LENGTH.search(head[0]) if head else None
    if head is None or said is None:
        return None
    end = head.end() + int(said[1])
    if magic == GZIP:
        rest = held[end:].strip(b"\r\n\0")
        is_whole = end <= len(held) and (not rest or rest.startswith(b"WARC/"))
        return over if is_whole or len(held) == MAX_MEMBER_BYTES else None
    rest = _bytes_at(file, at + end, len("\r\n\r\n"))
    blank = len(rest) - len(rest.lstrip(b"\r\n"))
    return at + end + blank if blank or rest in (b"", b"WARC") else None


def skipped(file: BinaryIO, place: int, magic: bytes) -> int:
    """Return from where on to look for a record after something broken at `place`: never in a whole gzip member."""
    return (_member(file, place)[1] if magic == GZIP else None) or place + 1


def check_end(file: BinaryIO, last: int, end: int | None, magic: bytes) -> None:
    """Raise OSError when the record at `last` is cut off, or followed by something before `end` that is no record."""
    over = end_of(file, last, magic)
    if over is None:
        raise OSError("the record is cut off or broken")
    rest = _bytes_at(file, over, MAX_HEAD_BYTES if end is None else max(0, min(end - over, MAX_HEAD_BYTES)))
    if rest.strip(b"\r\n\0"):
        raise OSError("this is no record")


def cut_places(file: BinaryIO, step: int) -> list[int]:
    """Return places about `step` bytes apart at which an archive can be cut in two; none for one compressed as a whole."""
    magic = magic_of(file)
    places: list[int] = []
    if magic == b"":
        # From record to record, by their lengths: a page may hold what looks like the beginning of one.
        file.seek(0)
        try:
            for record in ArchiveIterator(file, parse_http=False):
                if record.stream_pos >= (places[-1] if places else 0) + step:
                    places.append(record.stream_pos)
        except OSError:  # the rest is one piece, whose reader finds its way past the damage
            pass
    elif magic == GZIP and is_by_record(file):
        while (place := _next_own_record(file, (places[-1] if places else 0) + step)) is not None:
            places.append(place)
    return places


def _next_own_record(file: BinaryIO, at: int) -> int | None:
    """Return the first place from `at` on where a record in a gzip member of its own begins.

    A record may hold another such archive, of which deflate copies stretches as they are. Members that follow each other
    without a gap for longer than such a stretch, or to the end of the file, are no copy: one that goes on beyond it is broken
    by the head of the next block, and the last copy is followed by what ends the member that holds it. This is told without
    unpacking what is between two places.
    """
    size = file.seek(0, 2)
    while (place := next_record(file, at, GZIP)) is not None:
        over: int | None = place
        while over is not None and over - place <= MAX_COPIED_BYTES and over < size:
            at, over = over, _member(file, over)[1]
        if over is not None:
            return place
        at += 1  # whatever came before is of the same chain
    return None


def _find(file: BinaryIO, mark: re.Pattern[bytes], at: int) -> Iterator[int]:
    """Yield the places after a mark, from `at` on; in between, the file may be read elsewhere."""
    window = b""
    while True:
        file.seek(at + len(window))
        more = file.read(SCAN_BYTES)
        if not more:
            return
        window += more
        seen = max(0, len(window) - MARK_BYTES)
        for found in mark.finditer(window):
            yield at + found.end()
            seen = max(seen, found.end() + 1)
        at, window = at + min(seen, len(window)), window[seen:]


def _bytes_at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _begins_record(file: BinaryIO, place: int, magic: bytes) -> bool:
    if magic == b"":  # the mark has told
        return True
    try:
        held = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(_bytes_at(file, place, HEAD_BYTES), 16)
    except zlib.error:
        return False
    return WARC_BEGIN.match(held) is not None
