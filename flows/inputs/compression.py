"""Read files that may be compressed, by what they begin with, as far as they can be read."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd
SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
MAGIC_BYTES = 6
BUFFER_BYTES = 256 * 1024
READ_BYTES = 64 * 1024
# What is unpacked at once is lost where it turns out to be broken.
PIECE_BYTES = 8 * 1024
MAX_DICTIONARY_BYTES = 16 * 1024 * 1024
# What a file in xz may ask for to be unpacked: windows of 128 MB, as zstd allows by itself; xz -9 takes half of it.
MAX_MEMORY_BYTES = 136 * 1024 * 1024


class _Decompressor(Protocol):
    """What bz2, lzma and zstd of the standard library have in common: one compressed stream, a piece at a time."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """The decompressor of zlib with the manners of the others."""

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
    ZSTD: zstd.ZstdDecompressor,  # takes no window over 128 MB, which is memory that a file may ask for
}
# Frames that hold no content (RFC 8878, section 3.1.2); archives in zstd may begin with one that holds their dictionary.
_SKIPPABLE = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
_DICTIONARY = bytes((0x5D, 0x2A, 0x4D, 0x18))
_FAULTS = (OSError, ValueError, EOFError, lzma.LZMAError, zlib.error, zstd.ZstdError)


class TrailingBytes(Exception):
    """What follows a whole compressed stream is no other one."""


def compression_of(head: bytes) -> bytes:
    """Return the magic bytes of the compression that `head` begins with, b"" for none."""
    return ZSTD if head.startswith(_SKIPPABLE) else next((magic for magic in _MAKERS if head.startswith(magic)), b"")


def decompressed(file: BinaryIO) -> BinaryIO:
    """Return a stream of what `file` holds from where it stands: decompressed, or as it is; `file` can seek.

    A compressed stream ends where it is cut off or broken; `problem_of` says so then.
    """
    at = file.tell()
    magic = compression_of(file.read(MAGIC_BYTES))
    file.seek(at)
    return cast(BinaryIO, io.BufferedReader(_Unpacked(file, at, magic), BUFFER_BYTES)) if magic else file


def problem_of(stream: BinaryIO) -> Exception | None:
    """Return why a stream that has been read to its end has ended too early, None when it has not."""
    raw = getattr(stream, "raw", None)
    return raw.problem if isinstance(raw, _Unpacked) else None


def is_complete(stream: BinaryIO) -> bool:
    """Say whether all that was compressed in a stream has been read, whatever may follow it."""
    return isinstance(problem_of(stream), TrailingBytes | None)


def without_suffix(name: str) -> str:
    """Return a file's name without the suffix of its compression."""
    return name.rpartition(".")[0] if name.lower().endswith(SUFFIXES) else name


class _Unpacked(io.RawIOBase):
    """What the compressed streams in a file hold, one after the other.

    The readers of the standard library throw away what they have when a stream breaks, and take a later stream that is
    broken at its beginning for the end of the file.
    """

    def __init__(self, file: BinaryIO, begin: int, magic: bytes) -> None:
        self._file, self._begin, self._magic = file, begin, magic
        self._rewind()

    def _rewind(self) -> None:
        self._file.seek(self._begin)
        self.problem: Exception | None = None
        self._at = 0
        self._make = _MAKERS[self._magic]
        if self._magic == ZSTD and (dictionary := _dictionary(self._file)):
            self._make = lambda: zstd.ZstdDecompressor(zstd.ZstdDict(dictionary))
        self._stream = self._make()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place from the beginning, by unpacking what is before it."""
        if whence == io.SEEK_CUR:
            place += self._at
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end of a compressed stream is not known")
        if place < self._at:
            self._rewind()
        while self._at < place and (piece := self._next(min(PIECE_BYTES, place - self._at))):
            self._at += len(piece)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._next(min(PIECE_BYTES, len(view)))
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _next(self, size: int) -> bytes:
        """Return the next bytes, b"" at the end, and where nothing more can be unpacked."""
        piece = b""
        while not piece and self.problem is None:
            packed, is_over = b"", False
            if self._stream.eof:
                packed = self._next_stream()
                if not packed:
                    break
            elif self._stream.needs_input:
                packed = self._file.read(READ_BYTES)
                is_over = not packed
            try:
                piece = self._stream.decompress(packed, size)
                if is_over and not piece and not self._stream.eof:
                    raise EOFError("it ends in the middle of a compressed stream")
            except _FAULTS as problem:
                self.problem = problem
        return piece

    def _next_stream(self) -> bytes:
        """Begin the stream that follows a whole one and return its first bytes, b"" when none follows."""
        packed = self._stream.unused_data
        while len(packed := packed.lstrip(b"\0")) < MAGIC_BYTES and (more := self._file.read(READ_BYTES)):  # tapes end in zeros
            packed += more
        if not packed:
            return b""
        if compression_of(packed) != self._magic:
            self.problem = TrailingBytes("what follows its compressed content is something else, and is not read")
            return b""
        self._stream = self._make()
        return packed


def _dictionary(file: BinaryIO) -> bytes:
    """Return the dictionary that a zstd archive begins with, b"" when there is none.

    As in "Zstandard Compression for WARC Files" of the IIPC: a skippable frame that holds it, which may be compressed itself.
    """
    at = file.tell()
    head = file.read(8)
    if head.startswith(_DICTIONARY) and (size := int.from_bytes(head[4:], "little")) <= MAX_DICTIONARY_BYTES:
        held = file.read(size)
        try:
            return zstd.ZstdDecompressor().decompress(held, MAX_DICTIONARY_BYTES) if held.startswith(ZSTD) else held
        except zstd.ZstdError:
            pass
    file.seek(at)
    return b""
