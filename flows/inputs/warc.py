"""Read pages from web archives (WARC and WET): what servers sent, or the text made of it."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType
from fastwarc.stream_io import BrotliReader, ZstdReader

from cleaners import BadPage
from flows.inputs.capture_time import captured
from flows.inputs.compression import GZIP, decompressed, is_complete, problem_of
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, Unread
from flows.inputs.warc_index import check_end, end_of, is_by_record, magic_of, next_record, skipped

HTML_MEDIA = ("text/html", "application/xhtml+xml")
PAGE_MEDIA = (*HTML_MEDIA, "text/plain", "")
PAGE_TYPES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
PIECE_BYTES = 256 * 1024
MAX_BREAKS = 1_000  # in one piece of an archive; after so many the rest is given up, which bounds the time that damage takes
# So much of one that is compressed as a whole is unpacked once more to go on: each time all that is before it.
MAX_BYTES_AGAIN = 16 * 1024 * 1024 * 1024


def read_warc(file: BinaryIO, start: int, end: int | None, name: str, not_pages: Counter[str]) -> Iterator[RawPage | Unread]:
    """Yield the pages of the records that begin from `start` to `end`, each named by `name` and its place in bytes.

    `file` can seek. Records that are no pages (requests, images, errors of servers) are counted in `not_pages` by what they
    are. Where the archive is broken, what cannot be read is yielded as that, and reading goes on at the next record.
    """
    magic = magic_of(file)
    is_stored = magic == b"" or (magic == GZIP and is_by_record(file))
    size = file.seek(0, io.SEEK_END) if magic == b"" else None
    file.seek(0)
    # One that is compressed as a whole is unpacked first, and its places are those in what it holds.
    archive, magic = (file, magic) if is_stored else (decompressed(file), b"")
    at: int | None = start
    breaks = 0
    is_told = False
    while at is not None and (end is None or at < end):
        archive.seek(at)
        last, length, is_read = at, -1, False
        try:
            for record, place in _records(archive, end, name):
                last, length, is_read = record.stream_pos, record.content_length, False
                if "Content-Length" not in record.headers:
                    raise OSError("the record's header is cut off, or says no length")
                if size is not None and last + length > size:
                    raise OSError(f"the record says that it has {length} bytes, which is more than follow")
                found = _read_record(record, place, not_pages)
                if found is not None:
                    yield found
                is_read = True
            if length < 0:
                raise OSError("there is no record")
            if is_stored:
                check_end(file, last, end, magic)
            elif last + length > archive.tell():
                is_read = False
                raise OSError(f"the record says that it has {length} bytes, which is more than follow")
            break
        except OSError as problem:
            if problem.errno is not None:  # not the archive but the disk
                raise
            why = problem_of(archive)
            is_told = why is not None
            over = end_of(archive, last, magic) if is_read else None
            broken = last if over is None else over
            if end is not None and broken >= end:  # for whoever reads the next piece to tell
                break
            breaks += 1
            can_go_on = breaks < MAX_BREAKS and (is_stored or breaks * broken < MAX_BYTES_AGAIN)
            at = next_record(archive, skipped(archive, broken, magic), magic) if can_go_on else None
            goes_on = "nothing after it is read" if at is None else f"reading goes on at byte {at}"
            yield Unread(f"{name}#{broken}", BadPage("warc", f"the archive is broken here: {why or problem}; {goes_on}"), 0)
    if not is_told and (not_unpacked := problem_of(archive)):
        yield Unread(name, BadPage("compressed", f"the archive cannot be unpacked to its end: {not_unpacked}"), 0)


def _records(file: BinaryIO, end: int | None, name: str) -> Iterator[tuple[WarcRecord, str]]:
    """Yield records with their names; those of one compressed stream begin at one place and are counted."""
    before, count = -1, 1
    for record in ArchiveIterator(file, parse_http=False):
        if end is not None and record.stream_pos >= end:
            return
        count = count + 1 if record.stream_pos == before else 1
        before = record.stream_pos
        yield record, f"{name}#{before}" if count == 1 else f"{name}#{before}-{count}"


def _read_record(record: WarcRecord, place: str, not_pages: Counter[str]) -> RawPage | Unread | None:
    """Return the page in a record, or why it cannot be read, or None for what is no page; OSError for a broken archive."""
    if not record.record_type & PAGE_TYPES:
        not_pages[f"{record.record_type} record"] += 1
        return None
    said = record.headers.get("Content-Type", "") or ""
    charset, codings, status = "", [], 200
    if record.record_type & WarcRecordType.response:
        if not record.is_http:
            not_pages["response that is not HTTP"] += 1
            return None
        record.parse_http(quirks_mode=True)
        sent = record.http_headers
        status = sent.status_code or 0
        said = sent.get("Content-Type", "") or ""
        charset = record.http_charset or ""
        codings = _codings(sent.get("Content-Encoding")) + _codings(sent.get("Transfer-Encoding"))
    if not 200 <= status < 300:
        not_pages[f"HTTP status {status}" if 100 <= status < 600 else "no HTTP status"] += 1
        return None
    media = said.partition(";")[0].strip().lower()
    if media not in PAGE_MEDIA:
        not_pages["neither HTML nor text"] += 1
        return None
    length = record.content_length
    raw = record.reader.read(min(length, MAX_PAGE_BYTES + 1))
    if len(raw) < min(length, MAX_PAGE_BYTES + 1):
        raise OSError(f"the record is cut off: {len(raw)} of {length} bytes")
    raw, has_all = _decoded(raw, codings)
    has_all = has_all and not any(name in record.headers for name in ("WARC-Truncated", "WARC-Segment-Number"))
    if len(raw) > MAX_PAGE_BYTES:
        problem = BadPage("too-large", f"{length} bytes, or more when decoded; a page may have {MAX_PAGE_BYTES}")
        return Unread(place, problem, length, hashlib.sha256(raw).hexdigest())
    return RawPage(
        name=place,
        raw=raw,
        url=_address(record.headers.get("WARC-Target-URI")),
        captured_at=captured(record.headers.get("WARC-Date"), day=True),
        media="html" if media in HTML_MEDIA else "",
        charset=charset,
        flags=() if has_all else ("page-truncated",),
    )


def _codings(header: str | None) -> list[str]:
    return [name.strip().lower() for name in (header or "").split(",") if name.strip()]


def _address(said: str | None) -> str:
    address = (said or "").strip().removeprefix("<").removesuffix(">")
    return address if address.startswith(("http://", "https://")) else ""


def _decoded(raw: bytes, codings: list[str]) -> tuple[bytes, bool]:
    """Return what a server coded so, up to MAX_PAGE_BYTES and one, and whether it came to its end.

    It is as it is where an archive keeps it decoded already.
    """
    has_all = True
    for coding in reversed(codings):
        decoded, is_all = _decode(raw, coding)
        if decoded:
            raw, has_all = decoded, has_all and is_all
    return raw, has_all


def _decode(raw: bytes, coding: str) -> tuple[bytes, bool]:
    """Return as much of `raw` as can be decoded, and whether that is all."""
    if coding == "chunked":
        return _joined(raw)
    if coding in ("gzip", "x-gzip") or (coding == "deflate" and raw.startswith(GZIP)):
        unpacked = decompressed(io.BytesIO(raw))
        return unpacked.read(MAX_PAGE_BYTES + 1), is_complete(unpacked)
    if coding == "deflate":
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # servers send it with the head of zlib and without
            try:
                inflate = zlib.decompressobj(bits)
                return inflate.decompress(raw, MAX_PAGE_BYTES + 1), inflate.eof
            except zlib.error:
                continue
    reader = {"br": BrotliReader, "zstd": ZstdReader}.get(coding)
    pieces: list[bytes] = []
    length = 0
    try:
        stream = reader(io.BytesIO(raw)) if reader else None
        while stream is not None and length <= MAX_PAGE_BYTES and (piece := stream.read(PIECE_BYTES)):
            pieces.append(piece)
            length += len(piece)
    except OSError:  # cut off, or not coded so: what there is
        return b"".join(pieces), False
    return b"".join(pieces), True


def _joined(raw: bytes) -> tuple[bytes, bool]:
    """Return the chunks of a body (RFC 9112, section 7.1) as one and whether the last is there; b"" for one not in chunks."""
    pieces: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(raw, at)) is not None:
        end = size.end() + int(size[1], 16)
        if end == size.end():
            return b"".join(pieces), True
        pieces.append(raw[size.end() : end])
        at = end + 2
        if end < len(raw) and not raw.startswith(b"\r\n", end):
            return b"", False
    return b"".join(pieces), False
