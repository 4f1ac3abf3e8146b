"""Several stories in the form of a pack's layout make a list; one alone, or one under another label, does not."""

from __future__ import annotations

import pytest

from cleaners import Library, shipped_packs
from cleaners.document.page import split_lines
from cleaners.segmentation.by_layout import Stories
from cleaners.segmentation.by_repetition import candidate_filter, find_repeated, start_of
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.plausible_fields import is_plausible

TITLES = ["Band plays on the pier again", "Pool to open on Sunday", "Bus fares to rise in May", "Plum growers fear the frost"]
TEASER = "The harbour board said on Monday that the old crane would be taken down within the month."

PACK = """
    name = "quay"
    title = "Quay"
    [[layout]]
    id = "quay.time-title"
    role = "story"
    lines = ["{time}", "{title}", "[{body}]"]
    repeats = 3
    [[layout]]
    id = "quay.title-source"
    role = "story"
    lines = ["{title}", "{source}"]
    repeats = 3
    labelled = true
"""


@pytest.fixture(scope="module")
def library():
    return Library([*shipped_packs(), ("quay.toml", PACK.encode())])


class Found:
    """The stories in a text, as (title, source, time, body), and the features and structure after the search."""

    def __init__(self, library, text: str) -> None:
        ruleset = library.ruleset(None, "en")
        stories = Stories("generic.article")
        self.features = [features_of(line, ruleset, i) for i, line in enumerate(split_lines(text))]
        candidates = candidate_filter(self.features, ruleset)
        found = find_repeated(self.features, ruleset, stories, candidates)
        self.stories = sorted(found, key=start_of)
        self.titles = [story.fields["title"].text for story in self.stories if "title" in story.fields]
        self.structure = {rule for _, rule in stories.structure}
        self.free = [feature.line.text for feature in self.features if not feature.assigned]


def test_titles_with_a_time_each_are_stories(library):
    found = Found(library, "\n".join(f"{n} hours ago\n{title}" for n, title in enumerate(TITLES, 2)))
    assert found.titles == TITLES
    assert [story.fields["time"].text for story in found.stories] == [f"{n} hours ago" for n in range(2, 6)]
    assert found.free == []


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_in_one_form_are_no_list(library, count):
    found = Found(library, "\n".join(f"{n} hours ago\n{title}" for n, title in enumerate(TITLES[:count], 2)))
    assert (found.stories, found.structure) == ([], set())
    assert len(found.free) == 2 * count


def test_a_form_without_times_needs_the_label_of_a_list(library):
    cards = "\n".join(f"{title}\nThe Quay Post" for title in TITLES)
    assert Found(library, cards).titles == []
    assert Found(library, f"Related Articles\n{cards}").titles == TITLES


def test_the_label_of_an_ad_makes_no_list(library):
    cards = "\n".join(f"{title}\nThe Quay Post" for title in TITLES)
    assert Found(library, f"Related Articles\nSponsored\n{cards}").titles == []


def test_a_paid_card_is_structure_and_no_story(library):
    found = Found(library, "Related Articles\nThe calmest game of the year\nHarborGamesSponsored")
    assert (found.stories, found.structure) == ([], {"generic.paid-sponsored"})
    assert [feature.sponsored for feature in found.features] == [False, True, True]


def test_a_paid_card_ends_with_the_name_above_it(library):
    card = "Harbor Games\nThe calmest game of the yearHarbor Games"
    assert Found(library, f"{TEASER}\n{card}\n{TEASER}").structure == {"generic.paid-brand-twice"}
    assert Found(library, f"{TEASER}\n{card}!\n{TEASER}").structure == set()


def test_a_digest_is_known_by_its_numbers(library):
    digest = [f"{n}.{TEASER}\nHarbour" for n in (1, 2, 3)]
    assert len(Found(library, "\n".join(digest)).stories) == 3
    assert Found(library, "\n".join(digest).replace("2.", "No. 2: ")).stories == []


