"""Forms that repeat on a page and are no list of other stories."""

from __future__ import annotations

import pytest

from cleaners.segmentation.page_grammar.gates import is_inside_text
from cleaners.segmentation.page_grammar.line_classes import columns_of
from tests.cleaners.segmentation.page_grammar.pages import OWN_TEXT, TEXTS, TIMES, TITLE, features_for, items_of, lists_of, page

PARAGRAPHS = [
    f"{text} The council will talk about it at its next meeting, and anyone who lives there may come and ask questions."
    for text in (*TEXTS, *OWN_TEXT)
]


def pairs(headings: list[str]) -> list[str]:
    """Return a story in which each paragraph has a heading."""
    return [TITLE, *OWN_TEXT[:2], *(line for row in zip(headings, PARAGRAPHS, strict=False) for line in row), OWN_TEXT[3]]


def test_readers_comments_are_no_stories() -> None:
    comments = ["So glad it is back at last.", "I took the bus for months.", "Who pays for all of this.", "Good news for us."]
    rows = [(name, time, text) for name, time, text in zip(("Una", "Bo88", "Kim", "Lars P"), TIMES, comments, strict=False)]
    assert items_of(page("4 comments", *rows)) == []


def test_a_menu_is_no_list() -> None:
    menu = ["Home", "World news", "Local news", "Business", "Sport", "Culture", "Weather", "Letters", "Crosswords", "Jobs"]
    assert lists_of([*menu, TITLE, *OWN_TEXT, *menu]) == []


def test_sub_headings_are_no_titles() -> None:
    assert items_of(pairs(["A long winter on the quay", "What the survey found below", "Who will pay the bill now"])) == []


def test_an_interview_is_no_list() -> None:
    questions = [
        "When did you first hear about the cracks in the hull?",
        "How long will the repairs on the slipway take?",
        "What do you say to those who lost their jobs?",
        "Will the fares be higher than they were before?",
    ]
    assert items_of(pairs(questions)) == []


def test_a_listicle_is_no_list() -> None:
    places = ["1. The old mill by the weir", "2. The chapel on the northern cliff", "3. The smokehouse at the pier"]
    assert items_of(pairs(places)) == []


def test_a_table_of_results_is_no_list() -> None:
    rows = [
        "Northmere 3 2 1 0 7 points",
        "Saltby Rovers 3 1 1 1 4 points",
        "Quay Town 3 1 0 2 3 points",
        "Fenwick 3 0 2 1 2 points",
    ]
    assert items_of(page("Table", tuple(rows))) == []


@pytest.mark.parametrize(
    ("line", "scores", "expected"),
    [("Harbour 5", (1.0, -0.5), True), ("Harbour 5", (0.5, -1.0), False), (TIMES[0], (1.0, -0.5), False)],
)
def test_a_header_without_a_time_that_scores_as_own_text_is_none(line, scores, expected) -> None:
    features, ruleset = features_for([TITLE, line])
    assert is_inside_text((0, 2), columns_of(features, ruleset, scores)) is expected
