"""Make a page of a file's bytes, by what they hold."""

from __future__ import annotations

import re
from datetime import datetime

from cleaners import Page, decode

HEAD_BYTES = 2_048
# How HTML begins, after a byte order mark, an XML declaration and comments.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
HTML_SUFFIXES = (".html", ".htm")


def is_html(raw: bytes, name: str) -> bool:
    """Say whether a file is an HTML page: it begins like one, or is named like one and has a tag near its start."""
    head = raw.removeprefix(b"\xef\xbb\xbf")[:HEAD_BYTES]
    return _HTML.match(head) is not None or (name.lower().endswith(HTML_SUFFIXES) and b"<" in head)


def page_of(raw: bytes, name: str, url: str, captured_at: datetime | None) -> Page:
    """Return the page that a file's bytes are; raises BadPage when they are none."""
    if is_html(raw, name):
        from cleaners.html_page import html_page  # takes a third of a second to import

        return html_page(raw, name, url, captured_at)
    return Page(decode(raw), name, url, captured_at)
