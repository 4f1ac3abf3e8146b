"""Make a page of a file's bytes, by what they hold."""

from __future__ import annotations

import re
from datetime import datetime

from cleaners import Page, decode
from flows.compression import decompress, without_suffix

MAX_PAGE_BYTES = 100 * 1024 * 1024  # the largest page cleaned; cleaning takes up to thirty times its size in memory
HEAD_BYTES = 4_096
SAMPLE_BYTES = 65_536
HTML_SUFFIXES = (".html", ".htm")
# How HTML begins, after an XML declaration and comments.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,3000}?-->\s*){0,5}<(?:!doctype\s+html\b|(?:html|head|body)(?:\s[^>]*)?>)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<(?:/[a-z]|!doctype|!--|[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)


def is_html(raw: bytes, name: str) -> bool:
    """Say whether a file is an HTML page: it begins like one and goes on with tags, or has tags and is named like one."""
    sample = raw[:SAMPLE_BYTES]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            sample = sample[2:].decode(encoding, "ignore").encode()
    sample = sample.removeprefix(b"\xef\xbb\xbf")
    if name.lower().endswith(HTML_SUFFIXES):
        return _TAG.search(sample) is not None
    begun = _HTML.match(sample[:HEAD_BYTES])
    return begun is not None and (b"!doctype" in begun[0].lower() or _TAG.search(sample, begun.end()) is not None)


def page_of(raw: bytes, name: str, url: str, captured_at: datetime | None) -> Page:
    """Return the page that a file's bytes are, or hold compressed; raises BadPage when they are none."""
    raw = decompress(raw, MAX_PAGE_BYTES)
    if is_html(raw, without_suffix(name)):
        from cleaners.html_page import html_page  # takes a third of a second to import

        return html_page(raw, name, url, captured_at)
    return Page(decode(raw), name, url, captured_at)
