"""The change of each line of a page from one reading to another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean_page
from cleaners.document.page import split_lines
from cleaners.learning.line_changes import NO_FATE, LineFate, line_changes, line_fates
from tests.support.pages import pages

TITLE, TEXT, TAGS = (LineFate(field=field, kind="article") for field in ("title", "text", "tags"))
STORY, STORY_TITLE = (LineFate(field=field, kind="story", position=1) for field in ("text", "title"))
GONE = LineFate(rule="quaypost.line-1")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (TEXT, TEXT, ""),
        (GONE, LineFate(rule="another"), ""),
        (NO_FATE, GONE, ""),
        (TEXT, GONE, "removed"),
        (GONE, TEXT, "kept"),
        (NO_FATE, TEXT, "kept"),
        (TITLE, GONE, "title"),
        (TEXT, TITLE, "title"),
        (GONE, STORY_TITLE, "kept"),
        (STORY, STORY_TITLE, "title"),
        (TEXT, TAGS, "field"),
    ],
)
def test_a_line_has_one_change(before, after, change):
    assert line_changes([before], [after]) == [change]


def test_a_line_that_went_to_another_record_is_told():
    assert line_changes([TEXT, TEXT, TEXT], [TEXT, TEXT, STORY]) == ["", "", "record"]


def test_a_record_that_only_moved_is_the_same():
    moved = LineFate(field="text", kind="story", position=2)
    assert line_changes([GONE, STORY, STORY], [STORY, moved, moved]) == ["kept", "", ""]


def test_two_stories_that_were_merged_are_told():
    other = LineFate(field="text", kind="story", position=2)
    assert line_changes([STORY, STORY, other], [STORY, STORY, STORY]) == ["", "", "record"]


def test_a_line_has_the_fate_of_most_of_its_characters():
    text = "Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine."
    assert [fate.field or fate.rule for fate in line_fates(split_lines(text), clean_page(text))] == [
        "title", "text", "en.ad-line", "text",
    ]  # fmt: skip
    assert line_fates(split_lines(text), None) == [NO_FATE] * 4


@given(pages)
def test_each_line_of_any_page_has_a_fate_and_two_equal_readings_change_nothing(text):
    lines, cleaned = split_lines(text), clean_page(text)
    fates = line_fates(lines, cleaned)
    assert len(fates) == len(lines)
    assert NO_FATE not in fates
    assert set(line_changes(fates, fates)) <= {""}


fates = st.sampled_from([NO_FATE, GONE, TITLE, TEXT, TAGS, STORY, STORY_TITLE])


@given(st.lists(st.tuples(fates, fates)))
def test_back_and_forth_change_the_same_lines(pairs):
    before, after = [one for one, _ in pairs], [other for _, other in pairs]
    opposite = {"removed": "kept", "kept": "removed"}
    for there, back in zip(line_changes(before, after), line_changes(after, before), strict=True):
        assert "record" in (there, back) or opposite.get(there, there) == back
