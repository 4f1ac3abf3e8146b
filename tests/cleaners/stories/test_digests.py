"""Shingles, the keys that are winnowed out of them, and digests as bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.digests import digests, least_of_windows, packed, shingles, unpacked, unpacked_set, winnowed_keys

WORDS = st.lists(st.sampled_from(["a", "bb", "é", "猫", "1,2"]), max_size=30)


@given(WORDS, st.integers(1, 5))
def test_shingles_are_rows_of_units(units, size):
    rows = [" ".join(units[i : i + size]).encode() for i in range(len(units) - size + 1)]
    assert shingles(units, size) == (rows or [" ".join(units).encode()] * bool(units))


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 8))
def test_the_least_of_each_window_is_taken_the_last_of_equals(values, window):
    plain = {
        max(i for i in range(start, start + window) if values[i] == min(values[start : start + window]))
        for start in range(len(values) - window + 1)
    }
    assert least_of_windows(values, window) == plain


@given(st.lists(st.integers(0, 9), min_size=8, max_size=20), *[st.lists(st.integers(10, 30), max_size=20)] * 2)
def test_texts_with_a_window_in_common_have_a_key_in_common(common, before, after):
    one = [str(value).encode() for value in common]
    other = [str(value).encode() for value in (*before, *common, *after)]
    assert set(winnowed_keys(one, 8)) & set(winnowed_keys(other, 8))


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_digests_come_back_from_bytes(values):
    assert list(unpacked(packed(values))) == values
    assert unpacked_set(packed(values)) == set(values)


def test_bytes_are_the_same_on_any_machine():
    assert packed([1, 2**31]) == b"\x01\0\0\0\0\0\0\x80"
    assert digests([b"ferry"]) == [3205307411]
    assert [key.hex() for key in winnowed_keys([b"ferry"], 8)] == ["107d8d835fa7536e"]
