"""Only addresses of the web are addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean_page
from cleaners.document.address import web_address
from cleaners.document.page import Page

WEB = "https://quaypost.example/crane"
NO_WEB = [
    "javascript:alert(1)", "JavaScript:alert(1)//https://a.example", "java\tscript:alert(1)", "data:text/html,https://a.example",
    "vbscript:x", "file:///etc/passwd", "ftp://a.example/1", "blob:https://a.example/1", "//a.example/1", "/crane", "https:",
    "https://", "http:///crane", "https:// a.example", "\x01javascript:alert(1)", "view-source:https://a.example", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_WEB)
def test_no_other_scheme_is_an_address(text):
    assert web_address(text) == ""


@pytest.mark.parametrize(
    "text", [WEB, "HTTP://a.example", "https://a.example/?q=ü#x", "https://a.example/a b", "http://[::1]/"]
)
def test_an_address_of_the_web_stays_as_it_is(text):
    assert web_address(text) == web_address(f" {text}\n") == text


@given(st.text())
def test_an_address_never_holds_a_control_character(text):
    address = web_address(f"https://a{text}")
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in address)
    assert web_address(address) == address


@pytest.mark.parametrize("url", NO_WEB)
def test_a_page_never_has_another_address(url):
    page = Page("Old crane to go\nThe old crane goes to the town museum on Monday.", "1.txt", url)
    assert page.url == ""
    assert page.id == Page("", "1.txt").id
    cleaned = clean_page(page)
    assert {cleaned.page.url, *(record.url for record in cleaned.records)} == {""}
