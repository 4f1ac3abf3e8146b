"""The text by which near-duplicates are known: the visible lines of a page, whatever its markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import BadPage
from flows.inputs.raw_page import RawPage, page_of
from flows.learning.page_text import text_and_address
from flows.learning.sample import page_key
from tests.support.html_pages import FOOTER, MENU, ONE, PIECES, STORY, THREE, TWO, page


def lines(raw: bytes, name: str = "a.html", **more) -> list[str]:
    text, _ = text_and_address(RawPage(name, raw, **more))
    return [line for one in text.splitlines() if (line := one.strip())]


def test_each_block_of_html_is_a_line():
    raw = page(MENU + STORY.replace(" crane", "\n<b>crane</b>") + FOOTER)
    assert lines(raw)[:4] == ["Home", "Sport", "Old crane to go", "By Tobin Marsh"]
    assert {TWO, THREE} < set(lines(raw))
    assert "var x" not in "".join(lines(raw))


def test_the_lines_are_those_of_the_page_read_in_full():
    raw = page(MENU + STORY + FOOTER)
    assert lines(raw) == page_of(RawPage("a.html", raw)).text.splitlines()


def test_the_address_is_the_given_one_else_that_in_the_head():
    raw = page(STORY)
    assert text_and_address(RawPage("a.html", raw))[1] == "https://quaypost.example/crane"
    assert text_and_address(RawPage("a.html", raw, url="https://ferrytimes.example/"))[1] == "https://ferrytimes.example/"


def test_prints_of_one_page_have_one_key():
    one = page(f"<p>3 minutes ago<p>{ONE}\n<p>{TWO}")
    other = page(f"<div><p>{TWO.replace(' ', chr(10))}</p><p>{ONE}<br><i>7 comments</i></div>", head="<title>Other</title>")
    keys = {page_key(text_and_address(RawPage("a.html", raw))[0]) for raw in (one, other)}
    assert len(keys) == 1


def test_text_is_read_as_a_run_reads_it():
    assert lines("Die Fähre fährt wieder.".encode("latin-1"), "a.txt") == ["Die Fähre fährt wieder."]
    assert lines(b"", "a.jsonl#0", text=f"<html><p>{ONE}</p></html>", media="html") == [ONE]
    assert lines(b"", "a.jsonl#0", text="<p>whole</p>", made_by="rules") == ["<p>whole</p>"]


@pytest.mark.parametrize(
    ("raw", "name", "reason"),
    [
        (b"\0" * 100, "a.txt", "binary"),
        (b" \n", "a.txt", "empty"),
        (b"<html><body><script>x</script></body></html>", "a.html", "empty"),
        (b"\n" * 300_000 + b"x", "a.txt", "too-large"),
        (b"<html><p" + b" a=1" * 3_000 + b">x</html>", "a.html", "html"),
    ],
)
def test_what_is_no_page_is_refused(raw, name, reason):
    with pytest.raises(BadPage) as bad:
        text_and_address(RawPage(name, raw))
    assert bad.value.reason == reason


def test_html_that_has_to_be_mended_is_read_in_full():
    raw = page(f"<p>{ONE}").replace(b"<body>", b"<body><!--")
    assert lines(raw) == [ONE] == page_of(RawPage("a.html", raw)).text.splitlines()


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_html_has_a_text_or_is_refused(body):
    try:
        text, _ = text_and_address(RawPage("a.html", page(body)))
    except BadPage:
        return
    assert page_key(text)
