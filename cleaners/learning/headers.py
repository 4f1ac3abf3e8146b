"""Where titles stand: a fixed number of lines below or above a fixed line, on nearly all pages that have it.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from typing import Literal, NamedTuple

import msgspec

from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.learning.wording import may_be_missing

MIN_PAGES = 3
NEAR = 3  # lines between a title and the fixed line, and one more
MAX_HEADERS = 12
ABOVE_TEXT = 3  # lines of text that may stand above a title


class Anchor(NamedTuple):
    """A fixed line by its key, and a line so many lines `below` or `above` it."""

    side: Literal["below", "above"]
    key: str
    distance: int


class Header(msgspec.Struct, frozen=True):
    """The place of titles: how many titles were found there, on how many pages that have the place."""

    anchor: Anchor
    titles: int
    pages: int


def headers(part: SitePages, fixed: Set[str], settings: LearningSettings) -> list[Header]:
    """Return the places of the titles of pages, the most precise first.

    A place counts on a page where it is found above the end of the opening of the text, the first time.
    """
    places: Counter[Anchor] = Counter()
    titles: Counter[Anchor] = Counter()
    for page, reading in zip(part.pages, part.readings, strict=True):
        title = reading.title_index
        if title is None:
            continue
        first: dict[Anchor, int] = {}
        for i in range(_end_of_head(reading)):
            for anchor in _anchors(page, i, fixed):
                first.setdefault(anchor, i)
        places.update(first.keys())
        titles.update(anchor for anchor, i in first.items() if i == title)
    least = max(MIN_PAGES, settings.header_pages * len(part))
    found = [
        Header(anchor, titles[anchor], count)
        for anchor, count in places.items()
        if titles[anchor] >= least and titles[anchor] >= settings.header * count and not may_be_missing(part.form(anchor.key))
    ]
    return sorted(found, key=lambda header: (-header.titles / header.pages, -header.titles, header.anchor))[:MAX_HEADERS]


def _end_of_head(reading: PageReading) -> int:
    """Return the index after the first lines of text, or after the title where that stands below them."""
    texts = [i for i, role in enumerate(reading.roles) if role == "text"][:ABOVE_TEXT]
    return max([*texts, reading.title_index or 0]) + 1


def _anchors(page: SitePage, i: int, fixed: Set[str]) -> Iterator[Anchor]:
    """Yield the nearest fixed line above a line that is not fixed itself, and the nearest one below it."""
    if page.keys[i] in fixed:
        return
    for distance in range(1, NEAR + 1):
        if i - distance >= 0 and page.keys[i - distance] in fixed:
            yield Anchor("below", page.keys[i - distance], distance)
            break
    for distance in range(1, NEAR + 1):
        if i + distance < len(page.keys) and page.keys[i + distance] in fixed:
            yield Anchor("above", page.keys[i + distance], distance)
            break
