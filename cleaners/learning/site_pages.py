"""The pages of one site side by side: the keys of their lines, the pages that have each, and its role in a reading.

Made by `cleaners.learning.choice`; every module that proposes rules reads these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

import msgspec

from cleaners.dates.timestamps import iso_utc
from cleaners.document.page import Line, Page, split_lines
from cleaners.errors import BadPage
from cleaners.output.record import Cleaned
from cleaners.pipeline import clean_page
from cleaners.rules.registry import Library
from cleaners.text.normalize import NO_KEY, line_key

# What a reading made of a line: the title, the text or another field of the page's own story, a part of another story, or none
# of these. A line with several parts has the first of them that it holds.
Role = Literal["title", "text", "field", "story", ""]
Place = Literal["before", "inside", "after"]  # of a line, by the text of the page's own story
ROLES: tuple[Role, ...] = ("title", "text", "field", "story", "")


class SitePage(msgspec.Struct, frozen=True, eq=False):
    """A page with its visible lines and their look-up keys, NO_KEY for long ones and for those without a letter."""

    page: Page
    lines: list[Line]
    keys: list[str]


class PageReading(msgspec.Struct, frozen=True, eq=False):
    """A page as a library read it: the result, None for a page that was refused, and the role of each line."""

    cleaned: Cleaned | None
    roles: list[Role]

    @property
    def text_bounds(self) -> tuple[int, int] | None:
        """Return the indices of the first and the last line of the page's own text, None when it has none."""
        if "text" not in self.roles:
            return None
        return self.roles.index("text"), len(self.roles) - 1 - self.roles[::-1].index("text")

    @property
    def title_index(self) -> int | None:
        """Return the index of the line with the title of the page's own story, None when there is none."""
        return self.roles.index("title") if "title" in self.roles else None

    @property
    def has_time(self) -> bool:
        """Return whether the time of the page's own story is known."""
        records = self.cleaned.records if self.cleaned is not None else ()
        return any(record.kind == "article" and record.published != "" for record in records)


def site_page(page: Page) -> SitePage:
    """Return a page with its lines and keys."""
    lines = split_lines(page.text)
    return SitePage(page, lines, [_key(line.text) for line in lines])


def _key(text: str) -> str:
    return line_key(text) if any(map(str.isalpha, text)) else NO_KEY


def read_with(page: SitePage, library: Library) -> PageReading:
    """Return a page as a library reads it."""
    try:
        cleaned = clean_page(page.page, library)
    except BadPage:
        return PageReading(None, [""] * len(page.lines))
    return PageReading(cleaned, list(_roles(page, cleaned)))


def _roles(page: SitePage, cleaned: Cleaned) -> Iterator[Role]:
    """Yield the role of each line of a page."""
    own = {record.id for record in cleaned.records if record.kind == "article"}
    segments = iter(cleaned.segments)
    segment = next(segments, None)
    for line in page.lines:
        found: set[Role] = set()
        while segment is not None and segment.start < line.end:
            if segment.end > line.start and segment.record is not None:
                found.add(_role_of(segment.field or "") if segment.record in own else "story")
            if segment.end > line.end:
                break
            segment = next(segments, None)
        yield next((role for role in ROLES if role in found), "")


def _role_of(field: str) -> Role:
    return "title" if field == "title" else "text" if field == "text" else "field"


class SitePages:
    """Pages of one site, or of one of its templates, with the number of pages that have each line.

    `readings` are those of a library without a pack of the site, in the order of the pages.
    """

    def __init__(self, pages: Sequence[SitePage], readings: Sequence[PageReading]) -> None:
        self.pages, self.readings = list(pages), list(readings)
        self.counts: Counter[str] = Counter()
        self._forms: dict[str, str] = {}
        for page in self.pages:
            self.counts.update({*page.keys} - {NO_KEY})
            for line, key in zip(page.lines, page.keys, strict=True):
                form = self._forms.setdefault(key, line.text)
                if line.text < form:
                    self._forms[key] = line.text

    def __len__(self) -> int:
        return len(self.pages)

    def form(self, key: str) -> str:
        """Return a wording of a line, the same whatever the order of the pages."""
        return self._forms[key]

    def part(self, indices: Iterable[int]) -> SitePages:
        """Return some of the pages."""
        chosen = list(indices)
        return SitePages([self.pages[i] for i in chosen], [self.readings[i] for i in chosen])

    @cached_property
    def roles(self) -> dict[str, Counter[Role]]:
        """Return for each line the number of pages where a reading gave it each role."""
        roles: dict[str, Counter[Role]] = {}
        for page, reading in zip(self.pages, self.readings, strict=True):
            for key, role in {*zip(page.keys, reading.roles, strict=True)}:
                if key != NO_KEY:
                    roles.setdefault(key, Counter())[role] += 1
        return roles

    @cached_property
    def places(self) -> dict[str, Counter[Place]]:
        """Return for each line the number of pages on which it stands before, in or after the page's own text."""
        places: dict[str, Counter[Place]] = {}
        for page, reading in zip(self.pages, self.readings, strict=True):
            if (bounds := reading.text_bounds) is not None:
                first, last = bounds
                sides: Sequence[tuple[Place, list[str]]] = (
                    ("before", page.keys[:first]), ("inside", page.keys[first : last + 1]), ("after", page.keys[last + 1 :]),
                )  # fmt: skip
                for place, keys in sides:
                    for key in {*keys} - {NO_KEY}:
                        places.setdefault(key, Counter())[place] += 1
        return places

    def days(self, indices: Iterable[int]) -> tuple[str, str]:
        """Return the first and the last day of capture in UTC of some of the pages, "" where none is known."""
        days = [iso_utc(when)[:10] for i in indices if (when := self.pages[i].page.captured_at) is not None]
        return (min(days), max(days)) if days else ("", "")

    def days_of_lines(self, keys: Iterable[str]) -> tuple[str, str]:
        """Return the first and the last day of capture of the pages with some lines, "" where none is known."""
        days = [day for key in keys for day in self._days_of_line.get(key, ())]
        return (min(days), max(days)) if days else ("", "")

    @cached_property
    def _days_of_line(self) -> dict[str, tuple[str, str]]:
        """Return for each line the first and the last day of capture of the pages with it."""
        found: dict[str, tuple[str, str]] = {}
        for i, page in enumerate(self.pages):
            day, _ = self.days([i])
            for key in {*page.keys} if day else ():
                first, last = found.get(key, (day, day))
                found[key] = min(first, day), max(last, day)
        return found
