"""The extent of a page's own story: it goes on after widgets and walls, not to footers, other stories or comments."""

from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.own_extent import own_spans, parts_of
from tests.cleaners.segmentation.pages import (
    FOOTER,
    HEAD,
    MENU,
    SECOND_STORY,
    SECOND_TITLE,
    STORY,
    TITLE,
    TITLES,
    defect,
    own_record,
    records_of,
    text,
)

RULESET = default_library().ruleset()
SHORT = "The board has voted to take it down after years of talks with the town."
SHORTER = ("Nobody was hurt.", "“It was a penny for a loaf,” she said.", "The crane was 100 years old.")
WALL = ("Subscribe now", "Sign in", "Already a subscriber?", "Create an account", "Subscribe to continue reading")
CREDITS = ("Advertisement", "Getty Images")
SHARE = ("Share", "Tweet")
LINKS = ("Related Articles", *TITLES[:3])
RESULTS = ("Alder 2-1 Brack", "Corve 0-0 Dunm", "Ellb 4-2 Foss", "Garr 1-3 Hexl", "Kent 2-2 Lyme")


def test_a_story_without_a_byline_has_its_title():
    record = own_record(MENU, TITLE, STORY, FOOTER)
    assert (record.title, record.text) == (TITLE, text(*STORY))


@pytest.mark.parametrize(
    ("husk", "place"),
    [
        *((WALL, place) for place in (1, 3)),
        *((("Advertisement",), place) for place in (1, 3, 5)),
        *((CREDITS, place) for place in (1, 3)),
        *((SHARE, place) for place in (1, 3)),
        *((LINKS, place) for place in (1, 3)),
        *(defect(husk, 5, why="one paragraph after clutter scores like a teaser") for husk in (WALL, LINKS, CREDITS)),
        (SHARE, 5),
    ],
)
def test_the_story_goes_on_after_clutter(husk, place):
    assert own_record(HEAD, STORY[:place], husk, STORY[place:], FOOTER).text == text(*STORY)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        *((line, place) for line in (SHORT, *SHORTER) for place in (1, 3, 6)),
    ],
)
def test_a_short_sentence_of_the_story_is_not_lost(line, place):
    lines = (*STORY[:place], line, *STORY[place:])
    assert own_record(HEAD, lines, FOOTER).text == text(*lines)


@pytest.mark.xfail(strict=True, reason="short sentences at the end score like the footer")
def test_questions_with_short_answers_at_the_end_are_not_lost():
    end = ("What happens next", "Work starts on Monday at nine.", "Who pays", "The town.", "The gates open at ten.")
    assert own_record(HEAD, STORY, end, FOOTER).text == text(*STORY, *end)


def test_a_table_of_results_in_the_story_is_not_lost():
    lines = (*STORY[:2], *RESULTS, *STORY[2:])
    assert own_record(HEAD, lines, FOOTER).text == text(*lines)


def test_a_subheading_with_a_word_of_clutter_is_not_lost():
    lines = (*STORY[:3], "Who pays for the great race", "Team Sponsored", *STORY[3:])
    assert own_record(HEAD, lines, FOOTER).text == text(*lines)


def test_a_story_of_short_sentences_is_whole():
    lines = ("Nobody was hurt.", "The crane was 100 years old.", "It fell at nine.", "The quay is shut until Friday.")
    assert own_record(HEAD, lines, FOOTER).text == text(*lines)


def test_a_slogan_below_the_footer_is_none_of_the_story():
    slogan = "The Quay Post brings you the news of the harbour and of all the towns that look upon it."
    assert own_record(HEAD, STORY, FOOTER, slogan).text == text(*STORY)


def test_a_full_story_that_follows_becomes_a_record():
    head = ("Next article", "Sponsored links", SECOND_TITLE, "By Joe Hurst", "11 March 2026", "Share")
    own, following = records_of(HEAD, STORY, head, SECOND_STORY, FOOTER)
    assert (own.kind, own.title, own.text) == ("article", TITLE, text(*STORY))
    assert (following.kind, following.title, following.text) == ("story", SECOND_TITLE, text(*SECOND_STORY))
    assert (following.published_raw, following.authors) == ("11 March 2026", ["Joe Hurst"])
    assert following.parent_id == own.id


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ((TITLE, STORY[0], TITLES[0], "By Tobin Marsh"), 1),  # a text and a caption between the title and the byline
        ((TITLE, "By Tobin Marsh", STORY[0], TITLES[0], "By Ann Lee"), 2),
        ((TITLE, STORY[0], "By Tobin Marsh", TITLES[0], "By Tobin Marsh"), 1),
    ],
)
def test_only_a_second_header_below_the_first_byline_parts_stories(header, parts):
    lines = split_lines("\n".join((*header, *STORY[1:])))
    features = [features_of(line, RULESET) for line in lines]
    kept = [line.text in STORY for line in lines]
    assert len(list(parts_of(features, kept))) == parts


def test_spans_hold_the_text():
    lines = ("Zeltweg", TITLE, *STORY[:3])
    features = [features_of(line, RULESET, i) for i, line in enumerate(split_lines(text(*lines)))]
    assert own_spans(features, [-4.0, -4.0, 2.0, 2.0, 2.0], RULESET) == [(2, 4)]


def test_a_heading_near_the_end_of_a_page_has_no_lines_below_that_end():
    lines = (TITLE, *STORY, SECOND_TITLE, SHORT * 3, SHORT * 3)
    features = [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(lines)))]
    for feature, line in zip(features, lines, strict=True):
        feature.tag = "h1" if line in (TITLE, SECOND_TITLE) else "p"
    assert list(parts_of(features, [True] * len(features))) == [(0, len(features) - 1)]
