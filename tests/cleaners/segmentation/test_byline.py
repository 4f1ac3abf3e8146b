from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.byline import assign_byline, header_time, is_update_label, names_author, source_of
from cleaners.segmentation.line_features import features_of


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Medical Daily 9/21/2016 Ann Doe", {"source": "Medical Daily", "time": "9/21/2016"}),
        ("Yahoo FinanceOctober 13, 2016", {"source": "Yahoo Finance", "time": "October 13, 2016"}),
        ("Ann Doe / PAPER.COM / Apr 16, 2026, 14:04 IST", {"source": "PAPER.COM", "time": "Apr 16, 2026, 14:04 IST"}),
        ("By ANN DOE | AP – 1 hr 4 mins ago", {"author": "ANN DOE", "source": "AP", "time": "1 hr 4 mins ago"}),
        ("Ann Doe 1 day ago", {"time": "1 day ago"}),
        ("Published Aug 28, 2024 • Last updated 1 hour ago", {"time": "Aug 28, 2024"}),
        ("By Ann Doe, CNN", {"author": "Ann Doe", "source": "CNN"}),
        ("Associated Press in Paris", {"source": "Associated Press"}),
        ("By Ann Doe", {"author": "Ann Doe"}),
        ("Wien - 02.02.2022, 11:17 –", {"time": "02.02.2022, 11:17"}),
        ("Datum: 18.10.2021", {"time": "18.10.2021"}),
        ("Ann DoeDecember 20, 2023", {"time": "December 20, 2023"}),
        ("VENTURA, Calif., Jan. 15, 2008", {"time": "Jan. 15, 2008"}),
        ("Marrowick Gazette - January 24, 2020", {"source": "Marrowick Gazette", "time": "January 24, 2020"}),
    ],
)
def test_a_header_line_is_read_and_accounted_for(library, line, fields):
    ruleset = library.ruleset(None, "en")
    story, stories = Story("article", "generic.article"), Stories("generic.article")
    assign_byline(features_of(split_lines(line)[0], ruleset), story, stories, ruleset)
    assert {name: line.text for name, line in story.fields.items()} == fields
    spans = sorted((part.start, part.end) for part in (*story.fields.values(), *(part for part, _ in stories.structure)))
    left = "".join(
        line[end:start] for end, start in zip([0, *(end for _, end in spans)], [*(s for s, _ in spans), None], strict=True)
    )
    assert left.strip() == ""


CASELESS = [
    ("fa", "نویسنده: علی رضایی", "علی رضایی"), ("ar", "بقلم: أحمد سالم", "أحمد سالم"), ("he", "מאת: דנה כהן", "דנה כהן"),
    ("hi", "लेखक: राम शर्मा", "राम शर्मा"), ("bn", "লেখক: রহিম উদ্দিন", "রহিম উদ্দিন"), ("th", "โดย: สมชาย ใจดี", "สมชาย ใจดี"),
    ("ja", "文：山田太郎", "山田太郎"), ("zh", "记者：王伟", "王伟"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "line", "name"), CASELESS)
def test_a_colon_shows_a_byline_in_scripts_without_capitals(library, language, line, name):
    ruleset = library.ruleset(None, language)
    feature = features_of(split_lines(line)[0], ruleset)
    assert (feature.shape, feature.byline) == ("meta", True)
    story, stories = Story("article", "generic.article"), Stories("generic.article")
    assign_byline(feature, story, stories, ruleset)
    assert story.fields["author"].text == name


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fa", "گزارش: اقتصاد ایران در سال جاری بیش از پیش رشد می‌کند"), ("ar", "من يحكم العالم"), ("hi", "लेखक राम शर्मा"),
        ("zh", "文：这座城市的百年码头即将迎来全新的面貌"), ("en", "By: the river, a town sleeps"),
    ],
)  # fmt: skip
def test_other_lines_with_such_a_word_are_no_bylines(library, language, line):
    assert not features_of(split_lines(line)[0], library.ruleset(None, language)).byline


def test_only_a_name_that_the_packs_know_is_a_source_by_itself(library):
    ruleset = library.ruleset(None, "en")
    assert source_of("BBC", ruleset) == (0, 3)
    assert source_of("Ann Doe", ruleset) is None
    assert source_of("The BBCs of old", ruleset) is None


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("By INA VARR, Associated Press", "en", True),
        ("Von Ina Varr", "de", True),
        ("By Ina Varr and Ole Brandt", "en", True),
        ("By Friday evening", "en", False),
        ("By Ina", "en", False),
        ("De Marrowick a Pellworth", "es", False),
        ("Ina Varr", "en", False),
    ],
)
def test_a_byline_goes_on_with_a_full_name(library, line, language, names):
    assert names_author(line, library.ruleset(None, language)) == names


@pytest.mark.parametrize(
    ("before", "is_update"),
    [
        ("Updated ", True),
        ("Ina Varr, last updated on ", True),
        ("12 May 2026Updated: ", True),
        ("Published ", False),
        ("contact ", False),
        ("", False),
    ],
)
def test_a_label_of_a_change_is_told_by_its_words(library, before, is_update):
    assert is_update_label(before, library.ruleset(None, "en")) == is_update


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("Lerola: Ada Mora | Juba, 08:57", "Juba, 08:57"),
        ("Hari a tas 01:46", "Hari a tas 01:46"),
        ("Ada Mora 01:46", "01:46"),
        ("7 Lorembro 2025, 07:36", "7 Lorembro 2025, 07:36"),
        ("The Island Today", None),
        ("today", "today"),
    ],
)
def test_the_time_of_a_header_line_is_read_in_any_language(library, line, time):
    span = header_time(line, library.ruleset(None, "en"))
    assert (line[slice(*span)] if span is not None else None) == time
