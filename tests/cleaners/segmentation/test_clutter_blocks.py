from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.segmentation.clutter_blocks import drop_blocks
from cleaners.segmentation.site import find_site
from tests.support.pages import AI_BOX, LOGO_STORY, PLAIN_STORY


@pytest.fixture(scope="module")
def daily8(library):
    return library.ruleset(next(site for site in library.sites if site.name == "daily8"))


def left(text: str, ruleset) -> list[str]:
    return [line.text for line in drop_blocks(split_lines(text), ruleset, final=True).lines]


@pytest.mark.parametrize(
    ("text", "url", "site"),
    [
        (f"T\nB\n{AI_BOX}\n{PLAIN_STORY}", "", "daily8"),
        (f"logo\nT\n\nT\n\nB\n{LOGO_STORY}", "", "daily8"),
        ("Latest news with #lanterns\n\nYahoo", "", "daily8"),
        ("T\nB\nHashtags\n\nTry O", "", "daily8"),
        ("T\nB", "https://www.daily8.com/en/article/0", "daily8"),
        ("T\nB", "https://notdaily8.com/en/article/0", None),
        ("T\nB\nlogo\nT\nT", "", None),
        ("T\nTry Our AI Features\nB", "", None),
        ("T\nB", "not an address", None),
        ("", "", None),
    ],
)
def test_the_site_is_known_by_address_or_grammar(library, text, url, site):
    found = find_site(split_lines(text), url, library)
    assert (found.name if found else None) == site


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
