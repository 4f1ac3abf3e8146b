"""The quality of a reading of pages of a site, measured without labels: against all pages of the site together.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec

from cleaners.learning.fixed_lines import MIN_PAGES
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.text.line_shape import is_prose, word_chars
from cleaners.text.normalize import NO_KEY

COMMON = 1.0  # the rarity of a word of a title that all pages have: a label in it makes the title less like its text
_WORD = re.compile(r"\w{4,}")


class Agreement(msgspec.Struct, frozen=True):
    """The agreement of a reading with its pages, shares from 0 to 1.

    `kept` is the share of the prose that stands on one page only and is in a story. `titled` is the mean similarity of such
    prose to its title, by the rarity of the words that they share: it falls where stories are merged, parted, or have a wrong
    title. `leaked` is the share of the lines of stories that stand on other pages, too; a title counts from so many pages on
    that it is no title, but a fixed line.
    """

    kept: float
    titled: float
    leaked: float

    def better_by(self, other: Agreement) -> float:
        """Return how much better this is than another one: more prose kept and like its title, fewer lines of other pages."""
        titled = (self.titled - other.titled) / (max(self.titled, other.titled) or 1)
        return (self.kept - other.kept) + titled - (self.leaked - other.leaked)


class SiteWords:
    """The lines and words of all pages of a site: how many pages have a line, and how rare a word is."""

    def __init__(self, pages: SitePages, settings: LearningSettings) -> None:
        self._counts = pages.counts
        self._size = len(pages)
        self._fixed = max(MIN_PAGES, settings.short * len(pages))
        self._words: Counter[str] = Counter()
        for page in pages.pages:
            self._words.update({word for line in page.lines for word in words_of(line.text)})

    def rarity(self, words: frozenset[str], least: float = 0.0) -> float:
        """Return the sum of the rarities of words, logarithms of the shares of pages with them, each of a `least` size."""
        return sum(max(least, math.log((self._size + 1) / (self._words[word] + 0.5))) for word in sorted(words))

    def is_own(self, key: str, text: str) -> bool:
        """Return whether a line is prose of one page only."""
        return self._counts[key] <= 1 and is_prose(text)

    def is_shared(self, key: str) -> bool:
        """Return whether a line stands on several pages."""
        return key != NO_KEY and self._counts[key] > 1

    def is_fixed(self, key: str) -> bool:
        """Return whether a line stands on so many pages that it is the title of none."""
        return key != NO_KEY and self._counts[key] >= self._fixed

    def similarity(self, title: frozenset[str], text: frozenset[str]) -> float:
        """Return how many of their rare words a title and a line share, from 0 to 1."""
        if not title or not text:
            return 0.0
        return self.rarity(title & text) / math.sqrt(self.rarity(title, COMMON) * self.rarity(text) or 1.0)


def words_of(text: str) -> frozenset[str]:
    """Return the longer words of a text, pairs of characters in scripts without blanks."""
    folded = text.casefold()
    if word_chars(folded):
        return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
    return frozenset(_WORD.findall(folded))


def agreement(pages: Sequence[SitePage], readings: Sequence[PageReading], words: SiteWords) -> Agreement:
    """Return the agreement of readings with their pages; pages without prose of their own count for `leaked` alone."""
    found = [_on_page(page, reading, words) for page, reading in zip(pages, readings, strict=True)]
    with_prose = [one for one in found if one.has_prose]
    kept = sum(one.kept for one in with_prose) / (len(with_prose) or 1)
    titled = sum(one.titled for one in with_prose) / (len(with_prose) or 1)
    return Agreement(kept, titled, sum(one.leaked for one in found) / (len(found) or 1))


class _PageAgreement(msgspec.Struct):
    has_prose: bool
    kept: float
    titled: float
    leaked: float


def _on_page(page: SitePage, reading: PageReading, words: SiteWords) -> _PageAgreement:
    """Return the agreement of the reading of one page."""
    own = [i for i, (line, key) in enumerate(zip(page.lines, page.keys, strict=True)) if words.is_own(key, line.text)]
    texts = _text_lines(page, reading)
    titles = {record.id: words_of(record.title) for record in reading.cleaned.records} if reading.cleaned else {}
    kept = [(i, titles[texts[i]]) for i in own if i in texts]
    titled = sum(words.similarity(title, words_of(page.lines[i].text)) for i, title in kept)
    heads = [page.keys[i] for i in _title_lines(page, reading)]
    leaked = sum(words.is_shared(page.keys[i]) for i in texts) + sum(map(words.is_fixed, heads))
    size = len(own) or 1
    return _PageAgreement(bool(own), len(kept) / size, titled / size, leaked / (len(texts) + len(heads) or 1))


def _title_lines(page: SitePage, reading: PageReading) -> list[int]:
    """Return the indices of the lines that hold the title of a story."""
    titles = [one.start for one in (reading.cleaned.segments if reading.cleaned else ()) if one.record and one.field == "title"]
    starts = [line.start for line in page.lines]
    return [bisect_right(starts, start) - 1 for start in titles]


def _text_lines(page: SitePage, reading: PageReading) -> dict[int, str]:
    """Return the record of each line that is in its text by most of its characters."""
    found: dict[int, str] = {}
    segments = [one for one in (reading.cleaned.segments if reading.cleaned else ()) if one.record and one.field == "text"]
    starts, ends = [one.start for one in segments], [one.end for one in segments]
    for i, line in enumerate(page.lines):
        inside = segments[bisect_right(ends, line.start) : bisect_left(starts, line.end)]
        size = sum(min(one.end, line.end) - max(one.start, line.start) for one in inside)
        if inside and 2 * size > line.end - line.start:
            found[i] = inside[0].record or ""
    return found
