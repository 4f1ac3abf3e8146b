"""A page as stored in a file or an archive, and its conversion to a `Page` of `cleaners`.

Made by the readers of `flows.inputs`; converted by `flows.execution.shard`, `flows.inspect.verify`,
`flows.report.page_texts` and `flows.inputs.single_file`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cleaners import BadPage, Page
from cleaners.document.encoding import GUESSED_FLAG, decode_text
from cleaners.document.mojibake import MOJIBAKE_FLAG, repair
from cleaners.document.page import NO_METADATA, Metadata
from flows.inputs.compression import without_suffix
from flows.inputs.row_names import FieldNames

if TYPE_CHECKING:
    from cleaners.html.page_selectors import PageSelectors

PLACE = re.compile(r"#(\d+(?:-\d+)?)\Z", re.ASCII)  # at the end of the name of a page in a container
MAX_PAGE_BYTES = 100 * 1024 * 1024  # the largest page cleaned; cleaning needs up to thirty times its size in memory
HEAD_BYTES = 4_096
SAMPLE_BYTES = 65_536
HTML_SUFFIXES = (".html", ".htm")
# The beginning of HTML, after an XML declaration and comments.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:(?><!--.{0,3000}?-->)\s*+){0,5}+<(?:!doctype\s+html\b|(?:html|head|body)(?:\s[^>]*)?>)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<(?:/[a-z]|!doctype|!--|[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page before it is decoded: its name, its bytes, and the metadata of its container.

    `text` is its decoded text if the container has it; `media` is "html" if the container declares it so, else "". `charset`
    is the encoding declared by the server. `flags` go to the flags of its records. `fields` names the fields of its row.
    `made_by` is the digest of the rules that made the record of dehusk in a row, "" for any other page.
    """

    name: str
    raw: bytes
    text: str | None = None
    url: str = ""
    captured_at: datetime | None = None
    media: Literal["", "html"] = ""
    charset: str = ""
    metadata: Metadata = NO_METADATA
    flags: tuple[str, ...] = ()
    fields: FieldNames | None = None
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A part of an input that cannot be read as a page, with the error; `sha256` of its bytes is "" if they cannot be read.

    `fields` names the fields of its row.
    """

    name: str
    problem: Exception
    size: int
    sha256: str = ""
    fields: FieldNames | None = None


def is_html(raw: bytes, name: str) -> bool:
    """Return whether a file is an HTML page: it begins like one and has tags, or has tags and the name of one."""
    sample = raw[:SAMPLE_BYTES]
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(bom):
            sample = sample[2:].decode(encoding, "ignore").encode()
    sample = sample.removeprefix(b"\xef\xbb\xbf")
    if name.lower().endswith(HTML_SUFFIXES):
        return _TAG.search(sample) is not None
    beginning = _HTML.match(sample[:HEAD_BYTES])
    return beginning is not None and (b"!doctype" in beginning[0].lower() or _TAG.search(sample, beginning.end()) is not None)


def is_html_page(page: RawPage) -> bool:
    """Return whether a page is HTML, as its container declares or its beginning shows."""
    sample = page.raw if page.text is None else page.text[:SAMPLE_BYTES].encode("utf-8", "replace")
    return page.media == "html" or is_html(sample, without_suffix(page.name))


def page_of(page: RawPage, selectors: PageSelectors | None = None) -> Page:
    """Return a page ready for cleaning; `selectors` are those of the packs. Raises BadPage when its bytes are no page."""
    if page.made_by and page.text:
        whole = Page(page.text, page.name, page.url, page.captured_at, metadata=page.metadata, flags=page.flags)
        return replace(whole, made_by=page.made_by)
    if is_html_page(page):
        from cleaners.html.reader import html_page  # takes a tenth of a second to import

        source = page.raw if page.text is None else page.text
        parsed = html_page(source, page.name, page.url, page.captured_at, page.charset, selectors)
        return replace(parsed, metadata=parsed.metadata.filled(page.metadata), flags=(*parsed.flags, *page.flags))
    text, flags = plain_text(page)
    return Page(text, page.name, page.url, page.captured_at, metadata=page.metadata, flags=(*page.flags, *flags))


def plain_text(page: RawPage) -> tuple[str, list[str]]:
    """Return the text of a page that is no HTML, and the flags of its decoding; raises BadPage when its bytes are no text."""
    text, is_guess = (page.text, False) if page.text is not None else decode_text(page.raw, page.charset)
    repaired = repair(text)
    if not repaired or repaired.isspace():
        raise BadPage("empty", "the page holds no visible character")
    return repaired, [*[MOJIBAKE_FLAG] * (repaired != text), *[GUESSED_FLAG] * is_guess]
