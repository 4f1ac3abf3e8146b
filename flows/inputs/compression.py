"""Decompress files by their magic bytes, as far as they can be decompressed.

Called by the other modules of `flows.inputs`, `flows.planning.shards` and `flows.report.page_texts`.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol, cast

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd
SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
MAGIC_BYTES = 6
SKIPPABLE_HEAD_BYTES = 8  # of a frame of zstd without content: four magic bytes, four of its length
BUFFER_BYTES = 256 * 1024
READ_BYTES = 64 * 1024
FIRST_BYTES = 256  # of a stream: what it leaves unused is copied, and a hostile file has streams of ten bytes
PIECE_BYTES = 8 * 1024  # decompressed at once; damage costs up to so much before it
MAX_DICTIONARY_BYTES = 16 * 1024 * 1024
MAX_MEMORY_BYTES = 136 * 1024 * 1024  # to decompress xz: windows of 128 MB, as in zstd; xz -9 needs half of it
# Pages in rows, also many versions of one page, shrink to a hundredth; what shrinks further holds next to nothing.
MAX_RATIO = 200
MIN_MAX_BYTES = 256 * 1024 * 1024  # that a file may unpack to, however small it is


class _Decompressor(Protocol):
    """The common interface of bz2, lzma and zstd in the standard library: one compressed stream, a piece at a time."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the interface of the others."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    eof = property(lambda self: self._zlib.eof)
    needs_input = property(lambda self: not self._zlib.unconsumed_tail)
    unused_data = property(lambda self: self._zlib.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_MAKERS: dict[bytes, Callable[[], _Decompressor]] = {
    GZIP: _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lambda: lzma.LZMADecompressor(memlimit=MAX_MEMORY_BYTES),
    ZSTD: zstd.ZstdDecompressor,  # refuses windows over 128 MB by itself
}
# Frames that hold no content (RFC 8878, section 3.1.2); archives in zstd may begin with one that holds their dictionary.
_SKIPPABLE = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
_DICTIONARY = bytes((0x5D, 0x2A, 0x4D, 0x18))
_ZEROS = re.compile(rb"\0*")
_FAULTS = (OSError, ValueError, EOFError, lzma.LZMAError, zlib.error, zstd.ZstdError)


class TrailingBytes(Exception):
    """A compressed stream is followed by something else than another one."""


def compression_of(head: bytes) -> bytes:
    """Return the magic bytes of the compression that `head` begins with, b"" for none."""
    return ZSTD if head.startswith(_SKIPPABLE) else next((magic for magic in _MAKERS if head.startswith(magic)), b"")


def decompressed(file: BinaryIO) -> BinaryIO:
    """Return the decompressed content of a seekable `file` from its current position, or `file` if it is not compressed.

    A compressed stream ends where it is cut off, broken, or over MIN_MAX_BYTES and MAX_RATIO times the bytes it was unpacked
    from; `problem_of` returns the reason then.
    """
    start = file.tell()
    magic = compression_of(file.read(MAGIC_BYTES))
    file.seek(start)
    return cast(BinaryIO, io.BufferedReader(_Decompressed(file, start, magic), BUFFER_BYTES)) if magic else file


def problem_of(stream: BinaryIO) -> Exception | None:
    """Return the reason if a stream that has been read to its end ended too early, else None."""
    raw = getattr(stream, "raw", None)
    return raw.problem if isinstance(raw, _Decompressed) else None


def is_complete(stream: BinaryIO) -> bool:
    """Return whether all compressed content of a stream has been read, whatever may follow it."""
    return isinstance(problem_of(stream), TrailingBytes | None)


def without_suffix(name: str) -> str:
    """Return a file's name without the suffix of its compression."""
    return name.rpartition(".")[0] if name.lower().endswith(SUFFIXES) else name


class Endless(Exception):
    """A file unpacks to far more than pages do; what follows `place`, in bytes, is not read."""

    def __init__(self, place: int) -> None:
        super().__init__(f"it unpacks to over {MAX_RATIO} times its size; what follows byte {place} is not read")


def is_endless(unpacked: int, packed: int) -> bool:
    """Return whether `unpacked` bytes are far more than pages unpack to from `packed` bytes."""
    return unpacked > max(MIN_MAX_BYTES, packed * MAX_RATIO)


class _Decompressed(io.RawIOBase):
    """The decompressed content of a file, one compressed stream after the other.

    The readers of the standard library drop the data they have when a stream breaks, and mistake a later stream that is
    broken at its beginning for the end of the file.
    """

    def __init__(self, file: BinaryIO, start: int, magic: bytes) -> None:
        self._file, self._start, self._magic = file, start, magic
        self._rewind()

    def _rewind(self) -> None:
        self._file.seek(self._start)
        self.problem: Exception | None = None
        self._position = self._packed = 0
        self._read, self._at = b"", 0  # bytes of the file, and the place of the next one to decompress
        self._make = _MAKERS[self._magic]
        if self._magic == ZSTD and (dictionary := _dictionary(self._file)):
            self._make = lambda: zstd.ZstdDecompressor(zstd.ZstdDict(dictionary))
        self._begin_stream()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset in the content, by decompressing all before it."""
        if whence == io.SEEK_CUR:
            offset += self._position
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end of a compressed stream is not known")
        if offset < self._position:
            self._rewind()
        while self._position < offset and (piece := self._next(min(PIECE_BYTES, offset - self._position))):
            self._position += len(piece)
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._next(min(PIECE_BYTES, len(view)))
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _next(self, size: int) -> bytes:
        """Return the next bytes, b"" at the end or where the rest cannot be decompressed."""
        piece = b""
        if is_endless(self._position, self._packed):
            self.problem = Endless(self._position)
        while not piece and self.problem is None:
            if self._stream.eof and not self._next_stream():
                break
            packed = self._packed_piece() if self._stream.needs_input else b""
            is_over = self._stream.needs_input and not packed
            try:
                piece = self._stream.decompress(packed, size)
                if is_over and not piece and not self._stream.eof:
                    raise EOFError("it ends in the middle of a compressed stream")
            except _FAULTS as problem:
                self.problem = problem
        return piece

    def _begin_stream(self) -> None:
        self._stream, self._piece_bytes = self._make(), FIRST_BYTES

    def _packed_piece(self) -> bytes:
        """Return the next bytes of the present stream, b"" at the end of the file: few at first, then more and more."""
        if self._at == len(self._read):
            self._read_on()
        packed = self._read[self._at : self._at + self._piece_bytes]
        self._at += len(packed)
        self._piece_bytes = min(2 * self._piece_bytes, READ_BYTES)
        return packed

    def _read_on(self) -> bool:
        """Read more of the file behind the bytes that are left, and return whether there is more."""
        more = self._file.read(READ_BYTES)
        self._packed += len(more)
        self._read, self._at = self._read[self._at :] + more, 0
        return more != b""

    def _next_stream(self) -> bool:
        """Begin the next stream after a whole one, and return whether one follows."""
        self._at -= len(self._stream.unused_data)
        self._skip_empty()
        while len(self._read) - self._at < SKIPPABLE_HEAD_BYTES and self._read_on():
            self._skip_empty()
        head = self._read[self._at : self._at + MAGIC_BYTES]
        if head and compression_of(head) != self._magic:
            self.problem = TrailingBytes("what follows its compressed content is something else, and is not read")
        if not head or self.problem:
            return False
        self._begin_stream()
        return True

    def _skip_empty(self) -> None:
        """Skip the zeros that tapes end in, and the frames of zstd without content: a decompressor for each takes long."""
        self._at = _ZEROS.match(self._read, self._at).end()  # type: ignore[union-attr]
        while self._magic == ZSTD and self._read.startswith(_SKIPPABLE, self._at):
            begin = self._at + SKIPPABLE_HEAD_BYTES
            if begin > len(self._read):
                return
            end = begin + int.from_bytes(self._read[begin - 4 : begin], "little")
            if end > len(self._read):
                self._file.seek(end - len(self._read), io.SEEK_CUR)
            self._at = min(end, len(self._read))


def _dictionary(file: BinaryIO) -> bytes:
    """Return the dictionary at the beginning of a zstd archive, b"" when there is none.

    It is in a skippable frame and may be compressed itself ("Zstandard Compression for WARC Files" of the IIPC).
    """
    start = file.tell()
    head = file.read(8)
    if head.startswith(_DICTIONARY) and (size := int.from_bytes(head[4:], "little")) <= MAX_DICTIONARY_BYTES:
        frame = file.read(size)
        try:
            return zstd.ZstdDecompressor().decompress(frame, MAX_DICTIONARY_BYTES) if frame.startswith(ZSTD) else frame
        except zstd.ZstdError:
            pass
    file.seek(start)
    return b""
