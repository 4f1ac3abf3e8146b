"""Read files that may be compressed, by what they begin with."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import BinaryIO, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
GZIP = b"\x1f\x8b"
BUFFER_BYTES = 256 * 1024

_OPENERS: dict[bytes, Callable[[BinaryIO], object]] = {
    GZIP: lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": zstd.ZstdFile,  # takes no window over 128 MB, which is memory that a file may ask for
}
# What reading raises when a file is cut off or broken.
BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error, zstd.ZstdError)


def compression_of(head: bytes) -> bytes:
    """Return the magic bytes of the compression that `head` begins with, b"" for none."""
    return next((magic for magic in _OPENERS if head.startswith(magic)), b"")


def decompressed(file: BinaryIO) -> BinaryIO:
    """Return a stream of what `file` holds from where it stands: decompressed, or as it is; `file` can seek."""
    at = file.tell()
    magic = compression_of(file.read(8))
    file.seek(at)
    return cast(BinaryIO, io.BufferedReader(_OPENERS[magic](file), BUFFER_BYTES)) if magic else file


def without_suffix(name: str) -> str:
    """Return a file's name without the suffix of its compression."""
    return next((name[: -len(suffix)] for suffix in SUFFIXES if name.lower().endswith(suffix)), name)
