"""The header of a page's own story: its byline is read, its standfirst is text."""

from __future__ import annotations

import pytest

from tests.cleaners.segmentation.pages import BYLINE, FOOTER, MENU, STORY, TITLE, own_record, text

HEADLINE = "A hundred years of lifting end with a bang this month"
LONG = "The crane was built in the year of the great fire, and no sailor of the coast remembers the quay without its long arm."
SHORT = "The board has voted to take it down after years of talks with the town."
LOWER_WINS = pytest.mark.xfail(strict=True, reason="of two headlines the nearer one to the text wins")


@pytest.mark.parametrize(
    ("standfirst", "byline"),
    [
        (SHORT, BYLINE),
        (LONG, BYLINE),
        pytest.param(HEADLINE, BYLINE[1:], marks=LOWER_WINS),
        (HEADLINE, BYLINE),
        (SHORT, BYLINE[1:]),
        (LONG, BYLINE[1:]),
    ],
)
def test_a_standfirst_belongs_to_the_text(standfirst, byline):
    record = own_record(MENU, TITLE, standfirst, byline, "Share", STORY, FOOTER)
    assert (record.title, record.text) == (TITLE, text(standfirst, *STORY))
    assert record.published_raw == "12 May 2026"
    assert record.authors == (["Tobin Marsh"] if byline is BYLINE else [])


def test_a_repeat_of_the_title_is_no_text():
    record = own_record(MENU, TITLE, TITLE, BYLINE, STORY, FOOTER)
    assert (record.title, record.text) == (TITLE, text(*STORY))


@pytest.mark.parametrize(
    "line", ["By Tobin Marsh | 12 May 2026", "12 May 2026 - By Tobin Marsh", "Published 12 May 2026 By Tobin Marsh"]
)
def test_a_byline_in_one_line_is_parted(line):
    record = own_record(MENU, TITLE, line, STORY, FOOTER)
    assert (record.authors, record.published_raw, record.text) == (["Tobin Marsh"], "12 May 2026", text(*STORY))


@pytest.mark.parametrize(
    ("above", "category"),
    [
        (("Fields", "Harbours", "Schools", "Harbours"), "Harbours"),
        (("Fields | Schools | Harbours and coast", "Sea and coast"), "Sea and coast"),
        (("Fields | Schools | Harbours and coast", "The Quay Post"), ""),
    ],
)
def test_the_line_above_a_title_may_be_its_category(above, category):
    assert own_record(above, TITLE, BYLINE, STORY, FOOTER).category == category
