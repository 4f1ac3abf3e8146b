"""Read pages from web archives: responses of servers (WARC), or text extracted from them (WET).

Called by `flows.inputs.containers`.
"""

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
from cleaners.document.address import web_address
from flows.inputs.capture_time import parse_capture_time
from flows.inputs.compression import GZIP, Endless, decompressed, is_complete, is_endless, problem_of
from flows.inputs.raw_page import MAX_PAGE_BYTES, RawPage, UnreadablePage
from flows.inputs.warc_index import (
    check_record_end,
    has_record_per_member,
    magic_of,
    next_record,
    record_end,
    resume_offset,
)
from flows.inputs.warc_limit import MAX_BREAKS, beginning, endless_from

HTML_MEDIA = ("text/html", "application/xhtml+xml")
PAGE_MEDIA = (*HTML_MEDIA, "text/plain", "")
PAGE_TYPES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
PIECE_BYTES = 256 * 1024
# To go on after a break, the bytes behind it that were taken for its record are read again, and those of an archive compressed
# as a whole from its beginning: so much in all, or so many times the size of its file.
MAX_BYTES_AGAIN = 256 * 1024 * 1024
MAX_TIMES_AGAIN = 16
STORED_SHARE = 8  # so many times fewer of one that is not, as what is read again are pages, and cleaned


