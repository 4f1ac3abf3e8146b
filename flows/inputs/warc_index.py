"""Find the offsets of the records of a web archive, to cut a large one into pieces and to go on after damage.

Called by `flows.inputs.warc`, `flows.inputs.warc_limit` and `flows.planning.shards`. Offsets are in bytes. A record begins
after a mark: the end of a line, or the magic bytes of a compressed stream of its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from fastwarc import ArchiveIterator

from flows.inputs.compression import GZIP, compression_of, is_endless
from flows.inputs.file_kind import WARC_BEGIN

SCAN_BYTES = 1024 * 1024
HEAD_BYTES = 4_096
MAX_HEAD_BYTES = 256 * 1024
MARK_BYTES = 64  # more than any mark has
MEMBERS_CHECKED = 5
MAX_MEMBER_BYTES = 16 * 1024 * 1024
# The longest stretch that deflate copies unchanged (RFC 1951, section 3.2.4: the length of a stored block has 16 bits).
MAX_COPIED_BYTES = 0xFFFF
_HEAD = re.compile(rb".*?\n\r?\n", re.DOTALL)  # of a record
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})\s", re.IGNORECASE)
_MARKS = {
    b"": re.compile(rb"\n(?=WARC/\d+\.\d+\r?\n)"),
    GZIP: re.compile(rb"(?=\x1f\x8b\x08)"),
}
_ANY_MARK = re.compile(b"|".join(mark.pattern for mark in _MARKS.values()))


def magic_of(file: BinaryIO) -> bytes:
    """Return the magic bytes of the compression of an archive, b"" for none.

    If its beginning is damaged, the first record after the damage decides.
    """
    file.seek(0)
    head = file.read(MARK_BYTES)
    if (magic := compression_of(head)) or WARC_BEGIN.match(head.lstrip()):
        return magic
    for offset in _offsets_after(file, _ANY_MARK, 0):
        magic = compression_of(_bytes_at(file, offset, MARK_BYTES))
        if _begins_record(file, offset, magic):
            return magic
    return b""


def next_record(file: BinaryIO, start: int, magic: bytes) -> int | None:
    """Return the offset of the first record from `start` on, None if there is none."""
    offsets = _offsets_after(file, _MARKS[magic], max(0, start - 1) if magic == b"" else start)
    return next((offset for offset in offsets if offset >= start and _begins_record(file, offset, magic)), None)


def has_record_per_member(file: BinaryIO) -> bool:
    """Return whether each of the first gzip members of an archive holds one record, so that members delimit records."""
    ends: list[int] = []
    for _ in range(MEMBERS_CHECKED):
        member = read_member(file, ends[-1] if ends else 0)
        if b"\r\n\r\nWARC/" in member.content:
            return False
        if member.end is None:
            break
        ends.append(member.end)
    return next_record(file, ends[0] if ends else 1, GZIP) is not None


class Member(NamedTuple):
    """A gzip member: the beginning of its content, the length of that in bytes, and its end, None for a broken one."""

    content: bytes
    length: int
    end: int | None


def read_member(file: BinaryIO, offset: int, start: int = 0, unpacked: int = 0, keep: int = MAX_MEMBER_BYTES) -> Member:
    """Return the gzip member at `offset`, with up to `keep` bytes of its content.

    It counts as broken where it is cut off, and where the content from `start`, of which `unpacked` bytes are before it, is
    without end.
    """
    file.seek(offset)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content, length, size = b"", 0, HEAD_BYTES
    try:
        while not member.eof:
            packed = member.unconsumed_tail or file.read(size)
            part = member.decompress(packed, SCAN_BYTES)
            size = min(2 * size, SCAN_BYTES)
            content += part[: max(0, keep - len(content))]
            length += len(part)
            if (not packed and not part) or is_endless(unpacked + length, file.tell() - start):
                return Member(content, length, None)
    except zlib.error:
        return Member(content, length, None)
    return Member(content, length, file.tell() - len(member.unused_data))


def record_end(file: BinaryIO, offset: int, magic: bytes) -> int | None:
    """Return the end of the record at `offset`, with its blank lines, None if its length is missing or wrong."""
    member = read_member(file, offset) if magic == GZIP else None
    content = member.content if member else _bytes_at(file, offset, MAX_HEAD_BYTES)
    head = _HEAD.match(content)
    length = _LENGTH.search(head[0]) if head else None
    if head is None or length is None:
        return None
    end = head.end() + int(length[1])
    if member:
        rest = content[end:].strip(b"\r\n\0")
        is_whole = end <= len(content) and (not rest or rest.startswith(b"WARC/"))
        return member.end if is_whole or len(content) == MAX_MEMBER_BYTES else None
    rest = _bytes_at(file, offset + end, len("\r\n\r\n"))
    blank = len(rest) - len(rest.lstrip(b"\r\n"))
    return offset + end + blank if blank or rest in (b"", b"WARC") else None


def resume_offset(file: BinaryIO, broken: int, magic: bytes) -> int:
    """Return the offset from which to search for a record after damage at `broken`: the end of a whole gzip member there."""
    return (read_member(file, broken).end if magic == GZIP else None) or broken + 1


def check_record_end(file: BinaryIO, last: int, end: int | None, magic: bytes) -> None:
    """Raise OSError when the record at `last` is cut off, or followed by something before `end` that is no record."""
    last_end = record_end(file, last, magic)
    if last_end is None:
        raise OSError("the record is cut off or broken")
    rest = _bytes_at(file, last_end, MAX_HEAD_BYTES if end is None else max(0, min(end - last_end, MAX_HEAD_BYTES)))
    if rest.strip(b"\r\n\0"):
        raise OSError("this is no record")


def cut_offsets(file: BinaryIO, step: int) -> list[int]:
    """Return offsets of records, about `step` bytes apart, to cut an archive at; none for one compressed as a whole."""
    magic = magic_of(file)
    offsets: list[int] = []
    if magic == b"":
        # From record to record, by their lengths: a page may contain the beginning of a record.
        file.seek(0)
        try:
            for record in ArchiveIterator(file, parse_http=False):
                if record.stream_pos >= (offsets[-1] if offsets else 0) + step:
                    offsets.append(record.stream_pos)
        except OSError:  # the rest is one piece, whose reader goes on after the damage
            pass
    elif magic == GZIP and has_record_per_member(file):
        while (offset := _next_top_level_record(file, (offsets[-1] if offsets else 0) + step)) is not None:
            offsets.append(offset)
    return offsets


def _next_top_level_record(file: BinaryIO, start: int) -> int | None:
    """Return the offset of the first record from `start` on that is not inside another record.

    A record may contain a whole archive in gzip, of which deflate copies stretches unchanged. A chain of members without a
    gap is no such copy if it is longer than a stretch can be, or reaches the end of the file: a longer copy is broken by the
    header of the next block, and the last one is followed by the end of the member around it. So nothing between two offsets
    need be decompressed.
    """
    size = file.seek(0, 2)
    while (offset := next_record(file, start, GZIP)) is not None:
        chain_end: int | None = offset
        while chain_end is not None and chain_end - offset <= MAX_COPIED_BYTES and chain_end < size:
            start, chain_end = chain_end, read_member(file, chain_end, keep=0).end
        if chain_end is not None:
            return offset
        start += 1  # all members before belong to the broken chain
    return None


def _offsets_after(file: BinaryIO, mark: re.Pattern[bytes], start: int) -> Iterator[int]:
    """Yield the end of each mark from `start` on; the caller may move the file's position meanwhile."""
    window = b""
    while True:
        file.seek(start + len(window))
        more = file.read(SCAN_BYTES)
        if not more:
            return
        window += more
        searched = max(0, len(window) - MARK_BYTES)
        for match in mark.finditer(window):
            yield start + match.end()
            searched = max(searched, match.end() + 1)
        start, window = start + min(searched, len(window)), window[searched:]


def _bytes_at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def _begins_record(file: BinaryIO, offset: int, magic: bytes) -> bool:
    """Return whether the gzip member at `offset` begins with a record; without compression the mark is proof enough."""
    if magic == b"":
        return True
    try:
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(_bytes_at(file, offset, HEAD_BYTES), 16)
    except zlib.error:
        return False
    return WARC_BEGIN.match(content) is not None
