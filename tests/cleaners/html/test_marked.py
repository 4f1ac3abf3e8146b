"""Times and authors of marked elements."""

from __future__ import annotations

import pytest

from cleaners.html.marked import MAX_INSIDE, marked_metadata
from cleaners.html.parse import parse_html

TITLE = "<h1>Ferry returns</h1>"


def marked(body: str):
    return marked_metadata(parse_html(f"<html><body>{body}</body></html>"))


@pytest.mark.parametrize(
    ("element", "published", "updated", "times"),
    [
        ('<time itemprop="datePublished" datetime="2026-05-12">x</time>', ("2026-05-12",), (), ()),
        ('<meta itemprop="datePublished" content="2026-05-12">', (), (), ()),  # read with the other meta elements
        ('<span itemprop="dateModified" content="2026-05-14">x</span>', (), ("2026-05-14",), ()),
        ('<time class="entry-date published updated" datetime="2026-05-12">x</time>', ("2026-05-12",), (), ()),
        ('<time class="updated" datetime="2026-05-14">x</time>', (), ("2026-05-14",), ()),
        ('<time datetime="2026-05-12">x</time>', (), (), ("2026-05-12",)),
        ('<span class="article__postDate">12 May 2026</span>', (), (), ("12 May 2026",)),
        ('<p class="posted-on">12 May 2026</p>', ("12 May 2026",), (), ()),
        ('<p class="event-date">12 May 2026</p>', (), (), ()),
        ('<p class="candidate updater">12 May 2026</p>', (), (), ()),
    ],
)
def test_times_are_told_apart_by_their_marks(element, published, updated, times):
    found = marked(TITLE + element)
    assert (found.published, found.updated, found.times) == (published, updated, times)


def test_the_time_below_the_title_goes_first():
    found = marked('<time datetime="2026-05-20"></time>' + TITLE + '<time datetime="2026-05-12"></time>')
    assert found.times == ("2026-05-12", "2026-05-20")


@pytest.mark.parametrize(
    "around",
    ["<aside>{}</aside>", '<div class="comments">{}</div>', '<div class="related"><p>{}</p></div>', "<footer>{}</footer>"],
)
def test_elements_beside_the_story_do_not_count(around):
    inner = '<time datetime="2026-05-12">x</time><p class="author">Ole Brandt</p>'
    assert marked(TITLE + around.format(inner)) == marked(TITLE)


def test_a_part_that_holds_the_title_is_not_beside_the_story():
    assert marked(f'<form class="widget">{TITLE}<time datetime="2026-05-12">x</time></form>').times == ("2026-05-12",)


@pytest.mark.parametrize(
    ("element", "authors"),
    [
        ('<a rel="author" href="/ina">Ina Varr</a>', ("Ina Varr",)),
        ('<span itemprop="author"><img alt="x"><b itemprop="name">Ina Varr</b> reports</span>', ("Ina Varr",)),
        ('<span itemprop="author" content="Ina Varr">by me</span>', ("Ina Varr",)),
        ('<div class="ArticleByline">By <a>Ina Varr</a></div>', ("By Ina Varr",)),
        ('<div class="byline">By Ina, reporter</div><p class="author-name">Ina Varr</p>', ("Ina Varr",)),
        ('<p class="author-bio">Ina Varr writes about ferries.</p>', ()),
        ('<p class="authority">Harbour</p>', ()),
        (f'<div class="byline">{"word " * 60}</div>', ()),
    ],
)
def test_authors_are_read_by_their_marks(element, authors):
    assert marked(TITLE + element).authors == authors


@pytest.mark.parametrize(("before", "authors"), [(MAX_INSIDE - 3, ("Ina Varr",)), (MAX_INSIDE, ())])
def test_a_name_is_looked_for_among_the_first_elements_inside(before: int, authors: tuple[str, ...]):
    inside = "<i>pier</i>" * before + '<b itemprop="name">Ina Varr</b>'
    assert marked(f'{TITLE}<div itemprop="author">{inside}</div>').authors == authors


def test_authors_who_stand_together_are_all_of_the_story():
    names = '<p><a rel="author">Ina Varr</a> and <a rel="author">Ole Brandt</a></p>'
    other = '<div><div><div><a rel="author">Pia Holm</a></div></div></div>'
    assert marked(f"{TITLE}<div>{names}</div>{other}").authors == ("Ina Varr", "Ole Brandt")


def test_the_only_author_of_the_page_may_stand_beside_the_story():
    assert marked(f'{TITLE}<aside><a rel="author">Ina Varr</a></aside>').authors == ("Ina Varr",)


def test_the_foot_of_an_article_belongs_to_it():
    foot = '<footer class="entry-footer"><span class="entry-author-name">Ina Varr</span></footer>'
    assert marked(f"<article>{TITLE}<p>x</p>{foot}</article>").authors == ("Ina Varr",)
    assert marked(f"<article>{TITLE}<p>x</p></article>{foot}").authors == ()


def test_a_page_of_nothing_but_marks_is_read_in_bounded_time():
    deep = '<div class="author date">' * 1_500
    assert marked(deep + "Ina Varr").authors in {("Ina Varr",), ()}
