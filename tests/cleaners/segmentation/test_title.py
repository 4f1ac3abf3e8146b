"""The search for a title among the lines before a text, on invented pages of difficult kinds."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from tests.cleaners.segmentation.test_by_shape import FOOTER, MENU, ONE, THREE, TWO

TEXT = f"{ONE}\n{TWO}\n{THREE}\n{FOOTER}"
TITLE = "Old crane to go from the quay"


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE}\nBy Tobin Marsh\n12 May 2026",
        f"{TITLE}\n12 May 2026\nPhotograph by the harbour museum",
        f"Harbour\n{TITLE}\n{TITLE}\nShare\nTobin Marsh has the story",
        f"Breaking news from the town\nShare\n{TITLE}\nShare\nPrint this page",
        f"{TITLE}\nBoard decides after years of talks with the town\nBy Tobin Marsh\n12 May 2026",
        f"Pool to open\nBand plays on the pier\nBus fares to rise in May\nPlum frost feared\n{TITLE}\nBy Tobin Marsh",
        f"{TITLE}\nTobin Marsh\nHarbour Editor\nShare\nEmail",
    ],
)
def test_the_title_is_found_among_the_lines_before_the_text(head):
    record = clean_page(f"{MENU}{head}\n{TEXT}").records[0]
    assert (record.title, record.text.splitlines()[-1]) == (TITLE, THREE)


def test_a_bare_list_of_links_holds_no_title():
    links = "Pool to open on Sunday\nBand plays on the pier\nBus fares to rise in May\nPlum growers fear the frost"
    assert clean_page(f"{MENU}{links}\n{TEXT}").records[0].title == ""


def test_menu_words_are_no_title():
    assert clean_page(f"{MENU}Harbour\nTown\nIslands\nShipping\n{TEXT}").records[0].title == ""
