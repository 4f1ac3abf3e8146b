"""Forms of time that are learnt from numbers near titles: the right one is found, and none where several would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Library
from cleaners.dates.site_times import TimePattern, iso_time
from cleaners.grammar.template import pieces
from cleaners.learning.time_forms import SiteTime, time_forms
from tests.cleaners.learning.sites import PACKS, WHERE, marked, paragraphs, settings, title

RULESET = Library(PACKS).ruleset()
# Days in two years, the first of which are twelve or less.
DAYS = [datetime(2024, 11, 3, 8, 5, tzinfo=UTC) + timedelta(days=23 * n, minutes=131 * n) for n in range(12)]
LATE = [datetime(2025, 3, day, 9, 30, tzinfo=UTC) for day in (13, 17, 25, 30)]
LOW = [datetime(2025, month, day, 20, 25, tzinfo=UTC) for month, day in ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10))]


def page(number: int, *lines: str) -> str:
    text = "\n".join(f"[[own.text:{line}]]" for line in paragraphs(number))
    return "\n".join(["Front page", f"[[own.title:{title(number)}]]", *lines, text])


def found(lines, captured=None, **changed) -> list[SiteTime]:
    made = marked([page(n, line) for n, line in enumerate(lines)], dict(enumerate(captured)) if captured else None)
    return time_forms(made, RULESET, settings(**changed))


def forms(form, days=DAYS, captured=None, **changed) -> list[str]:
    return [one.form for one in found([day.strftime(form) for day in days], captured, **changed)]


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("Ngay %d.%m.%Y | %Hg%M", []),  # the day is read, and no more is given in output
        ("%d|%m|%Y kl %H.%M", ["{day}|{month}|{year} kl {hour}.{minute}"]),
        ("Publ: %Y%m%d-%H%M", ["{year}{month}{day}-{hour}{minute}"]),
        ("Ada Marsh, D%d M%m Y%Y, Oslo", ["{day} M{month} Y{year}"]),
        ("%H:%M:%S * %m~%d~%Y", ["{hour}:{minute}:{second} * {month}~{day}~{year}"]),
        ("%d/%m/%Y", ["{day}/{month}/{year}"]),
        ("Nr. %d %m %Y", ["Nr. {day} {month} {year}"]),
        ("{%d} ~ {%m} ~ {%Y}", []),
        ("%d %m %Y", []),  # any three numbers
        ("%d~%m~%y", []),  # no year in four digits, and no time of capture
        ("%d~%m %H.%M", []),
        ("5|%d|%m|%Y|kl|%H.%M|7", []),  # more numbers than a time has
        (f"%d|%m|%Y {' and the harbour' * 9}", []),  # a line longer than any that gives a time
    ],
)  # fmt: skip
def test_numbers_that_can_only_be_a_date_are_a_form(printed, form):
    assert forms(printed) == form


def test_a_form_comes_with_its_pages_and_times():
    (form,) = found([*(day.strftime("%d|%m|%Y kl %H.%M") for day in DAYS), "no time"])
    assert (form.pages, form.of, len(form.lines)) == (12, 13, 12)
    assert form.lines["03|11|2024 kl 08.05"] == "2024-11-03T08:05"
    assert form.keys == {"0|0|0 kl 0"}


def test_the_time_of_capture_tells_what_the_numbers_do_not():
    near = [day + timedelta(hours=5) for day in DAYS]
    assert forms("%d~%m~%y", captured=near) == ["{day}~{month}~{year}"]
    assert forms("%d~%m %H.%M", captured=near) == ["{day}~{month} {hour}.{minute}"]
    assert forms("%d~%m~%Y", LOW) == []
    assert forms("%d~%m~%Y", LOW, [day + timedelta(hours=5) for day in LOW]) == ["{day}~{month}~{year}"]
    assert forms("%m~%d~%Y", LOW, [day + timedelta(hours=5) for day in LOW]) == ["{month}~{day}~{year}"]
    assert forms("%m~%d~%Y", LOW, [datetime(2026, 1, 1, tzinfo=UTC)] * 5) == []
    early = [day.replace(month=day.day, day=day.month) for day in LOW]  # so that no wrong reading is after the capture
    soon = [day + timedelta(hours=5) for day in early]
    assert forms("%d~%m~%Y", early, soon) == ["{day}~{month}~{year}"]
    assert forms("%d~%m~%Y", early[1:], soon[1:]) == []


def test_no_time_is_after_the_capture():
    assert forms("%d~%m~%Y", captured=[day - timedelta(days=3) for day in DAYS]) == []


def test_a_year_that_recurs_is_no_time_of_day():
    assert forms("%d~%m~%Y", LATE) == ["{day}~{month}~{year}"]
    assert forms("%d~%m~%H%M", [datetime(2025, 3, day, 20, day, tzinfo=UTC) for day in range(14, 24)]) == []


def test_lines_that_are_read_already_or_stand_on_few_pages_give_no_form():
    assert forms("%d May %Y") == []
    assert forms("%d|%m|%Y", DAYS[:2]) == []
    lines = [day.strftime("%d|%m|%Y") for day in DAYS[:4]]
    assert found([*lines, *WHERE]) != []
    assert found([*lines, *WHERE], header_pages=0.5) == []


def test_the_same_time_on_all_pages_is_none():
    assert forms("%d|%m|%Y", [DAYS[5]] * 9) == []


def test_numbers_of_several_lines_or_far_from_the_title_are_none():
    texts = [f"{day:%d|%m|%Y}\nLater {day:%d|%m|%Y}" for day in DAYS]
    assert found(texts) == []
    far = "\n".join(WHERE[:6])
    assert found([f"{far}\n{day:%d|%m|%Y}" for day in DAYS]) == []


SIGNS = st.sampled_from(["|", "~", " ~ ", " kl ", ". . ", "x", "*", " {", "} ", "é "])
DATE = st.sampled_from(["%d %m %Y", "%m %d %Y", "%Y %m %d"])
CLOCK = st.sampled_from(["", "%H %M", "%H%M", "%H %M %S"])
MOMENTS = st.lists(
    st.datetimes(datetime(1999, 1, 1), datetime(2035, 1, 1)), min_size=5, max_size=9, unique_by=lambda day: day.date()
)  # fmt: skip


def printed_form(data, date: str, clock: str) -> str:
    """Return a form in which a site may print times, with other signs between numbers, or none."""
    parts = [*date.split(), *clock.split()] if data.draw(st.booleans()) else [*clock.split(), *date.split()]
    return "".join(part + (data.draw(SIGNS) if i + 1 < len(parts) else "") for i, part in enumerate(parts))


@given(st.data(), DATE, CLOCK, MOMENTS)
def test_a_form_reads_the_times_that_it_was_made_of(data, date, clock, days):
    printed = printed_form(data, date, clock)
    for one in found([day.strftime(printed) for day in days]):
        read = {day.strftime(printed): day.strftime("%Y-%m-%dT%H:%M" if clock else "%Y-%m-%d") for day in days}
        assert one.lines == dict(sorted(read.items()))
        assert all(iso_time(TimePattern(pieces(one.form)).read(text)) == time for text, time in read.items())


@given(st.data(), st.sampled_from(["%d %m %Y", "%m %d %Y"]), CLOCK, MOMENTS)
def test_nothing_is_learnt_where_days_may_be_months(data, date, clock, days):
    low = [day.replace(day=day.month % 12 + 1) for day in days]
    assert forms(printed_form(data, date, clock), low) == []
