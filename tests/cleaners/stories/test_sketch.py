"""A sketch is small, the same for the same record, and made of any text."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.sketch import MAX_CHARS, MAX_REST, Sketch
from tests.cleaners.stories.records import STORY, sketch


def encoded(one: Sketch) -> bytes:
    return msgspec.msgpack.encode(one)


@given(st.text(), st.text(), st.text())
def test_any_record_has_a_sketch_that_comes_back_from_bytes(text, title, source):
    one = sketch(text, title, source)
    assert msgspec.msgpack.decode(encoded(one), type=Sketch) == one
    assert sketch(text, title, source) == one


def test_lone_surrogates_are_no_mistake():
    assert sketch("A \ud800 text of more than six words, all of them plain").keys


def test_a_sketch_of_any_length_is_under_two_kilobytes():
    numbered = " ".join(f"word{i} {i * 7919}" for i in range(30_000))
    for text in (STORY * 5, numbered, "猫が来たので皆が喜んだ。" * 3_000, numbered.replace("word", "ก")):
        assert len(encoded(sketch(text))) < 2_000
    assert len(sketch(numbered).rest) <= 4 * MAX_REST


def test_no_more_is_read_than_the_limit():
    text = " ".join(f"w{i}" for i in range(20_000))
    assert len(text) > MAX_CHARS
    one, other = sketch(text), sketch(text + " and the end")
    assert (one.units, one.keys, one.rest) == (other.units, other.keys, other.rest)
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("end", "is_cut"),
    [("", False), (" He sai", True), (" And...", True), (" And…", True), (" “Never again.”", False), (" Why?", False)],
)
def test_the_end_tells_a_cut(end, is_cut):
    assert sketch(STORY + end).is_cut == is_cut


def test_a_known_cut_is_one():
    assert sketch(STORY, is_cut=True).is_cut


def test_a_number_at_the_very_end_may_be_cut_and_does_not_count():
    assert len(sketch("In the year 1987 there were 12 ferries and 1,23").numbers) == 2 * 4


def test_few_words_are_no_text():
    assert sketch("The ferry is back again.").keys == ()
    assert sketch("The ferry is back again today.").keys
