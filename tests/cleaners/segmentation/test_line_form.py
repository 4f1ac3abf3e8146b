"""The form of a line: what is counted quickly equals what is counted plainly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.segmentation.line_form import _capitals


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Zs", "Cc"]), max_size=24))
def test_capitals_and_letters_are_counted_as_by_a_call_for_each(initials):
    assert _capitals(initials) == (sum(map(str.isupper, initials)), sum(map(str.isalpha, initials)))


@given(st.text(st.characters(max_codepoint=0x7F, exclude_categories=["Zs", "Cc"]), max_size=24))
def test_they_are_in_ascii_too(initials):
    assert _capitals(initials) == (sum(map(str.isupper, initials)), sum(map(str.isalpha, initials)))
