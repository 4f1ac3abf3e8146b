"""The difference between two readings of a page, as it is shown."""

from __future__ import annotations

from hypothesis import given

from cleaners import Cleaned, Page, clean_page, shipped_packs
from cleaners.document.page import split_lines
from cleaners.learning.example_pages import ExamplePage
from cleaners.rules.registry import Library
from flows.learning import page_difference as module
from flows.learning.page_difference import MARK_WORDS, page_difference
from tests.support.pages import pages
from tests.support.sites import site_page

FEW = Library([pack for pack in shipped_packs() if pack[0] == "generic.toml"])


def bare(page: Page) -> Cleaned:
    """Return a page as it is read without packs of languages."""
    return clean_page(page, FEW)


def marks(example: ExamplePage) -> list[str]:
    return [line.mark for stretch in page_difference(example).stretches for line in stretch.lines]


def test_a_page_is_shown_with_the_fate_of_each_line_before_and_after():
    page = Page("Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine.", "a.txt", "https://quaypost.example/")
    difference = page_difference(ExamplePage(page, bare(page), clean_page(page)))
    assert (difference.path, difference.url) == ("a.txt", "https://quaypost.example/")
    assert (difference.title_before, difference.title_after) == ("Ferry returns", "Ferry returns")
    assert (difference.records_before, difference.records_after) == (1, 1)
    assert difference.changes == [("newly removed", 1)]
    (stretch,) = difference.stretches
    assert [line.mark for line in stretch.lines] == ["kept", "kept", "newly-removed", "kept"]
    assert [line.note for line in stretch.lines if line.note] == ["text of the page's own story → removed by en.ad-line"]


def test_the_other_way_round_lines_are_newly_kept():
    page = Page("Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine.")
    assert marks(ExamplePage(page, clean_page(page), bare(page))) == ["kept", "kept", "newly-kept", "kept"]


def test_a_page_that_was_refused_is_shown_as_not_read():
    page = Page("Ferry returns\nThe ferry is back.")
    difference = page_difference(ExamplePage(page, None, clean_page(page)))
    assert (difference.title_before, difference.title_after) == ("", "Ferry returns")
    assert [line.mark for line in difference.stretches[0].lines] == ["title", "newly-kept"]
    assert difference.stretches[0].lines[1].note == "not read, as the page was refused → text of the page's own story"


def test_lines_read_alike_are_folded_and_the_lines_shown_are_bounded(monkeypatch):
    body = [f"The ferry of pier {number} is back, the purser said on Monday." for number in range(300)]
    page = Page("\n".join(["Ferry returns", *body, "Advertisement", *body[:9]]))
    example = ExamplePage(page, bare(page), clean_page(page))
    stretches = page_difference(example).stretches
    assert [stretch.is_folded for stretch in stretches] == [True, False, True]
    assert all(len(stretch.lines) <= module.MOST_OF_STRETCH for stretch in stretches if stretch.is_folded)
    assert sum(stretch.size for stretch in stretches) == len(split_lines(page.text))
    monkeypatch.setattr(module, "MOST_FOLDED", 0)
    assert next(len(stretch.lines) for stretch in page_difference(example).stretches if stretch.is_folded) == 0


def test_changed_lines_beyond_the_most_are_counted(monkeypatch):
    monkeypatch.setattr(module, "MOST_CHANGED", 2)
    page = site_page(1)
    difference = page_difference(ExamplePage(page, None, clean_page(page)))
    changed = [line for stretch in difference.stretches for line in stretch.lines if line.note]
    assert len(changed) == 2
    assert difference.left == sum(number for _, number in difference.changes) - 2


@given(pages)
def test_any_page_is_shown_whole_or_counted(text):
    page = Page(text)
    difference = page_difference(ExamplePage(page, bare(page), clean_page(page)))
    shown = sum(stretch.size for stretch in difference.stretches)
    assert shown <= len(split_lines(text))
    assert difference.left or shown == len(split_lines(text))
    for stretch in difference.stretches:
        assert all(line.words == MARK_WORDS[line.mark] for line in stretch.lines)
        assert all(not line.note for line in stretch.lines if stretch.is_folded)
