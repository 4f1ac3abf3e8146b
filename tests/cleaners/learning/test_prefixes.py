from __future__ import annotations

from cleaners import Library
from cleaners.learning.prefixes import MAX_PREFIXES, prefixes
from tests.cleaners.learning.sites import PACKS, WHERE, keys, marked, paragraphs, settings, title

RULESET = Library(PACKS).ruleset()


def found(pages, fixed=(), **changed):
    return [prefix.words for prefix in prefixes(marked(pages), keys(*fixed), RULESET, settings(**changed))]


def page(number, *lines):
    text = "\n".join(f"[[own.text:{line}]]" for line in paragraphs(number))
    return "\n".join([*lines, f"[[own.title:{title(number)}]]", text])


def test_the_longest_common_beginning_of_different_lines_is_a_prefix():
    assert found([page(n, f"You are here: Home {WHERE[n]}") for n in range(9)]) == ["You are here: Home"]


def test_lines_that_are_fixed_or_all_the_same_have_no_prefix():
    assert found([page(n, "Picture by staff") for n in range(9)]) == []
    assert found([page(n, f"Picture by {WHERE[n]}") for n in range(9)], [f"Picture by {where}" for where in WHERE]) == []


def test_a_beginning_on_few_pages_is_no_prefix():
    assert found([page(n, f"Picture by {WHERE[n]}" if n < 3 else "") for n in range(12)]) == []


def test_a_beginning_of_lines_of_text_or_of_titles_is_no_prefix():
    text = [f"[[own.text:Reporters in {WHERE[n]} saw the ferry leave the quay in the rain before dawn.]]" for n in range(9)]
    assert found(text) == []
    assert found([f"[[own.title:Analysis: {title(n)}]]" for n in range(9)]) == []


def test_a_breadcrumb_that_was_read_as_title_is_no_title():
    pages = [f"[[own.title:Waking here: {title(n)}]]\n{title(n)}\n[[own.text:{paragraphs(n)[0]}]]" for n in range(9)]
    assert found(pages) == ["Waking here:"]


def test_a_beginning_with_a_time_is_no_prefix():
    assert found([page(n, f"4 May 2026 {WHERE[n]}") for n in range(9)]) == []


def test_a_beginning_of_lines_with_times_or_of_fields_of_stories_is_no_prefix():
    assert found([page(n, f"Published on: {n + 1} May 2026") for n in range(9)]) == []
    assert found([page(n, f"[[one.title:{title(n + 20)}]]", f"[[one.source:Gazette of {WHERE[n]}]]") for n in range(9)]) == []
    assert found([page(n, f"Gazette of {WHERE[n]}") for n in range(9)]) == ["Gazette of"]


def test_a_prefix_ends_with_a_word():
    """The prefix of one kind of lines is no part of a word of another one."""
    pages = [page(n, f"Photos {WHERE[n]} quay", f"Photos-of {WHERE[n]} {WHERE[n - 1]}") for n in range(9)]
    assert sorted(found(pages)) == ["Photos", "Photos-of"]


def test_there_are_not_too_many_prefixes():
    labels = [f"{first}{second} desk:" for first in WHERE for second in ("north", "south", "east")]
    assert len(found([page(n, *(f"{label} {WHERE[n]}" for label in labels)) for n in range(9)])) == MAX_PREFIXES
