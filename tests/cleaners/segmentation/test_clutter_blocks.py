from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.segmentation.clutter_blocks import drop_blocks, drop_boxes
from tests.support.pages import AI_BOX


@pytest.fixture(scope="module")
def daily8(library):
    return library.ruleset(next(site for site in library.sites if site.name == "daily8"))


def left(text: str, ruleset) -> list[str]:
    return [line.text for line in drop_blocks(split_lines(text), ruleset, final=True).lines]


def test_a_block_goes_and_its_words_elsewhere_stay(daily8):
    assert left(f"T\nComments\nHashtags\n{AI_BOX}\nComments", daily8) == ["T", "Comments", "Comments"]


def test_a_block_inside_a_block_goes_too(daily8):
    inside = "Try Our AI Features\nDOWNLOAD THE APP\nGet Started Now: Download the App\nExplore what Daily8 AI can do for you:"
    assert left(f"T\n{inside}\nB", daily8) == ["T", "B"]


@pytest.mark.parametrize("cut", range(1, len(AI_BOX.splitlines()) + 1))
def test_the_page_may_end_inside_a_block(daily8, cut):
    lines = AI_BOX.splitlines()[:cut]
    assert left("\n".join(["T", "Hashtags", *lines]), daily8) == ["T"]
    assert left("\n".join(["T", "Hashtags", *lines])[:-2], daily8) == ["T"]


def test_only_a_complete_block_ends_the_article(daily8):
    whole = drop_blocks(split_lines(f"T\n{AI_BOX}\nB"), daily8, final=True)
    assert whole.article_end == 2
    part = drop_blocks(split_lines(f"T\n{AI_BOX.removesuffix('Related Articles')}\nB"), daily8, final=True)
    assert part.article_end is None


def test_one_common_line_at_the_end_of_any_page_is_no_block(library):
    assert left("T\nEnter Email", library.ruleset()) == ["T", "Enter Email"]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("T", "View more offers", "NP Posted", "The crane."), ["T", "The crane."]),
        (("T", "View more offers", "The crane.", "NP Posted"), ["T", "View more offers", "The crane.", "NP Posted"]),
        (("T", "Home", "Search", "The crane."), ["T", "Home", "Search", "The crane."]),
    ],
    ids=["neighbours", "lines-alone", "lines-of-no-site"],
)
def test_a_box_of_the_site_goes(library, lines, kept):
    ruleset = library.ruleset(next(site for site in library.sites if site.name == "nationalpost"))
    assert [line.text for line in drop_boxes(split_lines("\n".join(lines)), ruleset).lines] == kept


def test_pages_of_no_site_have_no_boxes(library):
    assert not drop_boxes(split_lines("T\nView more offers\nNP Posted"), library.ruleset()).removed
