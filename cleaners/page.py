"""Bytes in, a page of lines out: the first step of the way through the house."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

# Byte order marks, longest first: the UTF-32 little-endian mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Above this share of NULs in its first 64 KiB a file is no text: stray NULs come singly, binary formats and
# UTF-16 without a mark come with many.
BINARY_NUL_SHARE = 0.02
BINARY_SAMPLE = 65_536
BINARY_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\x28\xb5\x2f\xfd",
)


class BadPage(ValueError):
    """Say why an input cannot be cleaned: `reason` is one word for counting, `detail` a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a page that holds something visible; `start` and `end` bound it without outer white space."""

    start: int
    end: int
    text: str


class Hint(msgspec.Struct, frozen=True, gc=False):
    """What the place of a line in an HTML page says of it.

    Its `tag`, the share of it that is `linked`, the `part` beside the text that it is in ("frame" for menus and the like,
    "list" for lists of other stories, "comments"), whether it is in the `main` text by another extractor, the first `link` in
    it as it is written, the `time` that an element in it tells machines, and the `rules` whose selectors take an element that
    it is in.
    """

    tag: str = ""
    linked: float = 0.0
    part: str = ""
    main: bool = False
    link: str = ""
    time: str = ""
    rules: tuple[str, ...] = ()


class Metadata(NamedTuple):
    """What the head of an HTML page says of its story; `published` is ISO 8601 in UTC, known to its `precision`.

    `language` is an ISO 639-1 code, `base` the address that the links on the page begin at, where that is not the page's
    own.
    """

    title: str = ""
    published: str = ""
    precision: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    url: str = ""
    base: str = ""

    def filled(self, other: Metadata) -> Metadata:
        """Return this, and of `other` what this does not say."""
        return self._replace(**{name: value for name, value in other._asdict().items() if not getattr(self, name)})


NOTHING_SAID = Metadata()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's decoded text and what is known of where it came from; `captured_at` has a time zone.

    For an HTML page, `text` is what can be seen of it, a line for each block, and `hints` holds what its elements say of
    each line, by the place at which the line starts; for a text page it is empty. `said` is what its head says, or the
    row that it came in. `flags` hold for each of its records. `others` ask
    further extractors, slow ones last, which lines of an HTML page are main text.
    """

    text: str
    path: str = ""
    url: str = ""
    captured_at: datetime | None = None
    hints: Mapping[int, Hint] = field(default_factory=dict)
    said: Metadata = NOTHING_SAID
    flags: tuple[str, ...] = ()
    others: Sequence[Callable[[], Sequence[bool]]] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.captured_at is not None and self.captured_at.tzinfo is None:
            raise ValueError("captured_at needs a time zone, as in datetime(2025, 7, 5, 12, tzinfo=UTC)")

    @property
    def id(self) -> str:
        """Return the page's stable name: made of its address, else its path, else its text."""
        return stable_id(self.url or self.path or self.text)


def stable_id(*parts: str) -> str:
    """Return 24 hexadecimal digits that depend on `parts` alone."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def decode(raw: bytes) -> str:
    """Decode a page's bytes: UTF-8, or what a byte order mark says; the mark itself is not part of the text.

    Raises BadPage with the reason `empty`, `binary` or `undecodable`.
    """
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if raw.startswith(known[0])), (b"", "utf-8"))
    if not mark:
        refuse_binary(raw)
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        place = len(mark) + error.start
        raise BadPage("undecodable", f"not valid {encoding.upper()} at byte {place} ({error.reason})") from None
    if not text or text.isspace():
        raise BadPage("empty", "the page holds no visible character")
    return text


def refuse_binary(raw: bytes) -> None:
    """Raise BadPage when `raw` is plainly no text."""
    if raw.startswith(BINARY_MAGIC):
        raise BadPage("binary", "the file begins like an image, archive, program or PDF, not like text")
    sample = raw[:BINARY_SAMPLE]
    if sample.count(0) > BINARY_NUL_SHARE * len(sample):
        raise BadPage("binary", f"{sample.count(0)} of the first {len(sample)} bytes are NUL")


def refuse_surrogates(text: str) -> None:
    """Raise BadPage when `text` holds half a character, which no file can hold; JSON escapes can make such text."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadPage("undecodable", f"the character at {error.start} is half of a surrogate pair") from None


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that hold something visible, in order; any Unicode line end counts."""
    lines = []
    at = 0
    for raw in text.splitlines(keepends=True):
        kept = raw.strip()
        if kept:
            start = at if raw[0] == kept[0] else at + raw.index(kept[0])
            lines.append(Line(start, start + len(kept), kept))
        at += len(raw)
    return lines
