from __future__ import annotations

import pytest

from cleaners import Library, clean_page, shipped_packs
from cleaners.text.spans import join, subtract
from tests.cleaners.rules.test_model import RULE, toml

FIRST = "It rained on Monday from early in the morning, and the fair on the quay was put off until the sky had cleared."
SECOND = "The fair went on at six with half of the stalls, and the band of the fire brigade played until the lamps were lit."


def body_of(text: str, library: Library | None = None) -> str:
    return clean_page(f"A title\n{text}", library).records[0].text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It rained. Article content The fair went on.", "It rained. The fair went on."),
        ("It rained. Article content Article content The fair went on.", "It rained. The fair went on."),
        ("Article content", ""),
        ("It rained.\nADVERTISEMENT\nThe fair went on.", "It rained.\nThe fair went on."),
        (f"{FIRST}\nEnter Email\nAdvertisement\nSign Up\n{SECOND}", f"{FIRST}\n{SECOND}"),
        ("It rained. Article content Advertisement", "It rained."),
        ("It rained.\nArticle content Loading", "It rained."),
    ],
)
def test_clutter_goes_and_so_does_clutter_behind_it(text, left):
    assert body_of(text) == left


def test_a_line_in_which_clutter_lies_too_deep_is_left_alone():
    rule = RULE | {"line": None, "sentence": '["Hey! Zap it."]', "remove": '["Hey! Zap it."]'}
    library = Library([("mine.toml", toml(rule)), *shipped_packs()])
    assert body_of(f"It rained. {'Hey! ' * 5}{'Zap it. ' * 5}", library) == "It rained."
    nested = f"It rained. {'Hey! ' * 20}{'Zap it. ' * 20}".strip()
    assert body_of(nested, library) == nested


def test_an_open_fence_runs_to_the_end_of_its_story_only_in_the_last_line():
    dump = "It rained. Image: A. Video Player is loading. Play Video Play Unmute Current Time 0:00"
    assert body_of(f"One.\n{dump}") == "One.\nIt rained. Image: A."
    assert body_of(f"{dump}\nOne.") == f"{dump}\nOne."


def test_the_longest_phrase_wins():
    assert body_of("It rained. Advertisement Hide Ad The fair went on.") == "It rained. The fair went on."


def test_notices_of_origin_become_a_field():
    (record,) = clean_page(
        "A title\nThis article was originally published by Radio Free Europe and is reprinted with permission. A court sat."
    ).records
    assert record.text == "A court sat."
    assert record.attribution.startswith("This article was originally published by Radio Free Europe")
    assert record.flags == ["syndicated"]


def test_ambiguous_rules_need_strict():
    text = "It rained.\nMORE TO COME\nIt stopped."
    assert "MORE TO COME" in body_of(text)
    assert "MORE TO COME" not in body_of(text, Library(shipped_packs(), strict=True))


def test_holes_are_subtracted_from_a_span():
    assert list(subtract((0, 10), [(0, 2), (4, 5), (9, 10)])) == [(2, 4), (5, 9)]
    assert list(subtract((0, 3), [(0, 3)])) == []


def test_parts_of_a_line_are_joined_as_they_read():
    text = "One. CUT Two.CUTThree"
    joined = join(text, [(0, 5), (8, 13), (16, 21)])
    assert joined.text == "One. Two.Three"
    assert joined.spans(3, 11) == [(3, 4), (9, 13), (16, 18)]


def test_a_link_to_another_story_goes_from_the_end_of_a_paragraph():
    assert body_of(f"{FIRST} ALSO READ: Rail viaduct gets new sleepers\n{SECOND}") == f"{FIRST}\n{SECOND}"
    whole = f"{FIRST} ALSO READ: so the sign said. Nobody did."
    assert body_of(f"{whole}\n{SECOND}") == f"{whole}\n{SECOND}"
