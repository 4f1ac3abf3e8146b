from __future__ import annotations

import json
import re

from hypothesis import given
from msgspec.structs import replace

from cleaners import clean_page
from cleaners.output.fates import fates, grammars
from cleaners.segmentation.evidence import LineEvidence, Reason
from flows.cli.explain import as_text, printable
from tests.cleaners.segmentation.pages import FOOTER, HEAD, STORY, page
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


def test_an_escape_is_shown_in_its_text():
    text = "A title\nIt didn&#8217;t rain,&nbsp;they said."
    (_, line) = fates(text, clean_page(text))
    assert [part.text for part in line.parts] == ["It didn&#8217;t rain,&nbsp;they said."]


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


def test_the_evidence_of_a_line_stands_below_it():
    text = "A title\n  It rained.\nAdvertisement"
    cleaned = clean_page(text)
    assert not any(line.evidence for line in fates(text, cleaned))
    start = text.index("It rained")
    found = LineEvidence(start, start + 10, "score", "+3.1", (Reason("long line", 1.9), Reason("a list label above", -0.8)))
    explained = replace(cleaned, evidence=[found])
    assert [line.evidence for line in fates(text, explained)] == [None, found, None]
    shown = list(as_text(text, explained))
    at = next(i for i, line in enumerate(shown) if "It rained" in line)
    assert "score +3.1: long line +1.9, a list label above -0.8" in shown[at + 1]
    assert len(shown) == len(list(as_text(text, cleaned))) + 2


def test_the_confidence_in_a_record_stands_below_it_with_its_reasons():
    cleaned = clean_page(page(HEAD, STORY, FOOTER), why=True)
    shown = list(as_text(page(HEAD, STORY, FOOTER), cleaned))
    at = next(i for i, line in enumerate(shown) if "0 article" in line)
    assert re.search(rf"{cleaned.records[0].confidence:.2f} sure: \w[\w ]* [+-]\d\.\d, ", shown[at + 1])


def test_an_embedded_story_names_the_grammar_that_was_found():
    text = "A title\nIt rained."
    cleaned = clean_page(text)
    form = "item 1 of 6, time / source / title / text"
    explained = replace(cleaned, evidence=[LineEvidence(0, 7, "grammar", form), LineEvidence(8, 18, "grammar", form)])
    assert grammars(explained) == {cleaned.records[0].id: form}
    assert sum(form in line for line in as_text(text, explained)) == 3


def test_evidence_for_lines_read_as_one_is_that_of_each():
    text = "A title\nIt rained\nfor days."
    found = LineEvidence(8, len(text), "score", "+1.0")
    lines = fates(text, replace(clean_page(text), evidence=[found]))
    assert [line.evidence for line in lines] == [None, found, found]


def test_evidence_is_not_obeyed_by_the_terminal():
    text = "A title\nIt rained."
    found = LineEvidence(0, 7, "grammar", "item \x1b[31m1\u202e", (Reason("a\nb", 1),))
    shown = [line for line in as_text(text, replace(clean_page(text), evidence=[found])) if "grammar" in line]
    assert len(shown) == 1
    assert "\x1b[31m1" not in shown[0]
    assert "\u202e" not in shown[0]
