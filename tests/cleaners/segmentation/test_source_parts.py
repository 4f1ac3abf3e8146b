from __future__ import annotations

import pytest
from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.examples import check_source
from cleaners.rules.source_names import SourceNames
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.source_parts import known_source, part_sources
from tests.support.packs import URL, library

SOURCES = ("Quay Post", "Pier-Side", "A/B News")
LIBRARY = library('sources = ["Quay Post"]\n')
RULESET = LIBRARY.ruleset(LIBRARY.site_of_url(URL))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Quay Post", "Quay Post"),
        ("Quay Post / Harbour", "Quay Post"),
        ("Quay Post•Harbour", "Quay Post"),
        ("Quay Post - Harbour", "Quay Post"),
        ("Pier-Side", "Pier-Side"),
        ("A/B News", "A/B News"),
        ("Quay Post Harbour", ""),
        ("The Quay Post / Harbour", ""),
        ("Harbour / Quay Post", ""),
        ("", ""),
    ],
)
def test_a_known_publisher_is_all_of_a_text_or_its_first_part(text, name):
    assert known_source(text, SOURCES) == name


def parted(text: str, **fields: Line) -> tuple[dict[str, str], list[str]]:
    """Return the fields of a story with a source, and the parts of its line that belong to none."""
    story = Story("story", "quay.list", {"source": Line(7, 7 + len(text), text), **fields})
    stories = Stories("generic.article", [story])
    part_sources(stories, RULESET)
    assert all(line.text == text[line.start - 7 : line.end - 7] for line in story.fields.values() if line.start >= 7)
    return {name: line.text for name, line in story.fields.items()}, [line.text for line, _ in stories.structure]


def test_the_source_of_a_story_is_parted_from_its_category():
    assert parted("Quay Post / Harbour") == ({"source": "Quay Post", "category": "Harbour"}, ["/"])
    assert parted("Quay Post") == ({"source": "Quay Post"}, [])


def test_no_source_is_parted_that_nobody_knows():
    assert parted("Other Post / Harbour") == ({"source": "Other Post / Harbour"}, [])


def test_a_story_keeps_the_category_that_it_has():
    fields, _ = parted("Quay Post / Harbour", category=Line(0, 4, "Town"))
    assert fields == {"source": "Quay Post / Harbour", "category": "Town"}


def test_examples_of_names_are_run():
    names = SourceNames(
        id="quay.source", names=SOURCES, read=(("Quay Post / Town", "Quay Post"),), keep=("Town / Quay Post", "The Quay Post")
    )
    assert list(check_source(names)) == []
    wrong = replace(names, read=(("Town / Quay Post", "Quay Post"),), keep=("Quay Post • Town",))
    assert list(check_source(wrong)) == [
        "quay.source: reads nothing in 'Town / Quay Post', not Quay Post",
        "quay.source: reads Quay Post in 'Quay Post • Town', not nothing",
    ]


def test_a_page_is_read_with_the_names_of_a_pack():
    body = '[[source]]\nid = "quay.source"\nnames = ["Pier"]\nread = [["Pier", "Pier"]]\nkeep = ["Quay"]\n'
    named = library(body)
    assert "Pier" in named.ruleset(named.site_of_url(URL)).context.sources
