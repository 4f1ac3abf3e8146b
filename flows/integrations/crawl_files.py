"""The pages of a crawl in files: responses as a web archive, other items as JSON Lines, for runs to read.

Called by `flows.integrations.scrapy`.
"""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc import WarcRecord, WarcRecordType

from cleaners.dates.timestamps import iso_utc
from flows.integrations.items import as_row, header, page_of_response, response_of, time_of, values_of


class CrawlFiles:
    """The files of one crawl in a folder, named by the time of its beginning and made when they are needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = datetime.now(UTC)
        self._open: dict[str, BinaryIO] = {}

    def add(self, item: object) -> None:
        """Write down the page of an item."""
        response = response_of(item)
        if response is None:
            self._write(".jsonl", as_row(values_of(item)) + b"\n")
        else:
            self._write(".warc.gz", gzip.compress(_archived(response)))

    def close(self) -> None:
        """Close the files."""
        while self._open:
            self._open.popitem()[1].close()

    def _write(self, suffix: str, content: bytes) -> None:
        if suffix not in self._open:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._open[suffix] = (self._folder / f"crawl-{self._began:%Y%m%dT%H%M%S.%f}{suffix}").open("xb")
        self._open[suffix].write(content)


def _archived(response: object) -> bytes:
    """Return the record of a response for a web archive; its body is as the crawler has it, not compressed for the way."""
    page = page_of_response(response)
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response)
    record.headers["WARC-Target-URI"] = page.url
    record.headers["WARC-Date"] = iso_utc(time_of(response))
    record.headers["Content-Type"] = "application/http; msgtype=response"
    lines = [f"HTTP/1.1 {getattr(response, 'status', 200)} OK"]
    lines += [f"{name}: {value}" for name in ("Content-Type", "Date") if (value := header(response, name))]
    record.set_bytes_content("\r\n".join([*lines, "", ""]).encode("ascii") + page.raw)
    stream = io.BytesIO()
    record.write(stream)
    return stream.getvalue()
