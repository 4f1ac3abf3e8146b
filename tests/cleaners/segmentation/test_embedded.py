"""Items of the page's grammar become stories: every character of their lines is accounted for."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.output.ledger import check_ledger
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.embedded import assign_item, assign_lists, without_bare_titles
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.page_grammar.model import EmbeddedList, FieldSpan, Item
from tests.cleaners.segmentation.page_grammar.pages import features_for
from tests.cleaners.segmentation.pages import FOOTER, HEAD, MENU, SOURCES, STORY, TEASERS, TIMES, TITLES, page, records_of, text

GLUED = "Updated: 2 hours ago | Harbour Post – Ferry to sail on Sundays too from the first of June"
LINES = (GLUED, TEASERS[0], "Advertisement", TITLES[1], TITLES[1], TEASERS[1])


def field(line: int, words: str) -> FieldSpan:
    """Return the place of some words in one of the `LINES`."""
    start = LINES[line].index(words)
    return FieldSpan(line, start, start + len(words))


def items() -> list[Item]:
    """Return the items of the `LINES`: one with its fields in one line, one with its title twice."""
    glued = Item(0, 1, field(0, TITLES[0]), field(0, SOURCES[0]), field(0, TIMES[0]), body=[1])
    return [glued, Item(3, 5, field(3, TITLES[1]), body=[5], repeats=[4])]


def accounted(found: list[Story], stories: Stories) -> str:
    """Return all characters that stories or the structure hold, in page order, without white space."""
    parts = [line for story in found for line in (*story.body, *story.fields.values())]
    parts += [line for line, _ in stories.structure]
    return "".join("".join(part.text for part in sorted(parts, key=lambda line: line.start)).split())


@pytest.fixture
def features() -> list[LineFeatures]:
    return features_for(list(LINES))[0]


@pytest.fixture
def stories() -> Stories:
    return Stories("page")


def test_fields_are_parted_from_glued_lines(features, stories):
    story = Story("story", "page")
    assign_item(items()[0], features, story, stories)
    assert {name: line.text for name, line in story.fields.items()} == {
        "title": TITLES[0],
        "source": "Harbour Post",
        "time": "2 hours ago",
    }
    assert [line.text for line in story.body] == [TEASERS[0]]
    assert [(line.text, rule) for line, rule in stories.structure] == [
        ("Updated:", "page.header"),
        ("|", "page.header"),
        ("–", "page.header"),
    ]


def test_every_character_of_a_list_is_accounted_for(features, stories):
    found = assign_lists([EmbeddedList(items(), "title / text", between=[2])], features, stories)
    assert accounted(found, stories) == "".join("".join(LINES).split())
    assert all(feature.assigned for feature in features)


def test_stories_name_their_form_and_number(features, stories):
    found = assign_lists([EmbeddedList(items(), "title / text", between=[2])], features, stories)
    assert [story.form for story in found] == ["title / text, 1 of 2", "title / text, 2 of 2"]
    assert [story.role for story in found] == ["story", "story"]


def test_repeats_and_lines_between_are_removed(features, stories):
    assign_lists([EmbeddedList(items(), "title / text", between=[2])], features, stories)
    removed = {line.text: rule for line, rule in stories.structure}
    assert removed[TITLES[1]] == "page.repeat"
    assert removed["Advertisement"] == features[2].rule.id
    assert [feature.removed for feature in features] == [False, False, True, False, True, False]


def test_an_item_with_lines_of_another_story_is_skipped(features, stories):
    features[1].assigned = True
    (story,) = assign_lists([EmbeddedList(items(), "title / text")], features, stories)
    assert story.fields["title"].text == TITLES[1]
    assert not features[0].assigned


def test_comments_become_no_stories(features, stories):
    assert assign_lists([EmbeddedList(items(), "time / text", is_comments=True)], features, stories) == []
    removed = {line.text for line, _ in stories.structure}
    assert removed == {LINES[0], LINES[1], LINES[3], LINES[5]}
    assert not features[2].assigned


def test_bare_titles_are_left_out(features, stories):
    lines = [feature.line for feature in features]
    own = Story("article", "page", {"title": lines[1]})
    bare = Story("story", "page", {"title": lines[3]})
    linked = Story("story", "page", {"title": lines[4]}, url="https://quaypost.example/pool")
    teaser = Story("story", "page", {"title": lines[3]}, [lines[5]])
    timed = Story("story", "page", {"title": lines[3], "time": lines[0]})
    kept = without_bare_titles([bare, linked, teaser, timed], own, stories, is_known_site=False)
    assert kept == [linked, teaser, timed]
    assert stories.structure == [(lines[3], "page.list")]


def test_a_bare_title_of_a_list_is_kept_once_on_a_page_of_no_known_site(features, stories):
    own = Story("article", "page", {"title": features[1].line})
    first, again, other, to_own = (Story("story", "page", {"title": features[i].line}, is_headline=True) for i in (3, 3, 5, 1))
    assert without_bare_titles([first, again, to_own, other], own, stories, is_known_site=False) == [first, other]
    assert without_bare_titles([first, again, to_own, other], own, stories, is_known_site=True) == []


def test_headlines_under_a_label_alone_are_records():
    alone = records_of(MENU, "Related Articles", TITLES, FOOTER)
    assert [(record.kind, record.title) for record in alone] == [("headline", title) for title in TITLES]


@pytest.mark.parametrize("form", ["{time} | {source}", "{source} • {time}", "Updated: {time} / {source}", "{source} - {time}"])
def test_a_page_with_glued_fields_has_a_whole_ledger(form):
    rows = [
        (title, form.format(time=time, source=source), teaser)
        for title, time, source, teaser in zip(TITLES, TIMES, SOURCES, TEASERS, strict=True)
    ]
    glued = page(HEAD, STORY, "More stories", *rows, FOOTER)
    cleaned = clean_page(glued)
    check_ledger(glued, cleaned.segments)
    own, *embedded = cleaned.records
    assert own.text == text(*STORY)
    assert [(story.title, story.source, story.published_raw, story.text) for story in embedded] == list(
        zip(TITLES, SOURCES, TIMES, TEASERS, strict=True)
    )
