from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean_page
from cleaners.document.encoding import decode
from cleaners.document.page import MAX_LINES, Page, refuse_many_lines, split_lines, stable_id
from cleaners.errors import BadPage
from tests.support.pages import any_text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"\x89PNG\r\n\x1a\n....", "binary"),
        (b"%PDF-1.7 a long text follows", "binary"),
        ("A title".encode("utf-16-le"), "binary"),
        (b"A title\xff\xfe and more", "undecodable"),
        ("Über die Brücke".encode("latin-1"), "undecodable"),
        (codecs.BOM_UTF16_LE + b"\x00", "undecodable"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(raw, reason):
    with pytest.raises(BadPage) as refused:
        decode(raw)
    assert refused.value.reason == reason
    assert refused.value.detail


def test_the_place_of_the_first_bad_byte_is_told():
    with pytest.raises(BadPage, match="not valid UTF-8 at byte 7"):
        decode(b"A title\xff")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding_and_is_no_text(encoding):
    assert decode("Über die Brücke\n".encode(encoding)) == "Über die Brücke\n"


def test_a_few_nuls_do_not_make_a_text_binary():
    assert decode(b"The gate\0 opened. " + b"It was Monday. " * 20).startswith("The gate\0")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(raw):
    try:
        assert decode(raw).strip()
    except BadPage as refused:
        assert refused.reason in {"empty", "binary", "undecodable"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_lines_end_in_any_way(end):
    lines = split_lines(f"  A title {end}{end}\tA body.{end}")
    assert [line.text for line in lines] == ["A title", "A body."]


@given(any_text)
def test_lines_say_where_they_stand(text):
    lines = split_lines(text)
    assert all(text[line.start : line.end] == line.text for line in lines)
    assert "\n".join(line.text for line in lines).split() == text.split()


def test_a_page_is_named_by_its_address_then_its_path_then_its_text():
    by_url = Page("text", path="a.txt", url="https://example.org/a")
    assert by_url.id == Page("other text", path="b.txt", url="https://example.org/a").id
    assert Page("text", path="a.txt").id == Page("other text", path="a.txt").id != by_url.id
    assert Page("text").id != Page("other text").id
    assert stable_id("a", "b") != stable_id("ab")


@given(st.text("a \n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", max_size=40))
def test_the_lines_of_a_text_are_counted_as_they_are_split(text):
    count = len(f"{text}a".splitlines())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaners.document.page.MAX_LINES", count)
        refuse_many_lines(text)
        patch.setattr("cleaners.document.page.MAX_LINES", count - 1)
        with pytest.raises(BadPage, match=f"too-large: the page has {count} lines; a page may have {count - 1}"):
            refuse_many_lines(text)


@pytest.mark.parametrize("line", ["a\n", "\n", "a\r\n", "a\u2028"])
def test_a_page_of_lines_without_end_is_refused(line):
    with pytest.raises(BadPage, match="too-large: the page has 500,001 lines; a page may have 250,000"):
        clean_page(line * 2 * MAX_LINES)


def test_lines_that_come_out_of_escapes_count(monkeypatch):
    text = "Old crane to go\\nThe harbour board said on Monday that the crane would go." + "\\nThe board said so." * 40
    assert len(clean_page(text).segments) > 20
    monkeypatch.setattr("cleaners.document.page.MAX_LINES", 20)
    with pytest.raises(BadPage, match="too-large"):
        clean_page(text)
