from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation import own_story
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import LineFeatures, features_of
from cleaners.segmentation.own_story import read_own_story, titled_text
from cleaners.segmentation.title_choice import TitleChoice

RULESET = default_library().ruleset()
TITLE = "Night ferry returns to service after dispute"
TEXT = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth.",
    "Harbour officials said that the ferry would sail at nine each evening and return before the morning tide came in.",
    "Passengers had waited since spring for the crossing, which the council closed when the old pier began to sink.",
)
NEXT = (
    "The bakery on Quay Street opens a second shop in Calder next month, its owners told the paper on Tuesday evening.",
    "The new shop takes over the rooms of the old post office, which had stood empty since the autumn of last year.",
)


def features(*lines: str) -> list[LineFeatures]:
    return [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(lines)))]


def read(*lines: str) -> tuple[list[Story], Stories]:
    """Return the stories of a page on which the scores are right: paragraphs are text, all else is not."""
    found, stories = features(*lines), Stories("page")
    scores = [2.0 if line in (*TEXT, *NEXT) else -4.0 for line in lines]
    return read_own_story(found, scores, stories, RULESET), stories


def rules(stories: Stories) -> dict[str, str]:
    return {line.text: rule for line, rule in stories.structure}


def test_parts_a_page_into_title_header_text_and_surroundings() -> None:
    found, stories = read("Zeltweg", "Ortsplan", TITLE, "By Maren Oldfather", "March 3, 2024", *TEXT, "Quay Post Ltd")
    assert len(found) == 1
    story = found[0]
    assert story.fields["title"].text == TITLE
    assert story.fields["time"].text == "March 3, 2024"
    assert story.fields["author"].text == "Maren Oldfather"
    assert [line.text for line in story.body] == list(TEXT)
    assert rules(stories)["Quay Post Ltd"] == "page.after"


def test_a_text_whose_end_was_read_before_is_in_page_order() -> None:
    found, stories = features(TITLE, *TEXT), Stories("page")
    own = Story("article", "page", {"title": found[0].line}, [found[3].line])
    found[0].assigned = found[3].assigned = True
    (story,) = read_own_story(found, [-4.0, 2.0, 2.0, 2.0], stories, RULESET, own=own)
    assert [line.text for line in story.body] == list(TEXT)


def titled(*lines: str) -> Stories | None:
    """Return a text on its own with its title; on it all lines score like text."""
    scores = [2.0 if line in TEXT else 0.5 for line in lines]
    return titled_text(features(*lines), scores, Stories("page"), RULESET)


def test_a_text_on_its_own_has_its_title_below_lines_of_a_menu() -> None:
    stories = titled("Subscribe", "Zeltweg", TITLE, "March 3, 2024", *TEXT)
    assert stories is not None
    (story,) = stories.found
    assert story.fields["title"].text == TITLE
    assert story.fields["time"].text == "March 3, 2024"
    assert [line.text for line in story.body] == list(TEXT)
    assert set(rules(stories)) == {"Subscribe", "Zeltweg"}


def test_the_first_line_of_a_text_on_its_own_is_its_title_anyway() -> None:
    assert titled(TITLE, *TEXT) is None


@pytest.mark.parametrize(("line", "has_title"), [(NEXT[0], False), ("Night ferry is back — The Quay Post", True)])
def test_a_paragraph_of_a_text_on_its_own_is_not_cut_to_a_title(line: str, has_title: bool, monkeypatch) -> None:
    choice = TitleChoice(1, 0, 19)
    monkeypatch.setattr(own_story, "choose_title", lambda *_, **__: choice)
    assert (titled("Report from the reading room", line, *TEXT) is not None) == has_title


def test_every_line_is_assigned_once() -> None:
    lines = ("Zeltweg", TITLE, TITLE, "March 3, 2024", TEXT[0], "Foto: Kofi", TEXT[1], TEXT[2], "Ende")
    found, stories = read(*lines)
    assigned = [line.text for line, _ in stories.structure]
    assigned += [line.text for story in found for line in (*story.body, *story.fields.values())]
    assert sorted(assigned) == sorted(lines)


def test_the_second_copy_of_a_title_is_a_repeat() -> None:
    _, stories = read(TITLE, TITLE, "March 3, 2024", *TEXT)
    assert rules(stories) == {TITLE: "page.repeat"}


def test_a_full_story_that_follows_has_its_own_title() -> None:
    found, _ = read(TITLE, "March 3, 2024", *TEXT, "Bakery opens second shop in Calder", "By Noor Eastlake", *NEXT)
    assert [story.role for story in found] == ["article", "story"]
    assert found[1].fields["title"].text == "Bakery opens second shop in Calder"
    assert [line.text for line in found[1].body] == list(NEXT)


def test_a_header_that_is_read_already_is_kept() -> None:
    lines = features("Zeltweg", TITLE, *TEXT)
    own = Story("article", "page", {"title": lines[1].line})
    lines[1].assigned = True
    assert read_own_story(lines, [-4.0, -4.0, 2.0, 2.0, 2.0], Stories("page"), RULESET, own=own) == [own]
    assert own.fields["title"].text == TITLE


def test_a_page_without_text_has_no_story() -> None:
    found, stories = read("Home", "Sign in")
    assert not found
    assert len(stories.structure) == 2


def test_the_selected_lines_of_an_html_page_are_its_text() -> None:
    lines = features(TITLE, *TEXT)
    for feature in lines:
        feature.selected = feature.index in (1, 2)
    story = read_own_story(lines, [2.0] * 4, Stories("page"), RULESET)[0]
    assert [line.text for line in story.body] == list(TEXT[:2])


def test_a_headline_that_opens_a_page_of_other_stories_is_the_own_story() -> None:
    lines = (TITLE, "What the council has in mind for the old pier and its berth", "Related Articles", "A title", *NEXT)
    found, stories = features(*lines), Stories("page")
    for feature in found[3:]:
        feature.assigned = True
    (story,) = read_own_story(found, [-4.0] * len(found), stories, RULESET)
    assert (story.fields["title"].text, [line.text for line in story.body]) == (TITLE, [lines[1]])
