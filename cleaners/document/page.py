"""The page: decoded text with its lines, hints of HTML elements and metadata.

Made by `flows.inputs` and `cleaners.html.reader`, and used by every later step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec

from cleaners.document.address import web_address
from cleaners.document.controls import without_controls
from cleaners.errors import BadPage

# A part of an HTML page beside its text: menus and the like, a list of other stories, comments of readers; "" for none.
PagePart = Literal["", "frame", "list", "comments"]
# The smallest unit to which a time is known, "" for an unknown time.
Precision = Literal["", "second", "minute", "hour", "day"]


class Line(msgspec.Struct, frozen=True, gc=False):
    """One visible line of a page; its `text` from offset `start` to `end`, without outer white space."""

    start: int
    end: int
    text: str


class Around(NamedTuple):
    """The elements around a word: their known names, and the numbers of its block's parent, grandparent and kind.

    Blocks with the same tag and the same classes are of one kind.
    """

    names: tuple[str, ...] = ()
    block: int = 0
    parent: int = 0
    grandparent: int = 0
    kind: int = 0


NOTHING_AROUND = Around()


class Hint(msgspec.Struct, frozen=True, gc=False):
    """The evidence of HTML elements about one line.

    `tag` is its block element, `linked` the share of its characters in links, `page_part` the part beside the text that holds
    it. `main` is true when another extractor has the line in its main text. `link` is the first link in it as written,
    `time` the machine-readable time of an element in it, `rules` the rules with a selector for an element around it. A
    row of a table of data is one line, with the tag `tr`. `group` numbers the list that holds the line, 0 for none. `boxed`
    means that the line is in a dialog or among comments, and beside the story however long those are. `around` are the
    elements around its first word.
    """

    tag: str = ""
    linked: float = 0.0
    page_part: PagePart = ""
    main: bool = False
    link: str = ""
    time: str = ""
    rules: tuple[str, ...] = ()
    group: int = 0
    boxed: bool = False
    around: Around = NOTHING_AROUND


MAX_NAMES = 50  # authors or tags of a story
MAX_LINES = 250_000  # of a page; reading a line takes a kilobyte of memory, however short it is
MAX_PIECES = 250_000  # taken out from inside its lines; each makes two segments of the ledger, at a kilobyte
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # those of str.splitlines


class Metadata(NamedTuple):
    """The metadata of a story, from the head of its HTML page or from its row.

    `published` is ISO 8601 in UTC, known to its `precision`; `worded` is that time in words or local numbers, where it is given
    in no other form. `updated` is the time of the last change, and `nearest` that of an unmarked element near the title, both
    as they are given. `companies` are authors that are no people. `language` is an ISO 639-1 code, and `region` that of its
    country ("us" of "en-US"); `base` is the address to which the page's links are relative, "" for the page's own.
    """

    title: str = ""
    published: str = ""
    precision: Precision = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    url: str = ""
    base: str = ""
    worded: str = ""
    updated: str = ""
    nearest: str = ""
    region: str = ""
    companies: tuple[str, ...] = ()

    def filled(self, other: Metadata) -> Metadata:
        """Return this metadata with its empty fields filled from `other`."""
        return self._replace(**{name: value for name, value in other._asdict().items() if not getattr(self, name)})

    def without_controls(self) -> Metadata:
        """Return this metadata without control characters, in lines with single blanks."""
        values = (
            _clean_line(value) if isinstance(value, str) else tuple(filter(None, map(_clean_line, value))) for value in self
        )
        return Metadata(*values)  # type: ignore[arg-type]


def _clean_line(value: str) -> str:
    """Return a value without control characters, and without the blanks that these, or a cut at a limit, leave around it."""
    return " ".join(without_controls(value).split())


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's decoded text and its provenance; `captured_at` has a time zone.

    An address that is not of the web is none, and metadata lose their control characters.

    For an HTML page, `text` is the visible text, a line for each block, and `hints` maps the start offset of a line to its
    hint; for a text page it is empty. `metadata` comes from the page's head or row. `flags` go to each of its records.
    `extractors` are further extractors of the main text of an HTML page, slow ones last; each returns a bool for every line.
    `find_day` gives a last resort for the day of publication, bounded by the time of capture.
    `original` is the text before the marks of a flattener were taken out, "" when there were none; `marked` maps the start
    offsets of lines to the hints that those marks gave: tags of headings, and links. `signs` counts the signs of the type of
    an HTML page. `made_by` is the digest of the rules that made the text, when it is that of a record: the same rules keep it.
    """

    text: str
    path: str = ""
    url: str = ""
    captured_at: datetime | None = None
    hints: Mapping[int, Hint] = field(default_factory=dict)
    metadata: Metadata = NO_METADATA
    flags: tuple[str, ...] = ()
    extractors: Sequence[Callable[[], Sequence[bool]]] = field(default=(), compare=False, repr=False)
    find_day: Callable[[datetime | None], str] | None = field(default=None, compare=False, repr=False)
    original: str = field(default="", repr=False)
    marked: Mapping[int, Hint] = field(default_factory=dict, repr=False)
    signs: Mapping[str, int] = field(default_factory=dict, repr=False)
    made_by: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.captured_at is not None and self.captured_at.tzinfo is None:
            raise ValueError("captured_at needs a time zone, as in datetime(2025, 7, 5, 12, tzinfo=UTC)")
        if self.captured_at is not None:
            try:
                self.captured_at.astimezone(UTC)
            except OverflowError:
                raise ValueError("captured_at needs to be within the years 1 to 9999 in UTC") from None
        if self.url:
            object.__setattr__(self, "url", web_address(self.url))
        if self.metadata is not NO_METADATA:
            object.__setattr__(self, "metadata", self.metadata.without_controls())

    def hint(self, start: int) -> Hint | None:
        """Return the hint of the line that starts at an offset, from HTML or from the marks of a flattener."""
        return self.hints.get(start) or self.marked.get(start)

    @property
    def id(self) -> str:
        """Return the stable id of the page, made from its address, else its path, else its text."""
        return stable_id(self.url or self.path or self.original or self.text)


def stable_id(*parts: str) -> str:
    """Return an id of 24 hexadecimal digits, a digest of `parts`."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def refuse_many_lines(text: str) -> None:
    """Raise BadPage with the reason `too-large` for a text of more than MAX_LINES, blank ones counted."""
    if len(text) < MAX_LINES:
        return
    count = sum(map(text.count, _LINE_ENDS)) - text.count("\r\n") + 1
    if count > MAX_LINES:
        raise BadPage("too-large", f"the page has {count:,} lines; a page may have {MAX_LINES:,}")


def refuse_many_pieces(count: int) -> None:
    """Raise BadPage with the reason `too-large` for over MAX_PIECES control characters, marks or escapes in a page."""
    if count > MAX_PIECES:
        raise BadPage("too-large", f"the page has over {MAX_PIECES:,} control characters, marks or escapes inside its lines")


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank, in order; any Unicode line end counts."""
    lines = []
    offset = 0
    for raw in text.splitlines(keepends=True):
        visible = raw.strip()
        if visible:
            start = offset if raw[0] == visible[0] else offset + raw.index(visible[0])
            lines.append(Line(start, start + len(visible), visible))
        offset += len(raw)
    return lines
