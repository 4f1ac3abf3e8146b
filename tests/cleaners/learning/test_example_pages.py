"""The pages that show the effect of a group of rules, as learning hands them over."""

from __future__ import annotations

import pickle

import pytest

from cleaners import read_html, shipped_packs
from cleaners.document.page import Page
from cleaners.learning import example_pages as module
from cleaners.learning.choice import LearntSite, learn_site
from cleaners.learning.example_pages import MAX_EXAMPLES, example_pages
from cleaners.learning.line_changes import line_changes, line_fates
from cleaners.learning.proposal import GROUPS, group_of
from cleaners.learning.site_pages import PageReading, read_with, site_page
from cleaners.pipeline import default_library
from tests.support.sites import site_pages

PACKS = [pack for pack in shipped_packs() if pack[0] in ("generic.toml", "en.toml")]


@pytest.fixture(scope="module")
def learnt() -> LearntSite:
    """What a small site teaches."""
    return learn_site("quaypost", site_pages(16), PACKS)


def test_each_trial_shows_the_pages_that_its_group_changes_most(learnt):
    assert [trial.group for trial in learnt.trials] == list(GROUPS)
    lines = learnt.trials[0]
    assert (lines.checked, lines.changed, len(lines.examples)) == (16, 16, MAX_EXAMPLES)
    for example in lines.examples:
        page = site_page(example.page)
        changes = line_changes(line_fates(page.lines, example.without), line_fates(page.lines, example.with_it))
        assert any(changes)
    assert all(len(trial.examples) == min(MAX_EXAMPLES, trial.changed) for trial in learnt.trials)


def test_neither_the_order_of_pages_nor_their_copies_change_the_examples(learnt):
    copies = [Page(page.text, f"z{page.path}", page.url) for page in site_pages(16)]
    assert learn_site("quaypost", [*reversed(site_pages(16)), *copies], PACKS).trials == learnt.trials


def test_every_rule_of_a_learnt_pack_is_of_an_accepted_group(learnt):
    assert learnt.pack is not None
    parts = [part.id for part in (*learnt.pack.rule, *learnt.pack.layout)]
    assert parts
    assert {group_of(part) for part in parts} <= {trial.group for trial in learnt.trials if trial.is_accepted}


def test_a_page_read_alike_or_too_long_is_no_example(monkeypatch):
    pages = [site_page(page) for page in site_pages(3)]
    readings = [read_with(page, default_library()) for page in pages]
    refused = [PageReading(None, [""] * len(page.lines)) for page in pages]
    assert example_pages(zip(pages, readings, readings, strict=True)) == ([], 0)
    assert len(example_pages(zip(pages, readings, refused, strict=True))[0]) == 3
    monkeypatch.setattr(module, "MAX_CHARS", 10)
    assert example_pages(zip(pages, readings, refused, strict=True)) == ([], 3)


def test_an_example_of_an_html_page_can_be_handed_to_another_process():
    prose = "".join(f"<p>The ferry of pier {number} is back, the purser said on Monday.</p>" for number in range(9))
    page = site_page(read_html(f"<html><body><h1>Ferry returns</h1>{prose}</body></html>".encode(), path="a.html"))
    assert page.page.hints
    refused = PageReading(None, [""] * len(page.lines))
    (example,), _ = example_pages([(page, refused, read_with(page, default_library()))])
    assert pickle.loads(pickle.dumps(example)) == example
    assert (example.page.text, example.page.path) == (page.page.text, "a.html")
