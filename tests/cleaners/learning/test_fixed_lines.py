from __future__ import annotations

import pytest

from cleaners import Library
from cleaners.learning.fixed_lines import fixed_lines
from tests.cleaners.learning.sites import PACKS, marked, paragraphs, settings, title

RULESET = Library(PACKS).ruleset()
MOST_READ = "Purser opened the new lighthouse at Quenby"


def fixed(pages, templates=(), **changed):
    """Return the fixed lines of marked pages by their texts, with what is said of each."""
    whole = marked(pages)
    parts = [whole.part(indices) for indices in templates]
    return {line.text: line for line in fixed_lines(whole, parts, RULESET, settings(**changed))}


def page(number, before=(), inside=(), after=()):
    first, *rest = paragraphs(number)
    text = [f"[[own.text:{line}]]" for line in rest]
    return "\n".join([*before, f"[[own.title:{title(number)}]]", f"[[own.text:{first}]]", *inside, *text, *after])


def test_a_label_on_many_pages_is_fixed_and_a_rare_one_is_not():
    found = fixed([page(n, before=["Latest bulletins", f"Call {title(n)}"], after=["Rare"] * (n < 2)) for n in range(10)])
    assert list(found) == ["Latest bulletins"]
    line = found["Latest bulletins"]
    assert (line.pages, line.of, line.kind, line.where, line.is_sure) == (10, 10, "navigation", "outside", True)


def test_a_most_read_headline_that_is_the_title_of_one_page_stays():
    pages = [page(n, after=[MOST_READ]) for n in range(7)]
    pages += [f"[[own.title:{MOST_READ}]]\n[[own.text:{paragraphs(20)[0]}]]"]
    assert MOST_READ not in fixed([*pages, *(page(n) for n in range(8, 14))])


def test_a_headline_on_nearly_all_pages_is_fixed_although_a_page_has_it_as_title():
    pages = [page(n, after=[MOST_READ]) for n in range(12)]
    assert MOST_READ in fixed([*pages, f"[[own.title:{MOST_READ}]]\n[[own.text:{paragraphs(20)[0]}]]"])


def test_a_line_that_is_the_title_of_several_pages_is_the_title_of_none():
    slogan = "All the tides of the week at a glance"
    pages = [f"[[own.title:{slogan}]]\n[[own.text:{paragraphs(n)[0]}]]" for n in range(3)]
    assert slogan in fixed([*pages, *(page(n, before=[slogan]) for n in range(3, 8)), *(page(n) for n in range(8, 12))])


@pytest.mark.parametrize("time", ["5 July 2026", "Monday, May 4, 2026", "2 hours ago", "2026-05-04 12:30"])
def test_a_time_is_not_fixed(time):
    assert time not in fixed([page(n, before=[time]) for n in range(10)])


def test_a_field_of_stories_is_not_fixed():
    mark = "[[one.source:The Quay Post]]"
    pages = [page(n, after=[mark if n < 4 else "The Quay Post"]) for n in range(10)]
    assert "The Quay Post" not in fixed(pages)
    assert "The Quay Post" in fixed(pages, field=0.4)


@pytest.mark.parametrize(("text", "pages", "is_fixed"), [("Two words", 3, True), ("A line of more than five words", 3, False)])
def test_a_line_that_could_be_a_title_needs_more_pages(text, pages, is_fixed):
    assert (text in fixed([page(n, after=[text] * (n < pages)) for n in range(12)])) is is_fixed


def test_a_line_inside_texts_is_an_advertisement_in_any_place():
    line = fixed([page(n, inside=["Our newsletter"]) for n in range(10)])["Our newsletter"]
    assert (line.kind, line.where, line.is_sure) == ("ad-marker", "any", True)


def test_a_sentence_that_was_read_as_text_is_a_disclaimer_that_is_not_sure():
    notice = "The wire contributed to this report from the capital."
    line = fixed([page(n, inside=[f"[[own.text:{notice}]]"]) for n in range(10)])[notice]
    assert (line.kind, line.where, line.is_sure) == ("disclaimer", "any", False)


def test_lines_longer_than_a_label_are_not_fixed():
    assert fixed([page(n, before=["word " * 57]) for n in range(10)]) == {}


def test_a_line_of_one_template_counts_by_the_pages_of_that_template():
    pages = [page(n, before=["Live desk"] * (n < 6)) for n in range(40)]
    assert fixed(pages) == {}
    line = fixed(pages, [range(6), range(6, 40)])["Live desk"]
    assert (line.pages, line.of) == (6, 6)


def test_lines_without_a_letter_are_not_fixed():
    assert fixed([page(n, before=["* * *", "1 2 3"]) for n in range(10)]) == {}


@pytest.mark.parametrize(
    ("before", "after", "where", "is_sure"),
    [([], [MOST_READ], "after", True), ([MOST_READ], [], "outside", False), ([MOST_READ], [MOST_READ], "outside", False)],
)
def test_a_headline_on_some_pages_is_one_of_a_list(before, after, where, is_sure):
    """Above a text it could be a title of a page that nobody gave us, so the rule for it is not sure."""
    pages = [page(n, before=before * (n < 6), after=after * (n < 6)) for n in range(10)]
    line = fixed(pages)[MOST_READ]
    assert (line.kind, line.where, line.is_sure) == ("most-read", where, is_sure)


def test_the_label_of_a_list_stays_one():
    found = fixed([page(n, after=["Related Articles", "Harbour notices"]) for n in range(10)])
    assert (found["Related Articles"].kind, found["Harbour notices"].kind) == ("related-label", "navigation")
