"""Cleaned pages, records and explanations show themselves in notebooks, and nothing of a page becomes HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given

from cleaners import clean_page, explain
from cleaners.output import html_view
from cleaners.text.visible import visible_chars
from tests.conftest import ROOT
from tests.support.pages import any_text, pages

HOSTILE = (
    "A <b>title</b>\nIt said \"<script>alert(1)</script>\" & 'rained'.\nAdvertisement\n"
    "\u202eevil\u202c \x00 it rained & poured."
)
OURS = {"div", "p", "span", "b", "table", "tr", "td", "br"}


class Parsed(HTMLParser):
    """The elements and the text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.hints: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert {name for name, _ in attrs} <= {"style", "title"}
        self.tags.add(tag)
        self.hints += [value for name, value in attrs if name == "title"]

    def handle_data(self, data):
        self.text += data


@given(pages | any_text)
def test_what_is_shown_is_the_page_and_nothing_of_it_is_html(text):
    cleaned = clean_page(text)
    shown = Parsed(cleaned._repr_html_())
    assert shown.tags <= OURS
    whole = "\n".join(map(visible_chars, text.split("\n")))
    assert "".join(whole.split()) in "".join(shown.text.split())


@pytest.mark.parametrize("of", [clean_page, lambda text: clean_page(text).records[0], explain])
def test_a_hostile_page_is_shown_as_it_is(of):
    shown = Parsed(of(HOSTILE)._repr_html_())
    assert shown.tags <= OURS
    assert "<script>alert(1)</script>" in shown.text
    assert "\u202e" not in shown.text
    assert "[U+202E]evil[U+202C]" in shown.text


def test_pieces_have_the_colours_of_their_records_and_name_their_fate():
    cleaned = clean_page((ROOT / "seeds" / "002_f7065e8dbd06d821.txt").read_text(encoding="utf-8"))
    html = cleaned._repr_html_()
    shown = Parsed(html)
    assert {"daily8.ai-box", "0 text", "1 title", "3 text"} <= {*shown.hints}
    assert all(record.title in shown.text for record in cleaned.records)
    assert "4 records" in shown.text
    assert html.count(html_view.PAPERS[1]) > 1


def test_a_large_page_is_cut(monkeypatch):
    monkeypatch.setattr(html_view, "MAX_CHARS", 40)
    monkeypatch.setattr(html_view, "MAX_RECORDS", 0)
    shown = Parsed(clean_page("A title\nIt rained.\nIt rained on Monday, the master of the quay said.")._repr_html_())
    assert "more characters" in shown.text
    assert "and 1 more records" in shown.text


def test_an_explanation_is_text_and_a_table():
    found = explain("A title\nIt rained.\nAdvertisement")
    assert [line.line for line in found.lines] == [1, 2, 3]
    assert "    3 -en.ad-line " in str(found)
    assert all(line.evidence is not None for line in found.lines)
    assert "rule en.ad-line" in str(found) or "en.ad-line" in str(found)
    shown = Parsed(found._repr_html_())
    assert "table" in shown.tags
    assert "en.ad-line" in shown.hints
