"""The record that stands for a story is the first one seen, the best one the fullest clean copy."""

from __future__ import annotations

import pytest

from cleaners.stories.choice import best, place
from tests.cleaners.stories.records import SETTINGS, STORY, sketch

CAPTION = "The ferry at the quay, seen from the northern pier at dusk. Photo: A. Quill "
LEFTOVER = " Read more about the harbour, subscribe to our letter, and follow us on all of the usual channels today."


def best_of(*texts):
    copies = [sketch(text, record=f"r{i}") for i, text in enumerate(texts)]
    assert best(copies, SETTINGS) == best(copies[::-1], SETTINGS)
    return int(best(copies, SETTINGS).record[1:])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([CAPTION + STORY, STORY], 1),
        ([STORY[:-60], STORY], 1),
        ([STORY[:130] + "…", STORY], 1),
        ([STORY + LEFTOVER, STORY, STORY], 1),
        ([STORY, STORY.replace(". ", ".\n")], 1),
        ([STORY, STORY], 0),
        ([STORY[:300]], 0),
    ],
    ids=["caption", "cut", "teaser", "leftover", "paragraphs", "first", "only"],
)
def test_the_best_copy_is_the_fullest_clean_one(texts, expected):
    assert best_of(*texts) == expected


def test_records_are_in_the_order_of_being_seen():
    late, early, unknown = (sketch(record=name, seen=seen) for name, seen in [("a", "2026-02"), ("b", "2026-01"), ("c", "")])
    second = sketch(record="a", seen="2026-02", position=3)
    assert sorted([unknown, second, late, early], key=place) == [early, late, second, unknown]
