from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from cleaners.dates.resolve import TimeExpression, resolve
from tests.support.pages import any_text

NOON = datetime(2025, 7, 5, 12, 34, 56, tzinfo=UTC)


@pytest.fixture(scope="module")
def times(library):
    return library.ruleset(next(site for site in library.sites if site.name == "daily8"), "ar").context.times


@pytest.mark.parametrize(
    ("wording", "published", "precision"),
    [
        ("a few seconds ago", "2025-07-05T12:34:00Z", "minute"),
        ("a minute ago", "2025-07-05T12:33:00Z", "minute"),
        ("27 minutes ago", "2025-07-05T12:07:00Z", "minute"),
        ("an hour ago", "2025-07-05T11:00:00Z", "hour"),
        ("20 hours ago", "2025-07-04T16:00:00Z", "hour"),
        ("A day ago", "2025-07-04T00:00:00Z", "day"),
        ("7 days ago", "2025-06-28T00:00:00Z", "day"),
        ("28-06-2025", "2025-06-28T00:00:00Z", "day"),
        ("٢٢-٠٦-٢٠٢٥", "2025-06-22T00:00:00Z", "day"),
        ("منذ ساعة واحدة", "2025-07-05T11:00:00Z", "hour"),
        ("منذ 41 دقائق", "2025-07-05T11:53:00Z", "minute"),
        ("منذ يوم واحد", "2025-07-04T00:00:00Z", "day"),
        ("2 months ago", "", ""),
        ("30-07-2025", "", ""),
        ("06-07-2025", "2025-07-06T00:00:00Z", "day"),
        ("07-07-2025", "", ""),
        ("31-02-2025", "", ""),
        ("900,000,000 days ago", "", ""),
        ("two hours ago", "", ""),
    ],
)
def test_times_are_resolved_against_the_capture(times, wording, published, precision):
    assert resolve(times.read(wording), NOON, "dmy") == (published, precision)


@pytest.mark.parametrize(
    ("language", "wording", "published"),
    [
        ("fa", "۱۷ بهمن ۱۴۰۲ ۱۸:۱۰", "2024-02-06T00:00:00Z"),
        ("fa", "1403/02/31", "2024-05-20T00:00:00Z"),
        ("fa", "۳۰ اسفند ۱۴۰۳", "2025-03-20T00:00:00Z"),
        ("fa", "2024/02/06", "2024-02-06T00:00:00Z"),
        ("fa", "۱۷ بهمن", ""),  # of which year is not said
        ("fa", "۳۲ بهمن ۱۴۰۲", ""),
        ("th", "6 ก.พ. 2567", "2024-02-06T00:00:00Z"),
        ("th", "06/02/2567", "2024-02-06T00:00:00Z"),
        ("th", "6 ก.พ. 2024", "2024-02-06T00:00:00Z"),
    ],
)
def test_dates_of_other_calendars_become_gregorian(library, language, wording, published):
    expression = library.ruleset(None, language).context.times.read(wording)
    assert resolve(expression, None, "dmy")[0] == published


def test_a_relative_time_without_a_capture_stays_unknown(times):
    assert resolve(times.read("27 minutes ago"), None) == ("", "")
    assert resolve(times.read("28-06-2025"), None) == ("2025-06-28T00:00:00Z", "day")


def test_the_capture_may_be_in_any_zone(times):
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    assert resolve(times.read("a day ago"), there) == resolve(times.read("a day ago"), NOON)


@pytest.mark.parametrize(
    ("line", "source", "time"),
    [
        ("Axios12-03-2025", "Axios", "12-03-2025"),
        ("9 News6 days ago", "9 News", "6 days ago"),
        ("Politicoa day ago", "Politico", "a day ago"),
        ("The 96111 hours ago", "The 961", "11 hours ago"),
        ("News1818 hours ago", "News18", "18 hours ago"),
        ("Studio 107 days ago", "Studio 10", "7 days ago"),
        ("تليكسبريسمنذ يوم واحد", "تليكسبريس", "منذ يوم واحد"),
        ("الجزيرة٢٢-٠٧-٢٠٢٥", "الجزيرة", "٢٢-٠٧-٢٠٢٥"),
    ],
)
def test_a_glued_time_is_parted_at_the_likeliest_place(times, line, source, time):
    at = next(times.glued_starts(line))
    assert (line[:at], line[at:]) == (source, time)


def test_a_time_after_a_blank_is_not_glued(times):
    assert list(times.glued_starts("He came 3 days ago")) == []


@pytest.mark.parametrize("cut", ["2 h", "an hour a", "12-0", "منذ ساعة واحد", "1"])
def test_the_beginning_of_a_time_is_known(times, cut):
    assert times.is_cut_time(cut)


@pytest.mark.parametrize("text", ["Friday", "hours", "x 2 hours"])
def test_other_text_begins_no_time(times, text):
    assert not times.is_cut_time(text)


@given(any_text)
def test_any_text_is_a_time_or_none(times, text):
    expression = times.read(text)
    assert expression is None or isinstance(expression, TimeExpression)
    assert all(0 < at < len(text) for at in times.glued_starts(text))
