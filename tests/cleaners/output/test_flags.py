from __future__ import annotations

import pytest

from cleaners import Library, Page, clean_page, read_html, shipped_packs
from cleaners.output.flags import is_cut
from tests.support.pages import AI_BOX

WHOLE = [
    "The ferry sailed again on Monday, and forty people came to the quay to see it.",
    "It had been in dock since March, when the master of the port found rust in its hull.",
]
TITLE = "Ferry sails again after nine months in dock"
QUAY = b"""
name = "quay"
title = "Quay Post"
hosts = ["quay.example"]

[[layout]]
id = "quay.article"
role = "article"
lines = ["Quay Post", "{title}", "{body}"]
seen = ["2025-01-01", "2025-02-01"]
"""
HALF = "The repair cost more than the council had set aside for the whole"


def flags_of(*lines: str) -> list[str]:
    return clean_page("\n".join([TITLE, *lines])).records[0].flags


@pytest.mark.parametrize(
    "end",
    [
        f"{HALF}...",
        f"{HALF}…",
        f"{HALF} […]",
        "It sails [...]",
        "It sails [+1234 chars]",
        "It sails (+1234 chars)",
    ],
)
def test_a_mark_of_a_cut_tells_anywhere(end):
    assert is_cut([*WHOLE, end], is_last=False)


@pytest.mark.parametrize("end", ["And so on...", "See the map [2]", "It sails at nine.", "He said: “Never again.”"])
def test_other_ends_are_no_mark(end):
    assert not is_cut([*WHOLE, end], is_last=True)


def test_half_a_sentence_tells_only_where_the_page_ends():
    assert is_cut([*WHOLE, HALF], is_last=True)
    assert not is_cut([*WHOLE, HALF], is_last=False)


@pytest.mark.parametrize(
    "end",
    [
        "Imprint Privacy Contact",
        "Lurne Courier, Quay 4, Marrowick, Sundland, Postbox 12, Telephone 555",
        "For more information about all of the sailings please visit www.ferry.example",
        "Home • all the news of the week • the weather of the coast",
        "Here is all that the master of the port had to say about it:",
        "Reuters",
    ],
)
def test_labels_and_addresses_at_the_end_are_no_half_sentence(end):
    assert not is_cut([*WHOLE, end], is_last=True)


def test_a_page_of_a_round_number_of_characters_is_cut_in_a_short_line_too():
    assert is_cut([*WHOLE, "The Master of Port Marrowick"], is_last=True, is_round=True)
    assert not is_cut([*WHOLE, "The Master of Port Marrowick"], is_last=True)


def test_lines_of_a_poem_are_whole():
    poem = ["The river runs below the town and no one knows how deep it is at night", "and all the lamps go out when it is day"]
    assert not is_cut([*poem, *poem], is_last=True)


def test_an_alphabet_without_blanks_ends_no_sentence_with_a_sign():
    assert not is_cut(["ข่าววันนี้ " * 12], is_last=True)


def test_a_whole_story_before_a_footer_is_not_truncated():
    assert "truncated" not in flags_of(*WHOLE, "Lurne Courier, Quay 4, Marrowick", "Imprint  Privacy  Contact")


def test_a_page_that_ends_within_a_sentence_is_truncated():
    assert "truncated" in flags_of(*WHOLE, *WHOLE, HALF)


def test_a_page_that_ends_in_the_first_words_of_a_paragraph_is_truncated():
    assert "truncated" in flags_of(*WHOLE * 3, "Nobody on the quay had")


def test_a_sign_to_read_on_tells_only_at_the_end():
    assert "truncated" in flags_of(*WHOLE, "Continue reading")
    assert "truncated" not in flags_of(WHOLE[0], "Continue reading", WHOLE[1])
    assert "truncated" in flags_of(WHOLE[0], f"{WHOLE[1]} [Read more...]")
    assert "truncated" not in flags_of(f"{WHOLE[0]} [Read more...]", WHOLE[1])


def test_a_story_without_text_is_not_truncated():
    *_, last = clean_page(f"T\nB\n{AI_BOX}\nYahoo\n2 hours ago\n- Yahoo\n{TITLE}\nContinue reading").records
    assert (last.kind, last.title, last.flags) == ("headline", TITLE, [])


def test_only_a_page_that_no_layout_of_its_site_matches_has_an_unknown_layout():
    library = Library([*shipped_packs(), ("quay.toml", QUAY)])
    known, unknown = "https://quay.example/ferry", "https://other.example/ferry"
    pages = [
        Page("\n".join(["Quay Post", TITLE, *WHOLE]), url=known),
        Page("\n".join([TITLE, *WHOLE]), url=known),
        Page("\n".join([TITLE, *WHOLE]), url=unknown),
        read_html(f"<h1>{TITLE}</h1><p>{WHOLE[0]}</p><p>{WHOLE[1]}</p>", url=known),
    ]
    assert [clean_page(page, library).records[0].flags for page in pages] == [[], ["layout-unknown"], [], []]


OFFER = "This article is for subscribers only. Subscribe now for 1 crown a week to read on."


def test_a_story_that_goes_on_for_subscribers_is_paywalled():
    (record,) = clean_page("\n".join([TITLE, *WHOLE, OFFER])).records
    assert (record.text, record.flags) == ("\n".join(WHOLE), ["paywalled"])


def test_an_offer_near_the_end_of_a_teaser_is_heeded():
    assert "paywalled" in flags_of(*WHOLE, "Share this article", OFFER)


def test_an_offer_within_a_text_or_below_a_long_one_hides_nothing():
    assert "paywalled" not in flags_of(WHOLE[0], OFFER, WHOLE[1])
    assert "paywalled" not in flags_of(*WHOLE * 12, OFFER)


@pytest.mark.parametrize(
    ("sign", "is_truncated"),
    [("<a href='https://other.example/ferry'>Read full story</a>", True), ("<button>Continue reading</button>", False)],
)
def test_a_button_to_read_on_opens_what_the_page_holds(sign, is_truncated):
    html = f"<h1>{TITLE}</h1><p>{WHOLE[0]}</p><p>{WHOLE[1]}</p><p>{sign}</p>"
    assert ("truncated" in clean_page(read_html(html)).records[0].flags) is is_truncated
