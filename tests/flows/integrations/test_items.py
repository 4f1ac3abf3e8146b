"""The page in an item of a crawler, whatever the type of the item."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from cleaners import BadPage
from flows.errors import UsageError
from flows.inputs.raw_page import page_of
from flows.integrations.items import page_of_response, raw_page_of, response_of, time_of
from flows.integrations.scrapy import _put

URL = "https://quaypost.example/crane"
BODY = "<html><body><h1>Kran fällt</h1><p>Der Kran fällt im Juli.</p></body></html>"


@dataclass
class Story:
    """An item."""

    url: str = URL
    html: str | bytes = BODY
    dehusk: list[object] = field(default_factory=list)


def response(**headers: object) -> SimpleNamespace:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(body=BODY.encode("latin-1"), url=URL, headers=named, status=200)


@pytest.mark.parametrize(
    "item",
    [
        {"url": URL, "html": BODY}, {"link": URL, "text": BODY}, Story(), Story(html=BODY.encode()),
        SimpleNamespace(url=URL, html=BODY), {"url": URL, "body": BODY.encode()},
    ],
)  # fmt: skip
def test_a_page_is_found_in_an_item(item):
    page = page_of(raw_page_of(item))
    assert (page.text, page.url) == ("Kran fällt\nDer Kran fällt im Juli.", URL)
    assert response_of(item) is None


def test_a_response_has_an_encoding_and_a_time():
    given = response(Content_Type=b"text/html; charset=ISO-8859-1", Date=b"Sat, 05 Jul 2025 12:00:00 GMT")
    for item in (given, {"response": given}):
        page = raw_page_of(item)
        assert page_of(page).text.startswith("Kran fällt")
        assert page.captured_at == datetime(2025, 7, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("date", [None, b"yesterday", "", "Fri, 05 Jul 9999 12:00:00 GMT", b"\xff\xfe", 12])
def test_without_a_time_that_can_be_a_response_was_captured_now(date):
    now = datetime.now(UTC)
    assert abs(time_of(response(Date=date)) - now) < timedelta(minutes=10)


def test_a_response_needs_no_headers():
    page = page_of_response(SimpleNamespace(body=b"A text.", url="file:///etc/passwd"))
    assert (page.url, page.charset, page.media) == ("", "", "")


@pytest.mark.parametrize("item", [{}, {"url": URL}, 12, None, {"html": None}, {"text": 3}, SimpleNamespace()])
def test_an_item_without_a_page_is_a_bad_page(item):
    with pytest.raises(BadPage):
        raw_page_of(item)


def test_records_are_set_on_an_item():
    items = [{}, Story()]
    for item in items:
        _put(item, "dehusk", [1])
    assert items[0] == {"dehusk": [1]}
    assert items[1].dehusk == [1]


@pytest.mark.parametrize("item", [12, "text", Story, ()])
def test_an_item_that_cannot_have_them_is_a_mistake(item):
    with pytest.raises(UsageError, match="have no field 'records' to set; declare it, or name one: DEHUSK_FIELD"):
        _put(item, "records", [])
