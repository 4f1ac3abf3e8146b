"""The values of the fields of rows, in the forms that programs give them."""

from __future__ import annotations

import json

import pytest

from flows.inputs.jsonl import page_of_row
from flows.inputs.raw_page import RawPage

TEXT = "The harbour board said on Monday that the old crane would be taken down.\nWork starts in May."
MOMENT = "2024-02-06T18:10:00Z"


def page(**row: object) -> RawPage:
    return page_of_row(json.dumps({"text": TEXT, **row}).encode(), "a.jsonl#0")


@pytest.mark.parametrize(
    "value",
    [
        1707243000, 1707243000.5, 1707243000000, 1707243000000000, "1707243000", MOMENT, "20240206181000", "20240206T181000Z",
        "2024-02-06T19:10:00+01:00", "2024-02-06 18:10:00 UTC", "2024-02-06 18:10:00 +0000", "2024/02/06 18:10:00 GMT",
        "Tue, 06 Feb 2024 18:10:00 GMT", [MOMENT], {"$date": MOMENT}, {"$date": {"$numberLong": "1707243000000"}},
        {"@type": "Date", "@value": MOMENT},
    ],
)  # fmt: skip
def test_a_time_is_read_in_any_form_of_programs(value):
    head = page(published=value).metadata
    assert (head.published, head.precision, head.worded) == (MOMENT, "second", "")


@pytest.mark.parametrize("value", ["2024-02-06", "2024/02/06", "2024/2/6", "20240206", 20240206, "2024-02-06 18:10"])
def test_a_day_and_a_time_without_a_zone_are_known_to_the_day(value):
    head = page(published=value).metadata
    assert (head.published[:10], head.precision) == ("2024-02-06", "day")


@pytest.mark.parametrize("value", ["06.02.2024 18:10", "06/02/2024", "6 février 2024", "2024年2月6日", "vor 2 Stunden"])
def test_words_and_local_dates_are_left_to_the_language_of_the_text(value):
    head = page(published=value).metadata
    assert (head.published, head.worded) == ("", value)


@pytest.mark.parametrize("value", [None, "", "None", "nan", 0, -5, True, [], {}, "N/A", {"$date": {"x": 1}}])
def test_no_time_is_none(value):
    head = page(published=value).metadata
    assert (head.published, head.worded) == ("", "")


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (["harbour", "crane"], ("harbour", "crane")),
        ("harbour, crane", ("harbour", "crane")),
        ("harbour;crane", ("harbour", "crane")),
        ("harbour | crane", ("harbour", "crane")),
        ("#harbour #crane", ("harbour", "crane")),
        (["Rust, Ohio", "crane", "crane"], ("Rust, Ohio", "crane")),
        ([{"name": "harbour"}, {"term": "crane"}, {"label": "crane"}], ("harbour", "crane")),
        ([["harbour"], "", None, "nan", 5], ("harbour",)),
        ("", ()),
        ({"a": 1}, ()),
    ],
)
def test_tags_are_read_in_any_form(value, tags):
    assert page(tags=value).metadata.tags == tags
    assert page(metadata={"keywords": value}).metadata.tags == tags


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("en_US.UTF-8", "en"), ("zh-Hans", "zh"), (["de", "fr"], "de"),
        ("__label__de", "de"), ({"@value": "fr"}, "fr"), ("deutsch", ""), ("", ""), (None, ""),
        (7, ""), ("None", ""), ("ɛn", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["language", "lang", "inLanguage"])
def test_a_language_is_its_code_or_unknown(name, value, language):
    assert page(**{name: value}).metadata.language == language


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ({"name": ["Ina Varr", "Ole Brandt"]}, ("Ina Varr", "Ole Brandt")),
        ({"first_name": "Ina", "last_name": "Varr"}, ("Ina Varr",)),
        ([{"@type": "Person", "givenName": "Ina", "familyName": "Varr"}], ("Ina Varr",)),
        ([["Ina Varr"], None, "None"], ("Ina Varr",)),
        ("Ina Varr; Ole Brandt", ("Ina Varr", "Ole Brandt")),
        ("null", ()),
        ([[[[["Ina Varr"]]]]], ()),
    ],
)
def test_authors_are_read_in_any_form(value, authors):
    assert page(author=value).metadata.authors == authors


@pytest.mark.parametrize(
    "value",
    [
        "Old crane &amp;amp; quay", "Old <b>crane</b> &amp; quay<br>", {"rendered": "Old crane &#038; quay"},
        ["Old crane & quay"],
        "\n Old crane\n & quay", "\\n\\tOld crane\\n \\u0026 quay\\n", {"#text": "Old crane & quay"},
        [{"@language": "en", "@value": "Old crane & quay"}],
    ],
)  # fmt: skip
def test_a_title_is_one_line_without_escapes_and_tags(value):
    assert page(title=value).metadata.title == "Old crane & quay"


@pytest.mark.parametrize(
    "title", ["1 < 2 > 0", "The List<T> of it", "AT&T & co", "C:\\new\\tools", "It is \\nabla, not \\u", "3 \\n 4 \\q"]
)
def test_a_title_keeps_its_signs(title):
    assert page(title=title).metadata.title == title


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date_download", "2024-02-07 09:00:00"), ("crawled_at", 1707296400), ("timestamp", "20240207090000"),
        ("fetch_time", 1707296400000), ("WARC-Date", "2024-02-07T09:00:00Z"), ("scrapedAt", "2024-02-07T10:00:00+01:00"),
        ("indexed_date", "2024-02-07 09:00:00 UTC"), ("date", "2024-02-07T09:00:00Z"),
    ],
)  # fmt: skip
def test_the_time_of_capture_is_read_under_its_usual_names(name, value):
    found = page(**{name: value})
    assert found.captured_at is not None
    assert (found.captured_at.isoformat(), found.metadata.published) == ("2024-02-07T09:00:00+00:00", "")


@pytest.mark.parametrize("name", ["dateModified", "updated_at", "updated", "date_modify", "modified", "lastmod"])
def test_the_time_of_a_change_is_not_the_time_of_publication(name):
    found = page(**{name: MOMENT})
    assert (found.metadata.published, found.captured_at) == ("", None)
    assert found.fields is not None
    assert found.fields.unused == (name,)


def test_an_address_keeps_its_fields():
    url = "https://quaypost.example/?a=1&section=2&copy=3&lt=4&amp=5"
    assert page(url=url).url == url
    assert page(url="https://quaypost.example/?a=1&amp;b=2").url == "https://quaypost.example/?a=1&b=2"
