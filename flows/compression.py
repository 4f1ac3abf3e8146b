"""Read files that may be compressed, by what they begin with, and never more than is allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable

from cleaners import BadPage

SUFFIXES = (".gz", ".bz2", ".xz")
_OPENERS: dict[bytes, Callable[[io.BytesIO], io.BufferedIOBase]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}


def decompress(raw: bytes, limit: int) -> bytes:
    """Return what compressed bytes hold, and others as they are.

    Raises BadPage: `too-large` when that is more than `limit` bytes, however small the file, and `compressed` when the bytes
    are cut off or broken.
    """
    opener = next((opener for magic, opener in _OPENERS.items() if raw.startswith(magic)), None)
    if opener is None:
        return raw
    try:
        with opener(io.BytesIO(raw)) as file:
            held = file.read(limit + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise BadPage("compressed", f"the file is cut off or broken: {error}") from None
    if len(held) > limit:
        raise BadPage("too-large", f"it holds more than {limit} bytes")
    return held


def without_suffix(name: str) -> str:
    """Return a file's name without the suffix of its compression."""
    return next((name[: -len(suffix)] for suffix in SUFFIXES if name.lower().endswith(suffix)), name)
