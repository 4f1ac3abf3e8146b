"""Pages as a shard stores those of its sample: each a line of JSON in a frame of zstd of its own, to be read alone.

Written by `flows.learning.shard`, read by `flows.learning.gather`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

import msgspec

from cleaners.document.page import NO_METADATA, Metadata
from flows.inputs.compression import zstd
from flows.inputs.raw_page import RawPage
from flows.learning.sample import Place

SUFFIX = ".jsonl.zst"
LEVEL = 1


class _StoredPage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page before it is decoded: its `text`, else its bytes as `utf8`, else as `raw`; the rest is as in RawPage."""

    name: str
    text: str | None = None
    utf8: str | None = None
    raw: bytes = b""
    url: str = ""
    captured_at: datetime | None = None
    media: Literal["", "html"] = ""
    charset: str = ""
    metadata: Metadata = NO_METADATA
    flags: tuple[str, ...] = ()
    made_by: str = ""


_SAME = tuple(name for name in _StoredPage.__struct_fields__ if name not in ("utf8", "raw"))  # as in RawPage
_compressor = zstd.ZstdCompressor(LEVEL)  # one for all pages: to make one takes twice as long as to compress a page
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_StoredPage).decode


def stored(page: RawPage) -> bytes:
    """Return a page as it is stored: all that `page_of` reads of it; raises UnicodeEncodeError for half a surrogate pair."""
    utf8 = _as_utf8(page.raw) if page.text is None else None
    raw = page.raw if page.text is None and utf8 is None else b""
    line = _StoredPage(utf8=utf8, raw=raw, **{name: getattr(page, name) for name in _SAME})
    return _compressor.compress(_encode(line) + b"\n", zstd.ZstdCompressor.FLUSH_FRAME)


def read_stored(file: Path, place: Place) -> RawPage:
    """Return the page at a place of a file; raises OSError."""
    return _raw_page(_decode(zstd.decompress(read_content(file, place))))


def read_content(file: Path, place: Place) -> bytes:
    """Return a page as it is stored at a place of a file; raises OSError."""
    with file.open("rb") as stream:
        stream.seek(place.offset)
        return stream.read(place.size)


def read_all(file: Path, start: int, end: int | None) -> Iterator[RawPage]:
    """Yield the pages stored one after the other from the byte `start` to `end` of a file; raises OSError."""
    with file.open("rb") as stream:
        stream.seek(start)
        content = stream.read(-1 if end is None else end - start)
    with zstd.open(BytesIO(content)) as lines:
        for line in lines:
            yield _raw_page(_decode(line))


def _raw_page(line: _StoredPage) -> RawPage:
    raw = line.raw if line.utf8 is None else line.utf8.encode()
    return RawPage(raw=raw, **{name: getattr(line, name) for name in _SAME})


def _as_utf8(raw: bytes) -> str | None:
    """Return bytes as text, None for those that are no UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
