from __future__ import annotations

import pytest
from hypothesis import given

from cleaners.text import normalize
from cleaners.text.normalize import fold, lookup_key
from tests.support.pages import any_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No comments yet…", "NO COMMENTS YET..."),
        ("Don’t miss", "don't  miss"),
        ("Try\u00a0Our AI", "Try Our AI"),
        ("2–3 minutes", "12-30 minutes"),
        ("٤١ دقائق", "7 دقائق"),
        ("1,234.5 likes", "9 likes"),
        ("Re\u200blated", "Related"),
        ("cafe\u0301", "café"),
        ("\u095d", "\u0922\u093c"),
    ],
)
def test_wordings_that_say_the_same_have_one_key(one, other):
    assert lookup_key(one) == lookup_key(other)


def test_different_words_have_different_keys():
    assert lookup_key("Comments") != lookup_key("Comment")
    assert lookup_key("Related Articles") != lookup_key("Related articles of clothing")


def test_the_shape_keeps_how_many_digits_there_are():
    assert fold("٢٢-٠٧-٢٠٢٥") == "00-00-0000" != fold("2-7-2025")


@given(any_text)
def test_a_key_is_its_own_key(text):
    assert lookup_key(lookup_key(text)) == lookup_key(text)


def test_the_key_of_a_long_text_is_not_remembered():
    lookup_key("a" * 300)
    size = normalize._remembered.cache_info().currsize
    assert lookup_key("B" * 301) == "b" * 301
    assert normalize._remembered.cache_info().currsize == size
