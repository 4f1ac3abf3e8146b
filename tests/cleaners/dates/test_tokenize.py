from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from cleaners.dates.tokenize import tokens
from tests.support.pages import any_text


@given(any_text)
def test_tokens_stand_where_they_say(text):
    parts = list(tokens(text))
    assert all(text[part.start : part.end] == part.text for part in parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))
