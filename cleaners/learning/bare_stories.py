"""Tell whether the pages of a site are whole stories below each other, each under its bare title, or stories with subheadings.

A page alone does not show it. Over many pages it shows: the parts of one story share words with its title, and parts that are
stories of their own share no more of them with the title of the page than with the titles of other pages.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

import msgspec

from cleaners.learning.agreement import SiteWords, words_of
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.learning.story_form import mark_of
from cleaners.text.line_shape import is_headline, is_prose

MIN_PAGES = 3
OTHERS = 5  # titles of other pages that a part is held against
MAX_PARAGRAPHS = 6


class BareStories(msgspec.Struct, frozen=True):
    """Stories under bare titles with the same mark before them: their number, the most paragraphs, and the pages with some."""

    mark: str
    stories: int
    paragraphs: int
    pages: int


class _Part(msgspec.Struct, frozen=True):
    """A part of a page: the mark before its heading, the words of that and of its text, and its number of paragraphs."""

    mark: str
    heading: frozenset[str]
    text: frozenset[str]
    paragraphs: int


def bare_stories(part: SitePages, words: SiteWords, settings: LearningSettings) -> list[BareStories]:
    """Return the stories under bare titles of the pages of a template, none when the parts of a page are of one story."""
    titles = [_title(page, reading) for page, reading in zip(part.pages, part.readings, strict=True)]
    parts = [list(_parts(page, reading, part)) for page, reading in zip(part.pages, part.readings, strict=True)]
    pages = [i for i, title in enumerate(titles) if title and parts[i]]
    least = max(MIN_PAGES, settings.section_pages * len(part))
    if len(pages) < least:
        return []
    under_own, under_page, under_other = [], [], []
    for at, i in enumerate(pages):
        others = [titles[j] for j in dict.fromkeys(pages[(at + step) % len(pages)] for step in range(1, OTHERS + 1)) if j != i]
        for one in parts[i]:
            under_own.append(words.similarity(one.heading, one.text))
            under_page.append(words.similarity(titles[i], one.text))
            under_other.append(fmean(words.similarity(other, one.text) for other in others))
    chance = fmean(under_other)
    if fmean(under_page) - chance > settings.apart * (fmean(under_own) - chance):
        return []
    return list(_by_mark(parts, least))


def _by_mark(parts: list[list[_Part]], least: float) -> Iterator[BareStories]:
    """Yield the stories with the same mark before their titles, if enough pages have some."""
    marks = {one.mark for of_page in parts for one in of_page}
    for mark in sorted(marks, key=lambda mark: (-len(mark), mark)):  # as a bare title may be one with a mark, too
        on = [[one for one in of_page if one.mark == mark] for of_page in parts]
        found = [one for of_page in on for one in of_page]
        if (pages := sum(map(bool, on))) >= least:
            yield BareStories(mark, len(found), max(one.paragraphs for one in found), pages)


def _title(page: SitePage, reading: PageReading) -> frozenset[str]:
    """Return the words of the title of the page's own story."""
    return words_of(page.lines[reading.title_index].text) if reading.title_index is not None else frozenset()


def _parts(page: SitePage, reading: PageReading, pages: SitePages) -> Iterator[_Part]:
    """Yield the parts of a page below the first one that no reading told apart: paragraphs under a line like a title."""
    if reading.text_bounds is None:
        return
    i, end = reading.text_bounds[0] + 1, len(page.lines)
    while i < end - 1:
        last = i + 1
        if _may_be_title(page, reading, i, pages):
            while last < end and reading.roles[last] != "story" and is_prose(page.lines[last].text):
                last += 1
        if last > i + 1:
            text = frozenset().union(*(words_of(line.text) for line in page.lines[i + 1 : last]))
            yield _Part(mark_of(page.lines[i].text), words_of(page.lines[i].text), text, min(MAX_PARAGRAPHS, last - i - 1))
        i = last


def _may_be_title(page: SitePage, reading: PageReading, i: int, pages: SitePages) -> bool:
    """Return whether a line of one page only has the form of a title, and was taken for no other story."""
    text = page.lines[i].text
    return reading.roles[i] != "story" and pages.counts[page.keys[i]] <= 1 and is_headline(text) and not is_prose(text)
