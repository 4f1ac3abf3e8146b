"""Bytes in, a page of lines out: the first step of the way through the house."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a page that holds something visible; `start` and `end` bound it without outer white space."""

    start: int
    end: int
    text: str


class Hint(msgspec.Struct, frozen=True, gc=False):
    """What the place of a line in an HTML page says of it.

    Its `tag`, the share of it that is `linked`, the `page_part` beside the text that it is in ("frame" for menus and the like,
    "list" for lists of other stories, "comments"), whether it is in the `main` text by another extractor, the first `link` in
    it as it is written, the `time` that an element in it tells machines, and the `rules` whose selectors take an element that
    it is in.
    """

    tag: str = ""
    linked: float = 0.0
    page_part: str = ""
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


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's decoded text and what is known of where it came from; `captured_at` has a time zone.

    For an HTML page, `text` is what can be seen of it, a line for each block, and `hints` holds what its elements say of
    each line, by the place at which the line starts; for a text page it is empty. `metadata` is what its head says, or the
    row that it came in. `flags` hold for each of its records. `others` ask
    further extractors, slow ones last, which lines of an HTML page are main text.
    """

    text: str
    path: str = ""
    url: str = ""
    captured_at: datetime | None = None
    hints: Mapping[int, Hint] = field(default_factory=dict)
    metadata: Metadata = NO_METADATA
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
