from __future__ import annotations

import pytest
from hypothesis import given, settings

from cleaners import clean_page
from cleaners.errors import BadPage
from cleaners.output.ledger import check_ledger, replay, segments_by_record
from cleaners.output.record import Segment
from tests.support.pages import odd_pages

TEXT = "Title\n\nOne. CUT Two.\n"
KEPT = Segment(0, 5, "r", "title", None)
ONE = Segment(7, 11, "r", "text", None)
CUT = Segment(12, 15, None, None, "x.cut")
TWO = Segment(16, 20, "r", "text", None)


def test_a_complete_ledger_passes_and_reads_back():
    check_ledger(TEXT, [KEPT, ONE, CUT, TWO])
    assert replay(TEXT, [KEPT, ONE, CUT, TWO], "r", "text") == "One. Two."


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        ([], "character at 0"),
        ([KEPT, ONE, TWO], "character at 12"),
        ([KEPT, ONE, CUT], "character at 16"),
        ([KEPT, KEPT, ONE, CUT, TWO], "0-5 overlaps"),
        ([KEPT, ONE, CUT, Segment(16, 99, "r", "text", None)], "leaves the page"),
        ([KEPT, ONE, Segment(12, 15, "r", "text", "x.cut"), TWO], "not either"),
        ([KEPT, ONE, Segment(12, 15, None, None, None), TWO], "not either"),
    ],
)
def test_a_ledger_with_a_hole_is_refused(segments, says):
    with pytest.raises(BadPage, match=says) as refused:
        check_ledger(TEXT, segments)
    assert refused.value.reason == "ledger"


def test_a_record_is_replayed_from_its_segments_and_those_passed_over_between_them():
    marks = [Segment(at, at + 1, None, None, "generic.markup") for at in (0, 6, 12)]
    first, other, last = Segment(1, 5, "a", "text", None), Segment(8, 11, "b", "text", None), Segment(14, 18, "a", "text", None)
    clutter = Segment(19, 22, None, None, "x.cut")
    found = segments_by_record([marks[0], first, marks[1], other, marks[2], last, clutter])
    assert found == {"a": [first, *marks[1:], last], "b": [other]}


@settings(max_examples=60)
@given(odd_pages)
def test_a_record_replayed_from_those_is_the_same_as_from_the_whole_ledger(text):
    text = f"## {text}\nIt sails&nbsp;again, **the board**\nsaid on Monday."
    segments = clean_page(text).segments
    parts = segments_by_record(segments)
    for record, field in {(segment.record, segment.field) for segment in segments if segment.record is not None}:
        assert replay(text, parts[record], record, field) == replay(text, segments, record, field)
