from __future__ import annotations

import pytest

from cleaners.document.page import Page, split_lines
from cleaners.fitted.load import LoneTextWeights
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.lone_text import is_lone_text, page_names
from cleaners.segmentation.page_grammar.model import EmbeddedList, FieldSpan, Item
from cleaners.segmentation.read_page import page_lists
from tests.cleaners.segmentation.pages import TIMES, TITLES

RULESET = default_library().ruleset()
TEXT = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth.",
    "Harbour officials said that the ferry would sail at nine each evening and return before the morning tide came in.",
    "A list of what has changed",
    "Passengers had waited since spring for the crossing, which the council closed when the old pier began to sink.",
)
HUSK = ("Home", "Politics", "Economy", "Sports", "Sign in", "Subscribe", "Share on Facebook", "Tweet")
TOWNS = ("Dunmarsh", "Larkspur", "Fenwick", "Pulworth", "Marovik", "Quill")


def _lines(*forms: str) -> tuple[str, ...]:
    """Return the lines of a list with an item for each town."""
    return tuple(form.format(n=n, town=town) for n, town in enumerate(TOWNS, 1) for form in forms)


# Lists of a text's own: meals, events, a ranking with texts, a timetable.
LISTS = (
    _lines("Meal {n}", "{n} eggs, one slice of bread, half a cucumber, {n} figs"),
    _lines("{n}. {town} Sailing Days 2026", "Date: June {n}-1{n}, 2026", "Place: {town}"),
    _lines("{n}. The pier of {town}", "The pier of {town} is the longest but {n}, and all of its lamps burn until morning."),
    _lines("1{n}:30", "Ferry to the island by way of {town} and the pier"),
)
FOOT = ("Read more", "Most read", "Privacy policy", "Terms of use", "Contact us", "All rights reserved")


def is_lone(*lines: str) -> bool:
    """Return whether a page of these lines is a text on its own, with the lists that its grammar shows."""
    page = Page("\n".join(lines))
    features = [features_of(line, RULESET, i) for i, line in enumerate(split_lines(page.text))]
    scores = score_lines(features, RULESET)
    return is_lone_text(features, scores, RULESET.reading.lone_text, page_lists(page, features, scores, RULESET))


def test_a_text_with_short_lines_stands_on_its_own() -> None:
    assert is_lone(*TEXT)
    assert is_lone("Night ferry returns", *TEXT, *TEXT)


def test_a_poem_stands_on_its_own() -> None:
    assert is_lone("The tide goes out,", "the tide comes in,", "the ferry sleeps", "beside the bin.")


def test_a_page_with_menus_does_not() -> None:
    assert not is_lone(*HUSK, *TEXT, *FOOT)


def test_a_single_line_stands_on_its_own() -> None:
    assert is_lone(TEXT[0])


def test_with_a_list_a_text_on_its_own_must_be_likelier_than_not() -> None:
    doubtful, shown = LoneTextWeights({"start": -1.0}, -2.0), [EmbeddedList([Item(0, 1)], "title")]
    assert is_lone_text([], [], doubtful)
    assert not is_lone_text([], [], doubtful, shown)
    assert is_lone_text([], [], LoneTextWeights({"start": 1.0}, -2.0), shown)


def test_the_lists_of_a_page_are_part_of_its_features() -> None:
    features = [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join([*TEXT, "Meal 1", "Two eggs"])))]
    shown = EmbeddedList([Item(4, 5, FieldSpan(5, 0, 8), time=FieldSpan(4, 0, 6))], "time / title", reasons={"score": 1.5})
    names = {*page_names(features, [1.0] * len(features), [shown])}
    assert {"lists:1", "items:1", "surest:7", "with-time:10", "with-body:0", "prose-before:3", "prose-after:0"} <= names
    assert not {"with-time:10", "lists:1"} & {*page_names(features, [1.0] * len(features))}


@pytest.mark.parametrize("lines", LISTS, ids=lambda lines: lines[0])
def test_a_text_with_a_long_list_of_its_own_stands_on_its_own(lines: tuple[str, ...]) -> None:
    assert is_lone("What the ferry company announced this week", *TEXT[:2], *lines, *TEXT[2:])


def test_a_page_with_a_list_of_other_stories_does_not() -> None:
    cards = [line for time, title in zip(TIMES, TITLES, strict=True) for line in (title, time)]
    assert not is_lone(*HUSK, *TEXT, "Related stories", *cards, *FOOT)
