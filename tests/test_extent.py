"""How far a page's own story reaches: over widgets and walls, not to footers, other stories and readers' comments."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from tests.test_regions import FOOTER, MENU, ONE, THREE, TWO

HEAD = f"{MENU}Old crane to go from the quay\nBy Tobin Marsh\n12 May 2026\n"
FOUR = (
    "The crane was built in the year of the great flood and lifted its first load, a crate of oranges, before a crowd that "
    "filled both piers. Its last load was a bandstand. In between it moved, by the count of the museum, two million tonnes."
)
FIVE = (
    "Those who want to see it once more can do so on Sunday, when the gates open at nine. The master of the quay expects a "
    "long queue and asks visitors to leave their cars at the station. Tea is sold from noon until the last guest has gone."
)


def own_text(text: str) -> str:
    return next(record.text for record in clean_page(text).records if record.kind == "article")


def test_the_story_goes_on_after_a_wall():
    wall = "\n".join(
        ["Subscribe now", "Sign in", "Already a subscriber?", "Create an account", "Subscribe to continue reading"]
    )
    assert own_text(f"{HEAD}{FOUR}\n{ONE}\n{wall}\n{FIVE}\n{TWO}\n{FOOTER}") == "\n".join((FOUR, ONE, FIVE, TWO))


def test_a_slogan_below_the_footer_is_none_of_the_story():
    slogan = "The Quay Post brings you the news of the harbour and of all the towns that look upon it."
    assert own_text(f"{HEAD}{FOUR}\n{ONE}\n{FOOTER}\n{slogan}") == f"{FOUR}\n{ONE}"


@pytest.mark.parametrize("head", ["Comments", "[ 2 comments ]", "Have your say"])
def test_comments_of_readers_are_none_of_the_story(head):
    comments = f"{head}\nanna 3 hours ago\n{TWO}\nbob 2 hours ago\n{THREE}\ncleo 1 hour ago\n{FIVE}\n{FIVE}"
    assert own_text(f"{HEAD}{FOUR}\n{FIVE}\n{comments}\n{FOOTER}") == f"{FOUR}\n{FIVE}"


def test_a_comment_label_above_the_story_does_not_end_it():
    assert own_text(f"{HEAD}Comments\nShare\n{FOUR}\n{FIVE}\n{FOOTER}") == f"{FOUR}\n{FIVE}"


def test_teasers_beyond_the_story_are_stories():
    teasers = "\n".join(f"Town band number {n} plays on the pier\n{ONE} It is number {n}." for n in range(4))
    labels = "Print\nShare\nEmail\nPrivacy Policy\nTerms of Use\nCookie Policy\n12 May 2026"
    page = f"{HEAD}{FOUR}\n{FIVE}\n{FOUR}\n{labels}\n{teasers}"
    records = clean_page(page).records
    assert records[0].text == f"{FOUR}\n{FIVE}\n{FOUR}"
    assert [record.title for record in records[1:]] == [f"Town band number {n} plays on the pier" for n in range(4)]


def test_much_prose_beside_the_story_is_flagged():
    beside = f"{FOOTER}\n{MENU}12 May 2026\n{FOOTER}\n{FOUR}\n{FOOTER}"
    (record,) = clean_page(f"{HEAD}{FOUR}\n{ONE}\n{beside}").records
    assert (record.text, "prose-beside" in record.flags) == (f"{FOUR}\n{ONE}", True)
    (record,) = clean_page(f"{HEAD}{FOUR}\n{ONE}\n{FOOTER}").records
    assert "prose-beside" not in record.flags
