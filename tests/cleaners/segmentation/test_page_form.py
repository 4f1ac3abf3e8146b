"""The measures of the form of a whole page."""

from __future__ import annotations

import pytest

from cleaners.document.page import Line, Metadata, Page
from cleaners.segmentation.by_layout import Story
from cleaners.segmentation.line_features import LineFeatures, Shape, WordingFeatures
from cleaners.segmentation.page_form import page_form


def features(*rows: tuple[Shape, str]) -> list[LineFeatures]:
    found, start = [], 0
    for i, (shape, text) in enumerate(rows):
        line = Line(start, start + len(text), text)
        found.append(LineFeatures(line, None, shape, i, WordingFeatures(None, shape)))
        start += len(text) + 1
    return found


ROWS = features(
    ("short", "Home"), ("headline", "Ferry returns"), ("prose", "The ferry is back."), ("short", "Reply"),
    ("prose", "It sails at nine."), ("short", "Reply"), ("meta", "9:30"), ("short", "Reply"), ("short", "$ 12.50"),
    ("short", "1,204"),
)  # fmt: skip


def form(*found: Story, page: Page | None = None) -> dict[str, float]:
    return page_form(page or Page("x"), ROWS, [1.0] * len(ROWS), found)


def test_lines_are_measured_by_their_shape_and_repetition():
    measured = form()
    assert (measured["lines"], measured["prose-lines"], measured["times"]) == (10, 2, 1)
    assert (measured["repeated-share"], measured["most-repeated"], measured["repeated-lines"]) == (0.3, 3, 1)
    assert (measured["prices"], measured["numbers"]) == (1, 3)
    assert measured["run-chars"] == len("The ferry is back.") + len("It sails at nine.")


def test_the_own_story_is_measured_beside_the_page():
    own = Story("article", "x", {"title": ROWS[1].line}, [ROWS[2].line, ROWS[4].line])
    measured = form(own, Story("story", "x", {}, [ROWS[8].line]))
    assert (measured["own-lines"], measured["own-density"], measured["own-of-prose"]) == (2, 2 / 3, 1.0)
    assert (measured["has-title"], measured["has-time"], measured["embedded"]) == (True, False, 1)


def test_a_page_without_a_story_has_all_measures():
    assert form().keys() == form(Story("article", "x", {}, [ROWS[2].line])).keys()
    assert page_form(Page("x"), [], [], []).keys() == form().keys()


@pytest.mark.parametrize(
    ("url", "depth", "words", "year"),
    [
        ("https://quay.example/2026/05/old-crane-to-go", 3, 4, True),
        ("https://quay.example/", 0, 0, False),
        ("http://[", 0, 0, False),
        ("", 0, 0, False),
    ],
)
def test_an_address_is_measured_even_when_it_is_none(url, depth, words, year):
    measured = form(page=Page("x", url=url))
    assert (measured["address-depth"], measured["address-words"], measured["address-year"]) == (depth, words, year)


def test_the_head_and_the_signs_of_a_page_are_measures():
    page = Page("x", metadata=Metadata(worded="Tuesday", authors=("A", "B")), signs={"type:Product": 2})
    measured = form(page=page)
    assert (measured["head-time"], measured["head-authors"], measured["type:Product"]) == (True, 2, 2)
