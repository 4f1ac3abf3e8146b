"""Blocks below a fixed line, up to the next one, that stand on many pages of a site and hold nothing of a page's own story.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import pairwise

import msgspec

from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.text.line_shape import is_prose

MIN_PAGES = 3
MAX_LASTS = 12  # fixed lines at which a block may end
MAX_LINES = 200  # between two labels, as for a rule


class Block(msgspec.Struct, frozen=True):
    """The lines below a label, up to one of the fixed lines that may follow: its pages of how many, and its most lines.

    `example` are the lines of one such block, from its label to the fixed line after it.
    """

    first: str
    lasts: tuple[str, ...]
    pages: int
    of: int
    most: int
    example: tuple[str, ...]


class _Seen(msgspec.Struct):
    """The blocks seen below a label: their pages, those with lines of a story, all lines, and those that other pages have."""

    lasts: dict[str, int] = {}
    pages: int = 0
    with_story: int = 0
    lines: int = 0
    shared: int = 0
    most: int = 0
    example: tuple[str, ...] = ()


def blocks(part: SitePages, whole: SitePages, fixed: Set[str], settings: LearningSettings) -> list[Block]:
    """Return the blocks of the pages of a template, the most frequent first.

    Most lines of a block stand on other pages of the site, too: a list of news or of stories most read.
    """
    seen: dict[str, _Seen] = {}
    for page, reading in zip(part.pages, part.readings, strict=True):
        for start, end in _gaps(page, fixed):
            _add(seen.setdefault(page.keys[start], _Seen()), page, reading, range(start + 1, end), whole)
    least = max(MIN_PAGES, settings.short * len(part))
    found = [
        Block(part.form(first), tuple(map(part.form, _most_frequent(of.lasts))), of.pages, len(part), of.most, of.example)
        for first, of in seen.items()
        if of.pages >= least
        and of.with_story <= settings.block_text * of.pages
        and of.shared >= settings.shared * of.lines
        and of.most <= MAX_LINES
    ]
    return sorted(found, key=lambda block: (-block.pages, block.first))


def _most_frequent(lasts: Mapping[str, int]) -> list[str]:
    return sorted(lasts, key=lambda key: (-lasts[key], key))[:MAX_LASTS]


def _gaps(page: SitePage, fixed: Set[str]) -> Iterator[tuple[int, int]]:
    """Yield the indices of each two fixed lines that follow each other with lines between them, for each first one once."""
    labels = [i for i, key in enumerate(page.keys) if key in fixed]
    done: set[str] = set()
    for i, j in pairwise(labels):
        if j - i > 1 and page.keys[i] != page.keys[j] and page.keys[i] not in done:
            done.add(page.keys[i])
            yield i, j


def _add(seen: _Seen, page: SitePage, reading: PageReading, indices: range, whole: SitePages) -> None:
    """Add the lines between two fixed lines of a page to those seen below the first."""
    is_own = any(reading.roles[i] in ("title", "text", "field") for i in indices)
    is_new = any(whole.counts[page.keys[i]] < 2 and is_prose(page.lines[i].text) for i in indices)
    last = page.keys[indices.stop]
    seen.lasts[last] = seen.lasts.get(last, 0) + 1
    seen.pages += 1
    seen.with_story += is_own or is_new
    seen.lines += len(indices)
    seen.shared += sum(whole.counts[page.keys[i]] >= 2 for i in indices)
    seen.most = max(seen.most, len(indices))
    example = tuple(page.lines[i].text for i in range(indices.start - 1, indices.stop + 1))
    if not seen.example or example < seen.example:
        seen.example = example
