from __future__ import annotations

import pytest
from hypothesis import given

from cleaners.dates.find import MAX_REMEMBERED, DateFinder
from tests.support.pages import any_text


def times_of(library, language):
    return library.ruleset(None, language).context.times


@pytest.mark.parametrize(
    ("language", "line", "found"),
    [
        ("en", "Published April 26, 2023 2:20pm EDT", ["April 26, 2023 2:20pm EDT"]),
        ("en", "March 7, 20247:55 AM UTCUpdated ago", ["March 7, 20247:55 AM UTC"]),
        ("en", "08:39, 06 Jan 2026Updated 08:41, 06 Jan 2026", ["08:39, 06 Jan 2026", "08:41, 06 Jan 2026"]),
        ("en", "Medical Daily 9/21/2016 Ann Doe", ["9/21/2016"]),
        ("en", "Yahoo FinanceOctober 13, 2016", ["October 13, 2016"]),
        ("en", "By A. DOE | AP – 1 hr 4 mins ago", ["1 hr 4 mins ago"]),
        ("en", "Sat 24 Feb 2024 12.42 CET", ["Sat 24 Feb 2024 12.42 CET"]),
        ("en", "The 15 of May", []),
        ("en", "S&P 500 2,111.72", []),
        ("en", "Updated 3/9", ["3/9"]),
        ("en", "Ann Doe | 3/9", ["3/9"]),
        ("en", "1/2 cup of flour", []),
        ("en", "Alder 2-1 Brack", []),
        ("en", "Eat every 2-3 hours", []),
        ("en", "3.5/5", []),
        ("en", "$14.40 a month", []),
        ("de", "15.04.2026 - 15:48 UhrLesedauer: 2 Min.", ["15.04.2026 - 15:48 Uhr"]),
        ("de", "vor 3 Stunden", ["vor 3 Stunden"]),
        ("fr", "il y a 2 heures", ["il y a 2 heures"]),
        ("es", "3 de mayo de 2022", ["3 de mayo de 2022"]),
        ("pt", "há 5 minutos", ["há 5 minutos"]),
        ("it", "2 ore fa", ["2 ore fa"]),
        ("sv", "ungefär 4 timmar sedan", ["4 timmar sedan"]),
        ("no", "for 2 timer siden", ["for 2 timer siden"]),
        ("cs", "včera 14:40", ["včera 14:40"]),
        ("tr", "5 dakika önce", ["5 dakika önce"]),
        ("hi", "कुछ ही क्षण पहले", ["कुछ ही क्षण पहले"]),
        ("zh", "2分钟前", ["2分钟前"]),
        ("zh", "发布时间：10-0812:00", ["10-0812:00"]),
        ("ja", "3/9(木) 17:20", ["3/9(木) 17:20"]),
        ("ar", "منذ 41 دقائق", ["منذ 41 دقائق"]),
        ("ar", "الثلاثاء، 16 يناير 2024", ["الثلاثاء، 16 يناير 2024"]),
        ("ar", "16\u200f/01\u200f/2024", ["16\u200f/01\u200f/2024"]),
        ("ko", "입력 2024.02.06 18:10", ["2024.02.06 18:10"]),
        ("ru", "6 февраля 2024, 18:10", ["6 февраля 2024, 18:10"]),
        ("th", "2 ชั่วโมงที่แล้ว", ["2 ชั่วโมงที่แล้ว"]),
        ("el", "20 Μαΐου 2024", ["20 Μαΐου 2024"]),
    ],
)
def test_times_are_found_in_lines(library, language, line, found):
    assert [line[span.start : span.end] for span in times_of(library, language).find(line)] == found


@given(any_text)
def test_any_text_holds_times_that_lie_within_it(library, text):
    for span in times_of(library, "en").find(text):
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pier 9 stays open", []),
        ("Pier 9 opened 3 hours ago", ["3 hours ago"]),
        ("Yahoo3 hours agoSport", ["3 hours ago"]),
        ("at 10=30 we left", ["10=30"]),
        ("2026 -04- 15", ["2026 -04- 15"]),
    ],
)
def test_lines_are_passed_over_only_when_they_hold_nothing_that_a_time_needs(text, found):
    words = [("ago", "ago", 0), ("hours", "unit", 2), ("=", "clock", 0)]
    assert [text[span.start : span.end] for span in DateFinder([words]).find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("김철수 기자 2026.03.04 10:15", "2026.03.04 10:15"),  # a name ends in the letter for Wednesday
        ("박영일 2026.03.04", "2026.03.04"),
        ("수 2026.03.04", "수 2026.03.04"),
        ("김영희 (수) 2026.03.04", "(수) 2026.03.04"),
        ("2026.03.04수 10:15", "2026.03.04수 10:15"),
    ],
)
def test_no_time_begins_with_the_last_letter_of_a_name(library, text, found):
    span = times_of(library, "ko").first(text)
    assert span is not None
    assert text[span.start : span.end] == found


def test_no_line_of_a_large_page_is_forgotten(monkeypatch):
    table = DateFinder([])
    lines = [f"{i}:{i % 60:02}" for i in range(2 * MAX_REMEMBERED)]
    table.begin_page(len(lines))
    known = [table.first(line) for line in lines]
    monkeypatch.setattr(table, "find", None)  # none is read again
    assert [table.first(line) for line in lines] == known
    table.begin_page(1)
    with pytest.raises(TypeError):
        table.first(lines[0])
