from __future__ import annotations

import pytest

from cleaners.dates.find import DateFinder
from cleaners.document.page import split_lines
from cleaners.grammar.fields import FieldContext
from cleaners.grammar.match import line_pattern, match_lines

WORDS = FieldContext(DateFinder([[("hours", "unit", 2), ("ago", "ago", 0)]]), frozenset({"The 961"}))
HEADER = [line_pattern(line) for line in ("{source}", "{time}", "[- {category}]", "- {source}", "{title}")]


def match(text: str, patterns=HEADER, *, final: bool = False):
    return match_lines(patterns, split_lines(text), 0, WORDS, final=final)


def values(found) -> dict[str, str]:
    return {name: line.text for name, line in found.fields.items()}


def test_fields_are_bound_and_repeats_told():
    found = match("Yahoo\n2 hours ago\n- Yahoo\nA title")
    assert values(found) == {"source": "Yahoo", "time": "2 hours ago", "title": "A title"}
    assert [line.text for line in found.repeats] == ["Yahoo"]
    assert [line.text for line in found.literals] == ["- "]
    assert (found.first, found.last, found.cut) == (0, 4, False)


def test_an_optional_line_is_taken_where_it_stands():
    assert values(match("Yahoo\n2 hours ago\n- Health\n- Yahoo\nA title"))["category"] == "Health"


def test_a_source_may_hold_a_dash():
    found = match("See - Sada\n2 hours ago\n- See - Sada\nA title")
    assert values(found)["source"] == "See - Sada"


@pytest.mark.parametrize(
    "text",
    [
        "Yahoo\n2 hours ago\n- CNN\nA title",
        "Yahoo\ntwo hours ago\n- Yahoo\nA title",
        "Yahoo\n2 hours ago\nYahoo\nA title",
        "Yahoo\n2 hours ago",
        "",
    ],
)
def test_lines_that_do_not_follow_are_no_match(text):
    assert match(text) is None


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("Yahoo\n2 hours ago\n- Yah", True),
        ("Yahoo\n2 ho", True),
        ("Yahoo", True),
        ("Yahoo\n2 hours ago\n- Yahoo", True),
        ("Yahoo\n2 hours ago\n- CNN", True),
        ("Yahoo\nnothing", False),
    ],
)
def test_the_end_of_the_page_may_cut_a_header_off(text, is_cut):
    found = match(text, final=True)
    assert (found is not None and found.cut) is is_cut


def test_a_glued_byline_is_parted_after_a_known_source():
    byline = [line_pattern("{source}{time}")]
    assert values(match("The 9615 hours ago", byline)) == {"source": "The 961", "time": "5 hours ago"}
    assert values(match("The 96211 hours ago", byline)) == {"source": "The 962", "time": "11 hours ago"}
    assert match("He came 5 hours ago", byline) is None


def test_a_value_too_long_for_its_field_is_none():
    assert match(f"{'Yahoo ' * 30}\n2 hours ago\n- {'Yahoo ' * 30}\nA title") is None


def test_matching_many_optional_lines_takes_no_long_time():
    patterns = [line_pattern("[{title}]") for _ in range(12)] + [line_pattern("end")]
    assert match("\n".join(["x"] * 12), patterns) is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("A title\nYahoo / Health", {"title": "A title", "source": "Yahoo", "category": "Health"}),
        ("A title\nYahoo", {"title": "A title", "source": "Yahoo"}),
    ],
)
def test_a_part_of_a_line_may_be_missing(text, fields):
    patterns = [line_pattern(line) for line in ("{title}", "{source}{? / {category}}")]
    assert values(match(text, patterns)) == fields


def test_other_values_differ_from_format_two_on():
    lines = ("{other}", "{title}", "{other} | {other}", "{time}")
    text = "News\nA title\nOslo | Harbour\n2 hours ago"
    assert match(text, [line_pattern(line) for line in lines]) is None
    found = match(text, [line_pattern(line, frees_other=True) for line in lines])
    assert [line.text for line in found.others] == ["News", "Oslo", "Harbour"]
    assert values(found) == {"title": "A title", "time": "2 hours ago"}
    same = match("News\nA title\nNews | News\n2 hours ago", [line_pattern(line) for line in lines])
    assert [line.text for line in same.repeats] == ["News", "News"]
