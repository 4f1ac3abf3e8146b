"""A page as a file or an archive holds it, and the page that its bytes are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cleaners import BadPage, Page, decode
from cleaners.document.mojibake import MOJIBAKE_FLAG, repair
from cleaners.document.page import NO_METADATA, Metadata
from flows.inputs.compression import without_suffix

if TYPE_CHECKING:
    from cleaners.html.selectors import Selectors

PLACE = re.compile(r"#(\d+(?:-\d+)?)\Z", re.ASCII)  # ends the name of a page in a container
MAX_PAGE_BYTES = 100 * 1024 * 1024  # the largest page cleaned; cleaning takes up to thirty times its size in memory
HEAD_BYTES = 4_096
SAMPLE_BYTES = 65_536
HTML_SUFFIXES = (".html", ".htm")
# How HTML begins, after an XML declaration and comments.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:(?><!--.{0,3000}?-->)\s*+){0,5}+<(?:!doctype\s+html\b|(?:html|head|body)(?:\s[^>]*)?>)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<(?:/[a-z]|!doctype|!--|[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page before it is read: its name, its bytes, and what its container says of it.

    `text` is what the bytes hold, where the container has it decoded; `media` is "html" where the container says that it is,
    `charset` the encoding that it was sent with. `flags` go to the flags of its records.
    """

    name: str
    raw: bytes
    text: str | None = None
    url: str = ""
    captured_at: datetime | None = None
    media: str = ""
    charset: str = ""
    metadata: Metadata = NO_METADATA
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read as a page, and why; `size` and `sha256` are of its bytes, "" where they cannot be read."""

    name: str
    problem: Exception
    size: int
    sha256: str = ""


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


def page_of(page: RawPage, selectors: Selectors | None = None) -> Page:
    """Return a page as it is to be cleaned, by the `selectors` of packs; raises BadPage when its bytes are none."""
    sample = page.raw if page.text is None else page.text[:SAMPLE_BYTES].encode("utf-8", "replace")
    if page.media == "html" or is_html(sample, without_suffix(page.name)):
        from cleaners.html.reader import html_page  # takes a tenth of a second to import

        source = page.raw if page.text is None else page.text
        read = html_page(source, page.name, page.url, page.captured_at, page.charset, selectors)
        return replace(read, metadata=read.metadata.filled(page.metadata), flags=(*read.flags, *page.flags))
    text = page.text
    if text is None and page.charset:
        from cleaners.document.encoding import decode_text  # few pages come with one

        text = decode_text(page.raw, page.charset)
    elif text is None:
        text = decode(page.raw)
    repaired = repair(text)
    if not repaired or repaired.isspace():
        raise BadPage("empty", "the page holds no visible character")
    flags = page.flags if repaired == text else (*page.flags, MOJIBAKE_FLAG)
    return Page(repaired, page.name, page.url, page.captured_at, metadata=page.metadata, flags=flags)
