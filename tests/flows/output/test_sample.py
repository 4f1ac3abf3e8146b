"""A sample shows each site, rule and flag, is the same whatever the order of shards, and stays small."""

from __future__ import annotations

from functools import reduce
from operator import add

from cleaners import Page, clean_page
from flows.output import sample
from flows.output.sample import Sample

CLEANED = [clean_page(Page(f"Title {number}\nBody [...]\nAdvertisement", f"{number:03}.txt")) for number in range(40)]
RARE = clean_page(Page("Rare\nBody.\nShare this article", "rare.txt"))


def sample_of(*cleaned) -> Sample:
    found = Sample()
    for number, one in enumerate(cleaned):
        found.add_page(one, "00000-0", 10 * number, 20 * number)
    return found


def test_all_pages_of_a_small_run_are_in_its_sample():
    assert {page.path for page in sample_of(*CLEANED).pages()} == {cleaned.page.path for cleaned in CLEANED}


def test_a_page_that_alone_shows_a_rule_is_in_the_sample_however_many_pages_there_are(monkeypatch):
    monkeypatch.setattr(sample, "MAX_PAGES", 8)
    pages = sample_of(*CLEANED, RARE).pages()
    assert len(pages) == 8
    assert "rare.txt" in {page.path for page in pages}


def test_each_site_rule_and_flag_is_shown_by_one_of_the_first_pages():
    pages = sample_of(*CLEANED, RARE).pages()
    assert "rare.txt" in {page.path for page in pages[:4]}


def test_samples_add_up_whatever_the_order(monkeypatch):
    monkeypatch.setattr(sample, "MAX_PAGES", 8)
    parts = [sample_of(*CLEANED[start : start + 7]) for start in range(0, 40, 7)]
    paths = {tuple(page.path for page in reduce(add, order, Sample()).pages()) for order in (parts, parts[::-1])}
    assert paths == {tuple(page.path for page in sample_of(*CLEANED).pages())}


def test_a_sample_keeps_no_more_pages_than_it_gives(monkeypatch):
    monkeypatch.setattr(sample, "MAX_PAGES", 8)
    found = sample_of(*CLEANED)
    assert {name: len(pages) for name, pages in found.by_trait.items()} == {
        "": 8, "site ": 3, "en.ad-line": 3, "flag truncated": 3,
    }  # fmt: skip
