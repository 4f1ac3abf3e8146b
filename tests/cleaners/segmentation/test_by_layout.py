from __future__ import annotations

import pytest

from cleaners import clean_page
from tests.support.pages import AI_BOX

HEADER = "Yahoo\n2 hours ago\n- Yahoo"


def stories_of(text: str) -> list[tuple[str, str, str, str]]:
    return [(r.kind, r.title, r.source, r.text) for r in clean_page(text).records]


def test_a_story_without_title_or_body_is_a_headline():
    text = f"T\nB\n{AI_BOX}\n{HEADER}\nCNN\n3 hours ago\n- CNN\nT2\nAP\n4 hours ago\n- AP\nT3\nB3"
    assert stories_of(text) == [
        ("article", "T", "", "B"),
        ("headline", "", "Yahoo", ""),
        ("headline", "T2", "CNN", ""),
        ("story", "T3", "AP", "B3"),
    ]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("The National\n14 hours ago\n- The Nationa", ("headline", "", "The National", "")),
        ("The National\n14 hours ago", ("headline", "", "The National", "")),
        ("The National\n14 ho", ("headline", "", "The National", "")),
        ("A second paragraph of the same story.", ("story", "T1", "Yahoo", "B1\nA second paragraph of the same story.")),
    ],
)
def test_the_end_of_the_page_may_cut_a_story_off(end, last):
    assert stories_of(f"T\nB\n{AI_BOX}\n{HEADER}\nT1\nB1\n{end}")[-1] == last


def test_a_promotion_between_stories_parts_none():
    promo = "DOWNLOAD THE APP\n\nGet Started Now: Download the App"
    text = f"T\nB\n{AI_BOX}\n{HEADER}\nT1\nB1\n{promo}\nCNN\n3 hours ago\n- CNN\nT2\nB2"
    assert [story[1:] for story in stories_of(text)] == [("T", "", "B"), ("T1", "Yahoo", "B1"), ("T2", "CNN", "B2")]


def test_a_body_goes_on_after_a_box_that_is_not_its_end():
    box = AI_BOX.removesuffix("\nRelated Articles")
    assert stories_of(f"T\nB1\n{box}\nB2\nRelated Articles\n{HEADER}\nT1\nB3") == [
        ("article", "T", "", "B1\nB2"),
        ("story", "T1", "Yahoo", "B3"),
    ]


def test_clutter_words_may_be_titles():
    text = (
        f"Comments\nComments on the board.\n{AI_BOX}\n{HEADER}\nRelated Articles\nA shop.\nCNN\n3 hours ago\n- CNN\nComments\nC"
    )
    assert [story[1] for story in stories_of(text)] == ["Comments", "Related Articles", "Comments"]


def test_a_repeated_title_is_dropped():
    assert stories_of("logo\nT\n\nT\n\nCNN2 days ago\nT\nB") == [("article", "T", "CNN", "B")]


def test_what_no_layout_explains_is_kept_and_flagged():
    _, unexplained, _ = clean_page(f"T\nB\n{AI_BOX}\nSomething else\nIt has a text.\n{HEADER}\nT1\nB1").records
    assert (unexplained.title, unexplained.text, unexplained.flags) == ("Something else", "It has a text.", ["layout-unknown"])


def test_a_first_line_too_long_for_a_title_is_text():
    assert stories_of("word " * 200)[0][1] == ""


def test_a_fragment_keeps_its_field():
    text = f"T\nB\n{AI_BOX}\n{HEADER}\nT1\nB1\nThe National\n14 hours ago\n- The Nationa"
    last = clean_page(text).records[-1]
    assert (last.source, last.category, last.flags) == ("The National", "", ["truncated"])


def test_a_title_may_be_made_of_signs():
    assert stories_of("logo\n???\n\n???\n\nCNN2 days ago\nB") == [("article", "???", "CNN", "B")]


def test_flags_name_the_missing_parts():
    assert clean_page(f"T\n{AI_BOX}").records[0].flags == ["empty-body"]
    long = "The clinic moved its vaccinations to the town hall to make room for the"
    assert "truncated" in clean_page(f"T\n{long}").records[0].flags
    assert "truncated" not in clean_page(f"T\n{long} queue.").records[0].flags
    assert "truncated" not in clean_page("T\nA short one").records[0].flags
