"""The record that stands for a story is the first one seen, the best one the fullest clean copy."""

from __future__ import annotations

import pytest

from cleaners.stories.choice import Copy, best, full_copies
from cleaners.stories.sighting import place
from tests.cleaners.stories.records import SETTINGS, STORY, record

CAPTION = "The ferry at the quay, seen from the northern pier at dusk. Photo: A. Quill "
LEFTOVER = " Read more about the harbour, subscribe to our letter, and follow us on all of the usual channels today."


def best_of(*texts):
    copies = [Copy(sketch, [sighting]) for sketch, sighting in (record(f"r{i}", text) for i, text in enumerate(texts))]
    found = best(full_copies(copies, SETTINGS))
    assert found == best(full_copies(copies[::-1], SETTINGS))
    return int(found.seen[0].record[1:])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([CAPTION + STORY, STORY], 1),
        ([STORY[:-60], STORY], 1),
        ([STORY[:130] + "…", STORY], 1),
        ([STORY + LEFTOVER, STORY, STORY.replace(". ", ".\n")], 2),
        ([STORY, STORY.replace(". ", ".\n")], 1),
        ([STORY, STORY], 0),
        ([STORY[:300]], 0),
    ],
    ids=["caption", "cut", "teaser", "leftover", "paragraphs", "first", "only"],
)
def test_the_best_copy_is_the_fullest_clean_one(texts, expected):
    assert best_of(*texts) == expected


def test_records_are_in_the_order_of_being_seen():
    late, early, unknown, second = (
        record("a", seen=seen, position=position)[1]
        for seen, position in [("2026-02", 0), ("2026-01", 0), ("", 0), ("2026-02", 3)]
    )
    assert sorted([unknown, second, late, early], key=place) == [early, late, second, unknown]