@pytest.mark.parametrize(("place", "count"), [("{}, Fenland (AP)", 3), ("{} (AP)", 3), ("{}, Fenland", 3), ("{}", 0)])
def test_texts_that_stand_alone_open_with_a_place_and_more(library, place, count):
    openings = [place.format(name) for name in ("PORT ELLIS", "MARIGOLD", "LAVENDER")]
    assert len(Found(library, "\n".join(f"{opening} - {TEASER}" for opening in openings)).stories) == count


def test_a_list_ends_at_the_label_of_the_next(library):
    first, second = ("\n".join(f"{title}\nThe Quay Post" for title in titles) for titles in (TITLES[:2], TITLES[2:]))
    assert Found(library, f"Related Articles\n{first}\nMost Popular\n{second}").titles == []  # two and two, not four


def test_the_page_may_end_within_the_last_story(library):
    found = Found(library, "\n".join(f"{n} hours ago\n{title}" for n, title in enumerate(TITLES, 2)) + "\n6 hours ago")
    assert found.titles == TITLES


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "Pool to open on Sunday", True),
        ("title", TEASER, False),
        ("title", "Pool", False),
        ("body", TEASER, True),
        ("body", "Pool to open on Sunday", False),
        ("source", "The Quay Post", True),
        ("source", "Nobody was hurt.", False),
        ("source", "a b c d e f g", False),
        ("number", "12", True),
        ("number", "12a", False),
        ("dated", f"PORT ELLIS, Fenland (AP) – {TEASER}", True),
        ("dated", TEASER, False),
        ("time", "2 hours ago |", False),
        ("time", "2 hours ago", True),
    ],
)
def test_a_value_must_look_like_its_field(name, value, expected):
    assert is_plausible(name, value) is expected


SITE = """
    format = 2
    name = "pier"
    title = "Pier"
    hosts = ["pier.example"]
    [[layout]]
    id = "pier.section"
    role = "story"
    lines = ["{title}", "{body}"]
    repeats = 1
    below_text = true
    paragraphs = 3
"""
PROSE = [f"The {who} said on Monday that the old crane would be taken down by the end of the year." for who in TITLES]


@pytest.fixture(scope="module")
def site():
    return Library([*shipped_packs(), ("pier.toml", SITE.encode())])


def bodies(library, lines, url):
    """Return the titles and texts of the stories in some lines, and the lines that are in none."""
    ruleset = library.ruleset(library.site_of_url(url), "en")
    features = [features_of(line, ruleset, i) for i, line in enumerate(split_lines("\n".join(lines)))]
    found = find_repeated(features, ruleset, Stories("generic.article"), candidate_filter(features, ruleset))
    stories = [(story.fields["title"].text, [line.text for line in story.body]) for story in sorted(found, key=start_of)]
    return stories, [feature.line.text for feature in features if not feature.assigned]


def test_a_story_below_the_text_is_one_and_the_header_above_it_is_none(site):
    lines = [TITLES[0], PROSE[0], TITLES[1], PROSE[1]]
    assert bodies(site, lines, "https://pier.example/") == ([(TITLES[1], PROSE[1:2])], lines[:2])
    assert bodies(site, lines, "https://other.example/") == ([], lines)
    assert bodies(site, lines[:2], "https://pier.example/") == ([], lines[:2])


def test_a_text_goes_on_as_long_as_there_is_prose_and_the_layout_allows_it(site):
    lines = [TITLES[0], PROSE[0], TITLES[1], *PROSE[:2], TITLES[2], *PROSE, TITLES[3], PROSE[0], "Advertisement", PROSE[1]]
    stories, free = bodies(site, lines, "https://pier.example/")
    assert stories == [(TITLES[1], PROSE[:2]), (TITLES[2], PROSE[:3]), (TITLES[3], PROSE[:1])]
    assert free == [*lines[:2], PROSE[3], "Advertisement", PROSE[1]]
