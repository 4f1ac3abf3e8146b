from __future__ import annotations

import pytest

from cleaners.learning.headers import MAX_HEADERS, NEAR, headers
from tests.cleaners.learning.sites import WHERE, keys, marked, paragraphs, settings, title


def found(pages, *fixed, **changed):
    """Return the places of titles, as the side, the fixed line and the distance."""
    return [tuple(header.anchor) for header in headers(marked(pages), keys(*fixed), settings(**changed))]


def page(number, before=(), after=(), mark="own.title"):
    own = f"[[{mark}:{title(number)}]]"
    return "\n".join([*before, own, *after, *(f"[[own.text:{line}]]" for line in paragraphs(number))])


def test_a_title_stands_below_a_fixed_line():
    assert found([page(n, ["You are reading"]) for n in range(9)], "You are reading") == [("below", "you are reading", 1)]


def test_a_title_stands_above_a_fixed_line():
    pages = [page(n, [], [f"By {WHERE[n]} Marsh", "Print this page"]) for n in range(9)]
    assert found(pages, "Print this page") == [("above", "print this page", 2)]


def test_a_title_is_not_far_from_the_fixed_line():
    far = [f"Tide at {WHERE[i]}" for i in range(NEAR)]
    assert found([page(n, ["You are reading", *far]) for n in range(9)], "You are reading") == []


@pytest.mark.parametrize(("wrong", "is_found"), [(2, True), (3, False)])
def test_a_place_is_precise(wrong, is_found):
    pages = [page(n, ["You are reading", *([f"Tide at {WHERE[n]}"] if n < wrong else [])]) for n in range(10)]
    places = [place for place in found(pages, "You are reading") if place[2] == 1]
    assert bool(places) is is_found


def test_pages_without_a_title_do_not_count():
    pages = [page(n, ["You are reading"]) for n in range(4)] + [
        page(n, ["You are reading"], mark="one.title") for n in range(4, 9)
    ]
    (header,) = headers(marked(pages), keys("You are reading"), settings())
    assert (header.titles, header.pages) == (4, 4)


def test_titles_on_few_pages_have_no_place():
    assert found([page(n, ["You are reading"]) for n in range(2)], "You are reading") == []


def test_a_fixed_line_is_no_title():
    assert found([page(0, ["You are reading"]) for _ in range(5)], "You are reading", title(0)) == []


def test_there_are_not_too_many_places():
    labels = [f"Desk of {where}" for where in WHERE] + [f"News of {where}" for where in WHERE]
    assert len(found([page(n, [labels[n % 20]]) for n in range(120)], *labels, header_pages=0.0)) == MAX_HEADERS


def test_a_label_in_brackets_is_no_place_as_layouts_take_it_for_one_that_may_be_missing():
    assert found([page(n, ["[You are reading]"]) for n in range(9)], "[You are reading]") == []
