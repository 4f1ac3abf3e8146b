"""The span of a page's own story: it goes on after widgets and walls, not to footers, other stories or comments."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from tests.cleaners.segmentation.test_by_shape import FOOTER, MENU, ONE, THREE, TWO

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


SHORT = "The board has voted to take it down after years of talks with the town."
LINKS = "Ferry to sail on Sundays too\nTown band plays on the pier"


@pytest.mark.parametrize(
    ("story", "gone"),
    [
        ([ONE, "Related Articles", LINKS, "“It was a penny for a loaf,” she said.", "Work starts in April.", TWO], (1, 2)),
        ([SHORT, "Advertisement", FOUR, TWO], (1,)),
        ([ONE, "Nobody was hurt.", "Advertisement", SHORT], (2,)),
        ([ONE, "Subscribe now", "Sign in", "Already a subscriber?", SHORT], (1, 2, 3)),
        ([FOUR, TWO, "Related Articles", LINKS, SHORT], (2, 3)),
        ([ONE, "What happens next", "Advertisement", "Getty Images", SHORT], (2, 3)),
        (
            [
                ONE,
                TWO,
                "What happens next",
                "Work starts on Monday at nine.",
                "Who pays",
                "The town.",
                "The gates open at ten.",
            ],
            (),
        ),
        ([SHORT, "Alder 2-1 Brack", "Corve 0-0 Dunm", "Ellb 4-2 Foss", "Garr 1-3 Hexl", "Kent 2-2 Lyme", FOUR, TWO], ()),
        ([FOUR, "Who pays for the great race", "Team Sponsored", TWO], ()),
        (["Nobody was hurt.", "The crane was 100 years old.", "It fell at nine."], ()),
    ],
)
def test_no_sentence_of_the_story_is_lost(story, gone):
    kept = [part for i, part in enumerate(story) if i not in gone]
    record = clean_page(f"{HEAD}{chr(10).join(story)}\n{FOOTER}").records[0]
    assert (record.title, record.text) == ("Old crane to go from the quay", "\n".join(kept))


def test_a_standfirst_that_is_a_sentence_belongs_to_the_text():
    page = f"{MENU}Old crane to go from the quay\n{SHORT}\nBy Tobin Marsh\n12 May 2026\nShare\n{FOUR}\n{TWO}\n{FOOTER}"
    assert own_text(page) == f"{SHORT}\n{FOUR}\n{TWO}"


def test_a_full_story_that_follows_becomes_a_record():
    more = f"Next article\nSponsored links\nBand plays on the pier again\nBy Joe Hurst\n11 March 2026\nShare\n{FIVE}\n{FOUR}"
    own, more_story = clean_page(f"{HEAD}{FOUR}\n{ONE}\n{more}\n{FOOTER}").records
    assert (own.kind, own.title, own.text) == ("article", "Old crane to go from the quay", f"{FOUR}\n{ONE}")
    assert (more_story.kind, more_story.title, more_story.text) == ("story", "Band plays on the pier again", f"{FIVE}\n{FOUR}")
    assert (more_story.published_raw, more_story.authors) == ("11 March 2026", ["By Joe Hurst"])
    assert more_story.parent_id == own.id


def test_comments_longer_than_a_short_story_are_none_of_it():
    comments = f"Comments\nanna\n3 hours ago\n{FOUR}\nReply\nbob\n2 hours ago\n{FIVE}\nReply\ncleo\n1 hour ago\n{FOUR}"
    assert own_text(f"{HEAD}{SHORT}\nIt was a century old.\n{comments}") == f"{SHORT}\nIt was a century old."


def test_a_listing_gives_each_story_its_own_time():
    teaser = "The town has sold it to the islands in the north."
    stories = "\n".join(f"Ferry number {n} is sold\n{teaser}\n{n} hours ago" for n in (2, 3, 4))
    records = clean_page(f"{MENU}{stories}\n{FOOTER}").records
    assert [(r.title, r.published_raw) for r in records if r.kind == "story"] == [
        (f"Ferry number {n} is sold", f"{n} hours ago") for n in (2, 3, 4)
    ]


@pytest.mark.parametrize("speaker", ["BLITZER:", "الوزير -", "市长先生 —"])
def test_speakers_of_a_transcript_are_no_places_of_wire_stories(speaker):
    paragraphs = [f"{speaker} {text}" for text in (ONE, TWO, THREE, FOUR)]
    assert own_text(f"{HEAD}{chr(10).join(paragraphs)}\n{FOOTER}") == "\n".join(paragraphs)
