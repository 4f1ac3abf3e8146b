"""The day that htmldate finds where the page itself says none."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from cleaners import clean_page, read_html
from cleaners.html import extractors
from cleaners.html.extractors import by_htmldate
from cleaners.html.parse import parse_html
from tests.support.html_pages import ONE, TWO


def html(inside: str = "", head: str = "") -> str:
    return f"<html lang=en><head>{head}</head><body><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{inside}</body></html>"


STAMPED = html('<span data-published="2024-02-06T18:10:00+01:00"></span>')


def test_a_silent_page_has_the_day_that_htmldate_finds():
    assert by_htmldate(parse_html(STAMPED), None) == "2024-02-06"
    (record, *_) = clean_page(read_html(STAMPED)).records
    assert (record.published, record.published_precision) == ("2024-02-06T00:00:00Z", "day")


def test_what_the_page_says_goes_before_it():
    head = '<meta property="article:modified_time" content="2024-03-01T09:00:00Z">'
    (record, *_) = clean_page(read_html(STAMPED.replace("<head>", f"<head>{head}"))).records
    assert record.published == "2024-03-01T09:00:00Z"


def test_a_value_full_of_comments_without_an_end_is_not_written_out():
    head = '<meta property="article:published_time" content="2025-07-05">'
    tree = parse_html(f"<head>{head}</head><p id='{101 * '&lt;!--'}' title='{100 * '<!--'}'>The ferry is back.</p>")
    assert by_htmldate(tree, None) == "2025-07-05"
    assert [element.keys() for element in tree.iter("p")] == [["title"]]


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-02-06"), (2023, "")])
def test_no_day_is_after_the_capture(year, day):
    assert by_htmldate(parse_html(STAMPED), datetime(year, 2, 6, tzinfo=UTC)) == day


def test_a_day_in_the_title_is_not_that_of_publication():
    title = "Bridge festival: 14 September 2031"
    assert by_htmldate(parse_html(html(head=f"<title>{title}</title>").replace("Old crane to go", title)), None) == ""


def test_a_page_without_a_day_gets_none():
    (record, *_) = clean_page(read_html(html("<p>© 2026 Quay Post</p>"))).records
    assert (record.published, record.published_precision) == ("", "")


def test_it_is_imported_only_for_a_silent_page():
    code = (
        "import sys; from cleaners import clean_page, read_html\n"
        f"clean_page(read_html({html('<p>Published 6 February 2024</p>')!r}))\n"
        "assert not any(name.startswith('htmldate') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\x9f", "\ufffe"])
def test_a_control_character_beside_a_script_leaves_the_day_unknown(sign):
    read = read_html(html(f"{sign}<script>x</script>{sign} tail"))
    assert read.find_day is not None
    assert read.find_day(None) == ""
    assert [len(extract()) for extract in read.extractors] == [len(read.hints)] * 2


def test_the_caches_of_other_libraries_do_not_grow_with_the_length_of_pages(monkeypatch):
    from trafilatura.utils import trim

    trim("a text that trafilatura remembers")
    caches = extractors.LibraryCaches()
    monkeypatch.setattr(extractors, "MAX_CACHED_CHARS", 1_000)
    caches.add_page(1_000)
    assert trim.cache_info().currsize > 0
    caches.add_page(1)
    assert trim.cache_info().currsize == 0


@pytest.mark.parametrize("depth", [extractors.MAX_DEPTH - 3, extractors.MAX_DEPTH - 2, extractors.MAX_DEPTH - 1])
@pytest.mark.parametrize("beside", [0, extractors.MAX_DEPTHS // extractors.MAX_DEPTH, extractors.MAX_ELEMENTS])
def test_large_pages_are_told_as_by_a_count_of_their_elements(depth, beside):
    tree = parse_html(f"<html><body>{'<p>x</p>' * beside}{'<div>' * depth}x")
    assert extractors._is_too_large(tree) is extractors.is_too_large_by_count(tree)
