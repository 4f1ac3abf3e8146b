"""Parts of a page under bare titles: stories of their own where they share no words with the title of the page."""

from __future__ import annotations

import pytest

from cleaners.learning.agreement import SiteWords
from cleaners.learning.bare_stories import MAX_PARAGRAPHS, bare_stories
from tests.cleaners.learning.sites import marked, settings

STEMS = "ferry bridge market harbour orchard".split()


def names(n):
    """Return words that no other number has."""
    return [f"{stem}{chr(97 + n % 26)}{chr(97 + n // 26)}" for stem in STEMS]


def title(n):
    return " ".join(names(n)).capitalize()


def paragraphs(n, count=4):
    """Return the text of a story, each paragraph with words of its title and others of its own."""
    pairs = [(names(n)[i % 5], names(n)[(i + 1) % 5], names(200 + 5 * n + i)[0]) for i in range(count)]
    return [
        f"The {one} and the {two} came by the {own} on Monday, and nobody had seen any of them since."
        for one, two, own in pairs
    ]


def found(pages, **changed):
    site = marked(pages)
    return bare_stories(site, SiteWords(site, settings()), settings(**changed))


def page(n, *parts):
    """Return a page whose own story took all parts for its own: each is a heading with paragraphs."""
    head = [f"[[own.title:{title(n)}]]", *(f"[[own.text:{line}]]" for line in paragraphs(n, 2))]
    return "\n".join([*head, *(f"[[own.text:{line}]]" for heading, texts in parts for line in (heading, *texts))])


def other(n, count=2):
    """Return a story of its own as a part of a page."""
    return title(n), paragraphs(n, count)


def chapter(n, count=2):
    """Return a part of the story of a page under a subheading."""
    return f"The weeks after {names(n + 100)[0]} and Hexby", paragraphs(n, count)


def test_parts_of_other_words_than_the_title_are_stories():
    (stories,) = found([page(n, other(n + 30), other(n + 60, 3)) for n in range(8)])
    assert (stories.stories, stories.paragraphs, stories.pages) == (16, 3, 8)


def test_parts_with_the_words_of_the_title_are_of_its_story():
    assert found([page(n, chapter(n), chapter(n, 3)) for n in range(8)]) == []


def test_the_measure_is_the_likeness_to_the_title_of_the_page():
    pages = [page(n, other(n + 30), chapter(n)) for n in range(8)]
    assert found(pages) == []
    assert found(pages, apart=1.0)[0].stories == 16


@pytest.mark.parametrize("with_parts", [0, 2])
def test_a_few_pages_with_parts_show_nothing(with_parts):
    assert found([page(n, *([other(n + 30)] if n < with_parts else [])) for n in range(8)]) == []


def test_stories_that_a_reading_told_apart_and_lines_of_several_pages_are_no_parts():
    parted = [f"{page(n)}\n[[one.title:{title(n + 30)}]]\n[[one.text:{paragraphs(n + 30)[0]}]]" for n in range(8)]
    assert found(parted) == []
    assert found([page(n, ("What the harbour board said", paragraphs(n + 30))) for n in range(8)]) == []


def test_pages_without_a_title_or_a_text_are_passed_over():
    pages = [page(n, other(n + 30)) for n in range(8)]
    assert found([*pages, "Nothing but a line", *paragraphs(90, 1)]) == found(pages) != []


def test_a_text_has_not_too_many_paragraphs():
    assert found([page(n, other(n + 30, 20)) for n in range(8)])[0].paragraphs == MAX_PARAGRAPHS


def test_stories_with_different_marks_before_their_titles_are_of_two_forms():
    pages = [page(n, other(n + 30), (f"• {title(n + 60)}", paragraphs(n + 60))) for n in range(8)]
    assert [(stories.mark, stories.stories) for stories in found(pages)] == [("• ", 8), ("", 8)]
    assert [stories.mark for stories in found([*pages[:3], *(page(n, other(n + 30)) for n in range(3, 8))])] == [""]
