from __future__ import annotations

import pytest

from cleaners.text.line_shape import begins_sentence, ends_sentence, is_whole


@pytest.mark.parametrize(
    ("text", "at", "begins"),
    [("One. Two", 5, True), ("One.Two", 4, False), ("One, two", 5, False), ('He said: "No." Two', 15, True), ("Two", 0, True)],
)
def test_where_a_sentence_may_begin(text, at, begins):
    assert begins_sentence(text, at) is begins


@pytest.mark.parametrize(
    ("text", "at", "ends"),
    [
        ("Ad The river", 2, True),
        ("Ad Standards Agency", 2, False),
        ("Ad Standards, it said", 2, False),
        ("Ad 23 people", 2, True),
        ("Ad the river", 2, False),
        ("Ad.", 3, True),
        ("Done. the river", 5, True),
        ("Ad “The river", 2, True),
        ("Adx", 2, False),
        ("Ad ", 2, True),
    ],
)
def test_where_a_phrase_may_end(text, at, ends):
    assert ends_sentence(text, at, ("Standards",)) is ends


@pytest.mark.parametrize(("text", "whole"), [("It is.", True), ("'It is.'", True), ("It is", False), ("هل؟", True), ("", True)])
def test_what_ends_like_a_sentence(text, whole):
    assert is_whole(text) is whole