def read_warc(
    file: BinaryIO, start: int, end: int | None, name: str, not_pages: Counter[str]
) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of the records that begin from byte `start` to `end`, each named by `name` and its offset in bytes.

    `file` can seek. Records that are no pages (requests, images, errors of servers) are counted in `not_pages` by kind. A
    broken part of the archive is yielded as an UnreadablePage, and reading goes on at the next record.
    """
    magic = magic_of(file)
    is_stored = magic == b"" or (magic == GZIP and has_record_per_member(file))
    size = file.seek(0, io.SEEK_END) if magic == b"" else None
    limit = endless_from(file, start, end) if is_stored and magic == GZIP else None
    if limit is not None:
        file, end = beginning(file, limit), limit
    max_again = max(MAX_BYTES_AGAIN, MAX_TIMES_AGAIN * file.seek(0, io.SEEK_END)) // (STORED_SHARE if is_stored else 1)
    file.seek(0)
    # An archive compressed as a whole is decompressed first; its offsets are those in the decompressed content.
    archive, magic = (file, magic) if is_stored else (decompressed(file), b"")
    offset: int | None = start
    breaks = again = decoded = 0
    is_reported = False
    while offset is not None and (end is None or offset < end):
        archive.seek(offset)
        last, length, is_read = offset, -1, False
        try:
            for record, page_name in _records(archive, end, name):
                last, length, is_read = record.stream_pos, record.content_length, False
                if "Content-Length" not in record.headers:
                    raise OSError("the record's header is cut off, or says no length")
                if size is not None and last + length > size:
                    raise OSError(f"the record says that it has {length} bytes, which is more than follow")
                page = _read_record(record, page_name, not_pages)
                if page is not None:
                    decoded += len(page.raw) if isinstance(page, RawPage) else MAX_PAGE_BYTES
                    if is_endless(decoded, last - start if is_stored else file.tell()):
                        raise Endless(last)
                    yield page
                is_read = True
            if length < 0:
                raise OSError("there is no record")
            if is_stored:
                check_record_end(file, last, end, magic)
            elif last + length > archive.tell():
                is_read = False
                raise OSError(f"the record says that it has {length} bytes, which is more than follow")
            break
        except Endless:
            limit = last
            break
        except OSError as error:
            if error.errno is not None:  # an error of the disk, not of the archive
                raise
            again += archive.tell() - (last if is_stored else 0)
            problem = problem_of(archive)
            is_reported = problem is not None
            last_end = record_end(archive, last, magic) if is_read else None
            broken = last if last_end is None else last_end
            if end is not None and broken >= end:  # the reader of the next piece reports it
                break
            breaks += 1
            can_go_on = breaks < MAX_BREAKS and again < max_again
            offset = next_record(archive, resume_offset(archive, broken, magic), magic) if can_go_on else None
            goes_on = "nothing after it is read" if offset is None else f"reading goes on at byte {offset}"
            detail = f"the archive is broken here: {problem or error}; {goes_on}"
            yield UnreadablePage(f"{name}#{broken}", BadPage("warc", detail), 0)
    if limit is not None:
        detail = f"the archive cannot be unpacked to its end: {Endless(limit)}"
        yield UnreadablePage(f"{name}#{limit}", BadPage("compressed", detail), 0)
    elif not is_reported and (problem := problem_of(archive)):
        yield UnreadablePage(name, BadPage("compressed", f"the archive cannot be unpacked to its end: {problem}"), 0)


def _records(file: BinaryIO, end: int | None, name: str) -> Iterator[tuple[WarcRecord, str]]:
    """Yield records with their names; records of one compressed stream share its offset, and a number follows it."""
    offset, count = -1, 1
    for record in ArchiveIterator(file, parse_http=False):
        if end is not None and record.stream_pos >= end:
            return
        count = count + 1 if record.stream_pos == offset else 1
        offset = record.stream_pos
        yield record, f"{name}#{offset}" if count == 1 else f"{name}#{offset}-{count}"


def _read_record(record: WarcRecord, page_name: str, not_pages: Counter[str]) -> RawPage | UnreadablePage | None:
    """Return the page in a record, None for a record that is no page; raises OSError for a broken archive."""
    if not record.record_type & PAGE_TYPES:
        not_pages[f"{record.record_type} record"] += 1
        return None
    content_type = record.headers.get("Content-Type", "") or ""
    charset, codings, status = "", [], 200
    if record.record_type & WarcRecordType.response:
        if not record.is_http:
            not_pages["response that is not HTTP"] += 1
            return None
        record.parse_http(quirks_mode=True)
        headers = record.http_headers
        status = headers.status_code or 0
        content_type = headers.get("Content-Type", "") or ""
        charset = record.http_charset or ""
        codings = _codings(headers.get("Content-Encoding")) + _codings(headers.get("Transfer-Encoding"))
    if not 200 <= status < 300:
        not_pages[f"HTTP status {status}" if 100 <= status < 600 else "no HTTP status"] += 1
        return None
    media = content_type.partition(";")[0].strip().lower()
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
        return UnreadablePage(page_name, problem, length, hashlib.sha256(raw).hexdigest())
    return RawPage(
        name=page_name,
        raw=raw,
        url=_address(record.headers.get("WARC-Target-URI")),
        captured_at=parse_capture_time(record.headers.get("WARC-Date"), accept_date=True),
        media="html" if media in HTML_MEDIA else "",
        charset=charset,
        flags=() if has_all else ("page-truncated",),
    )


def _codings(header: str | None) -> list[str]:
    return [name.strip().lower() for name in (header or "").split(",") if name.strip()]


def _address(header: str | None) -> str:
    return web_address((header or "").strip().removeprefix("<").removesuffix(">"))


def _decoded(raw: bytes, codings: list[str]) -> tuple[bytes, bool]:
    """Return a body with its codings undone, up to MAX_PAGE_BYTES and one, and whether it is complete.

    A coding is ignored if the archive has undone it already.
    """
    has_all = True
    for coding in reversed(codings):
        decoded, is_all = _decode(raw, coding)
        if decoded:
            raw, has_all = decoded, has_all and is_all
    return raw, has_all


def _decode(raw: bytes, coding: str) -> tuple[bytes, bool]:
    """Return as much of `raw` as can be decoded, and whether it is complete."""
    if coding == "chunked":
        return _joined(raw)
    if coding in ("gzip", "x-gzip") or (coding == "deflate" and raw.startswith(GZIP)):
        unpacked = decompressed(io.BytesIO(raw))
        return unpacked.read(MAX_PAGE_BYTES + 1), is_complete(unpacked)
    if coding == "deflate":
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # servers send it with the header of zlib and without
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
    except OSError:  # cut off, or coded otherwise
        return b"".join(pieces), False
    return b"".join(pieces), True


def _joined(raw: bytes) -> tuple[bytes, bool]:
    """Return the joined chunks of a body (RFC 9112, section 7.1) and whether the last is there; b"" if it is not chunked."""
    pieces: list[bytes] = []
    offset = 0
    while (size := _CHUNK.match(raw, offset)) is not None:
        end = size.end() + int(size[1], 16)
        if end == size.end():
            return b"".join(pieces), True
        pieces.append(raw[size.end() : end])
        offset = end + 2
        if end < len(raw) and not raw.startswith(b"\r\n", end):
            return b"", False
    return b"".join(pieces), False
