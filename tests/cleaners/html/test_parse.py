"""Markup that would cost a parser far more than its size is found before it is parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cleaners import BadPage
from cleaners.html import parse
from cleaners.html.parse import (
    MAX_ATTRIBUTE_CHARS,
    MAX_ATTRIBUTES,
    MAX_TAGS,
    may_have_long_attributes,
    parse_html,
    refuse_endless_tags,
    reopens_formatting,
)
from cleaners.html.reader import html_page
from tests.support.html_pages import ONE

MANY = 64_000
WORDS = " ".join(f"word{number}" for number in range(2 * MAX_ATTRIBUTES))


@pytest.mark.parametrize(
    "tag",
    [
        "<p " + " ".join(f"a{n}" for n in range(MANY)) + ">",
        "<p" + "".join(f" a{n}='>'" for n in range(MANY)) + ">",
        "<p a" + "".join(f'{n}="1"a' for n in range(MANY)) + ">",
        "<p" + "".join(f" =a{n}" for n in range(MANY)) + ">",
        '<script>x<b c="</script><p' + "".join(f" a{n}" for n in range(MANY)) + '>"',
        "<!-- <b c=' --><p" + "".join(f" a{n}" for n in range(MANY)) + ">'",
        "<SCRIPT " + " ".join(f"a{n}" for n in range(MANY)) + ">",
        "</p " + " ".join(f"a{n}" for n in range(MANY)) + ">",
    ],
    ids=["plain", "values with >", "no blanks", "names with =", "quote in a script", "quote in a comment", "script", "end tag"],
)
def test_a_tag_of_endless_attributes_is_refused(tag):
    with pytest.raises(BadPage, match="attributes"):
        refuse_endless_tags(f"<html><body><p>{ONE}</p>{tag}{ONE}")


@pytest.mark.parametrize(
    "page",
    [
        f"<script>for (var i = 0; i<n; i++) {{ {WORDS} }}</script>",
        f"<style>a<b {WORDS}</style>",
        f"<!-- <p {WORDS} -->",
        f"<!DOCTYPE html {WORDS}>",
        f"a < b {WORDS}",
        f'<p title="{WORDS}">',
        f"<p {' '.join(f'a{n}' for n in range(MAX_ATTRIBUTES))}>",
        "<!--><p></p><!---><p></p>",
    ],
)
def test_many_words_elsewhere_are_no_attributes(page):
    refuse_endless_tags(f"<html><body>{page}")


def test_formatting_left_open_is_opened_again_and_again():
    left_open = "".join(f"<b a={n}>" for n in range(1_500))
    for page, is_too_much in (
        (f"<p>{left_open}</p>{'<p><br></p>' * 400}", True),
        (f"</b>{left_open}</b></b>{'<p><br></p>' * 400}", True),
        (f"<p>{left_open}</p>", False),
        (f"{'<p><b>One</b> and <i>two</i></p>' * 20_000}", False),
    ):
        assert reopens_formatting(page, html.fromstring(f"<body>{page}")) == is_too_much


def test_a_page_of_formatting_left_open_is_read_all_the_same():
    page = f"<p>{ONE}</p><p>{''.join(f'<b a={n}>' for n in range(1_500))}</p>{'<p><br></p>' * 12_000}<p>{ONE}</p>"
    assert html_page(f"<html><body>{page}").text.startswith(ONE)


def test_a_page_of_tags_without_end_is_not_parsed(monkeypatch):
    monkeypatch.setattr("cleaners.html.parse._new_parser", lambda: pytest.fail("it is parsed"))
    with pytest.raises(BadPage, match="too-large: the page has 1,000,001 tags; a page may have 1,000,000"):
        html_page(b"<b>" * (MAX_TAGS + 1))


@pytest.mark.parametrize("value", ['"{}"', "'{}'", "{}", '\n "{}"', "'\"{}'"])
def test_attributes_of_endless_length_are_dropped(value):
    for chars, kept in ((MAX_ATTRIBUTE_CHARS - 2, 1), (MAX_ATTRIBUTE_CHARS + 1, 0)):
        tree = parse_html(f"<p>{ONE}</p><p title={value.format('x' * chars)} class=a>Two</p>" + "<i>filler</i>" * 20_000)
        assert len(tree.xpath("//@title")) == kept


MARKUP = ("<p a=", "<b ", "c", "=", '"', "'", ">", " ", "\n", "&amp;", "xxxxxx", "xxxxxxxxxxxxx", "<i>", "</p>", "é")


@given(st.lists(st.sampled_from(MARKUP), min_size=1, max_size=12))
def test_a_page_passed_over_has_no_long_attribute(pieces):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "MAX_ATTRIBUTE_CHARS", 10)
        text = "".join([*pieces, "<p>end"])
        tree = html.document_fromstring(text)
        values = [value for element in tree.iter("*") for value in element.attrib.values()]
        assert may_have_long_attributes(text) or max(map(len, values), default=0) <= 10
