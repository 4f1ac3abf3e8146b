"""The pages that show best the effect of a group of rules: those that are read most differently with it.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import msgspec

from cleaners.document.page import Page
from cleaners.learning.line_changes import line_changes, line_fates
from cleaners.learning.site_pages import PageReading, SitePage
from cleaners.output.record import Cleaned

MAX_EXAMPLES = 3
MAX_CHARS = 200_000  # of an example; no longer page is one
Read = tuple[SitePage, PageReading, PageReading]  # a page as read without a group and with it


class ExamplePage(msgspec.Struct, frozen=True):
    """A page and its results without a group of rules and with it, None where it was refused.

    Of the page it has the text and the provenance alone, so that it can be handed from process to process.
    """

    page: Page
    without: Cleaned | None
    with_it: Cleaned | None


def example_pages(read: Iterable[Read]) -> tuple[list[ExamplePage], int]:
    """Return the pages with the most characters in lines that are read differently, and the number of all such pages.

    Of pages with as many, the first come first; no more than MAX_EXAMPLES are held.
    """
    best: list[tuple[int, int, Read]] = []
    changed = 0
    for number, one in enumerate(read):
        page, without, with_it = one
        size = _changed_chars(page, without, with_it)
        changed += size > 0
        if size and len(page.page.text) <= MAX_CHARS:
            best = heapq.nsmallest(MAX_EXAMPLES, [*best, (-size, number, one)], key=lambda item: item[:2])
    return [_example(*read) for _, _, read in best], changed


def _example(page: SitePage, without: PageReading, with_it: PageReading) -> ExamplePage:
    """Return a page as an example."""
    whole = page.page
    return ExamplePage(Page(whole.text, whole.path, whole.url, whole.captured_at), without.cleaned, with_it.cleaned)


def _changed_chars(page: SitePage, without: PageReading, with_it: PageReading) -> int:
    """Return the number of characters in lines of a page that two readings read differently."""
    before, after = line_fates(page.lines, without.cleaned), line_fates(page.lines, with_it.cleaned)
    changes = line_changes(before, after)
    return sum(line.end - line.start for line, change in zip(page.lines, changes, strict=True) if change)
