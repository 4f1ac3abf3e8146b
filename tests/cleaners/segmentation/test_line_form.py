"""The form of a line: what is counted quickly equals what is counted plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Library
from cleaners.document.page import Line
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.line_form import INDEX, _capitals, plain_form


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Zs", "Cc"]), max_size=24))
def test_capitals_and_letters_are_counted_as_by_a_call_for_each(initials):
    assert _capitals(initials) == (sum(map(str.isupper, initials)), sum(map(str.isalpha, initials)))


@given(st.text(st.characters(max_codepoint=0x7F, exclude_categories=["Zs", "Cc"]), max_size=24))
def test_they_are_in_ascii_too(initials):
    assert _capitals(initials) == (sum(map(str.isupper, initials)), sum(map(str.isalpha, initials)))


@pytest.mark.parametrize(
    ("text", "signs"), [("او گفت: «برویم.»", 0), ("خانه » جهان » بندر", 2), ("« Bonjour », dit-il", 0), ("A » B", 1)]
)
def test_quotes_in_pairs_are_no_separators(text, signs):
    values, _, _ = plain_form(features_of(Line(0, len(text), text), Library([]).ruleset()))
    assert values[INDEX["signs"]] == signs
