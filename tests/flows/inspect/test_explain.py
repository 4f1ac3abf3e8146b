from __future__ import annotations

import json

from hypothesis import given

from cleaners import clean_page
from flows.cli.explain import as_text, printable
from flows.inspect.explain import fates
from tests.support.command import SEED, dehusk
from tests.support.pages import any_text, pages


@given(pages | any_text)
def test_every_visible_character_is_in_exactly_one_part(text):
    shown = "".join(part.text for line in fates(text, clean_page(text)) for part in line.parts)
    assert "".join(shown.split()) == "".join(text.split())


def test_lines_are_counted_as_the_page_prints_them():
    lines = list(fates("A title\n\nIt rained.\nAdvertisement", clean_page("A title\n\nIt rained.\nAdvertisement")))
    assert [(line.line, line.parts[0].field, line.parts[0].rule) for line in lines] == [
        (1, "title", None),
        (3, "text", None),
        (4, None, "en.ad-line"),
    ]


def test_what_goes_from_within_a_line_stands_in_marks():
    text = "A title\nIt rained. Article content The fair went on."
    shown = "\n".join(as_text(text, clean_page(text)))
    assert "<<Article content>>" in shown
    assert "en.article-content" in shown


def test_a_page_is_not_obeyed_by_the_terminal():
    text = "A title\nIt \x1b[31mrained\x1b[0m.\x07 \u202eback\u202c"
    assert printable(text).isprintable()
    page_lines = [line for line in as_text(text, clean_page(text)) if "rained" in line]
    assert len(page_lines) == 1
    assert "\x07" not in page_lines[0]
    assert "\u202e" not in page_lines[0]


def test_a_seed_is_explained_for_people_and_machines():
    shown = dehusk("explain", SEED).stdout.decode()
    assert "site daily8 · layout daily8.article-logo · 4 records" in shown
    assert "-daily8.ai-box" in shown
    assert "\x1b" not in shown
    said = json.loads(dehusk("explain", "--json", SEED).stdout)
    assert {part["kind"] for line in said["lines"] for part in line["parts"] if part["rule"] == "daily8.ai-box"} == {"ai-promo"}
