"""Torn pages: one element without an end does not hide the rest of them."""

from __future__ import annotations

import pytest

from cleaners import BadPage
from cleaners.html.mend import mended
from cleaners.html.reader import html_page

TEXT = "The old crane on the east quay will be taken down in June, the council said."


@pytest.mark.parametrize(
    "before",
    [
        "<title>Old crane to go",
        "<title id=x>Old crane to go</titlevalue='true'",
        "<title>Old crane to g';\n//--></script>",
        "<title/>",
        "<head><script src='x.js'></script><script src='x.js'/></head>",
        "<style>\n",
        "<textarea>",
        "<IFRAME src='x'>",
        "<!-- menu",
        "<html x.jpg' width='145' />",
        "<body/>",
    ],
)
def test_a_torn_element_does_not_hide_the_page(before):
    page = html_page(f"<!DOCTYPE html>\n{before}<p>{TEXT}</p><p>Bye.</p>")
    assert page.text.endswith(f"{TEXT}\nBye.")


def test_the_title_is_read_up_to_the_end_of_its_line():
    assert html_page(f"<head><title>Old crane to go\n<body><p>{TEXT}</p>").metadata.title == "Old crane to go"


@pytest.mark.parametrize(
    "markup",
    [
        "<html><head><title>Crane</title><script>a < b</script></head><body><!-- menu --><textarea>x</textarea></body></html>",
        "",
    ],
)
def test_whole_markup_stays(markup):
    assert mended(markup) == markup


def test_a_page_of_code_alone_stays_empty():
    with pytest.raises(BadPage, match="empty"):
        html_page("<html><body><script>var story = 'none';</script><title>Crane</title></body></html>")


@pytest.mark.parametrize("torn", ["<title ", "<title>", "<!--", "<html ", "<html /", "</title", "<script>a<b", "--"])
def test_torn_markup_of_any_length_is_mended(torn):
    assert len(mended(torn * 20_000)) <= 4 * 20_000 * len(torn)
