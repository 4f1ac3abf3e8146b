"""The visible lines of HTML pages, and their hints."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.html.parse import parse_html
from cleaners.html.render import render
from tests.support.html_pages import ONE, PIECES, THREE, TWO


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>one <b>two</b>three</p>four<p>five", ["one twothree", "four", "five"]),
        ("one<br>two<div>three<span> four</span></div>", ["one", "two", "three four"]),
        ("<style>p {}</style><script>1</script><noscript>no</noscript><p>yes<!-- no -->", ["yes"]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", ["a", "b", "c"]),
        ("<p>a&amp;b&nbsp;c&lt;d", ["a&b c<d"]),
    ],
)
def test_each_block_is_a_line(body, lines):
    assert [text for text, _ in render(parse_html(f"<html><body>{body}</body></html>"))] == lines


def test_elements_give_a_line_its_hint():
    story = f"<h1>Title</h1><p>{ONE}</p><p>{TWO} <a href=/x>more</a></p>"
    body = f"<nav><a href=/>Home</a></nav>{story}<div id=comments><p>{THREE}</p></div>"
    hints = dict(render(parse_html(f"<html><body>{body}</body></html>")))
    assert (hints["Home"].page_part, hints["Home"].linked, hints["Home"].link) == ("frame", 1.0, "/")
    assert (hints["Title"].tag, hints["Title"].page_part) == ("h1", "")
    assert (hints[ONE].tag, hints[ONE].linked) == ("p", 0.0)
    assert 0 < hints[f"{TWO} more"].linked < 0.2
    assert hints[THREE].page_part == "comments"


def test_a_part_that_holds_the_story_is_not_beside_it():
    body = f"<div class='page has-sidebar sidebar'><p>{ONE}</p><p>{TWO}</p></div>"
    assert {hint.page_part for _, hint in render(parse_html(f"<html><body>{body}</body></html>"))} == {""}


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(PIECES, max_size=40))
def test_the_words_of_a_page_are_those_that_another_parser_reads(pieces):
    raw = f"<html><body><p>{ONE}</p>{''.join(pieces)}</body></html>"
    soup = BeautifulSoup(raw.encode("utf-8", "replace"), "lxml", from_encoding="utf-8")
    for string in soup(string=lambda text: isinstance(text, PreformattedString)):
        string.extract()
    read = "".join(text for text, _ in render(parse_html(raw)))
    assert "".join(read.split()) == "".join(soup.get_text().split())


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (f"<html><body><p>{ONE}</p></body><p>{TWO}</p></html><p>{THREE}</p>", [ONE, TWO, THREE]),
        (f"<html><body><p>{ONE}</p></body><body><p>{TWO}</p></body></html>", [ONE, TWO]),
        (f"<p>{ONE}</p><p hidden>no</p><div style='color:red; display : none'>no</div><dialog>no</dialog>", [ONE]),
        (f"<div style='display:none'><p>{ONE}</p><p>{TWO}</p></div><p>{THREE}</p>", [ONE, TWO, THREE]),
        (f"<news-part>{ONE}</news-part><news-part>{TWO}</news-part>", [ONE, TWO]),
        (f"<embed src=x><p>{ONE}</p><div><source srcset=x><img><p>{TWO}</p></div><track src=x>{THREE}", [ONE, TWO, THREE]),
        (f"<picture><source srcset=x><img src=y></picture><map><area><p>{ONE}</p></map><xmp>{TWO}</xmp>", [ONE, TWO]),
        (f"<video><source src=x>no</video><svg><title>no</title><text>no</text></svg><p>{ONE}</p>", [ONE]),
        (f"<svg><path d=x><p>{ONE}</p><p>{TWO}", [ONE, TWO]),
        (f"<svg><path d=x><text>no<b>{ONE}</b></text></svg><math><mi>no</mi></math>", [ONE]),
        (f"<template shadowrootmode=open><p>{ONE}</p></template><template><p>no</p></template>", [ONE]),
        (f"<p>{ONE}</p><textarea>no</textarea><noframes>no</noframes>", [ONE]),
    ],
)
def test_all_that_browsers_show_is_there_and_nothing_else(page, lines):
    assert [text for text, _ in render(parse_html(page))] == lines


def test_a_time_element_gives_the_time_of_its_own_line_only():
    html = (
        "<p><time datetime=2026-05-12T09:30:00Z>12 May</time> in Quay</p><div><time datetime=2020-01-01></time></div><p>Two</p>"
    )
    assert [hint.time for _, hint in render(parse_html(html))] == ["2026-05-12T09:30:00Z", ""]
