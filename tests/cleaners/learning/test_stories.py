from __future__ import annotations

import pytest

from cleaners.learning.stories import MAX_LAYOUTS, story_forms
from tests.cleaners.learning.sites import WHERE, marked, paragraphs, settings, title

TEXT = "\n".join(f"[[one.text:{line}]]" for line in paragraphs(40, 2))


def forms(stories, size=8, **changed):
    """Return the forms of the story that each of some pages has."""
    pages = [f"[[own.title:{title(n)}]]\n[[own.text:{paragraphs(n)[0]}]]\n{stories}" for n in range(size)]
    return [form.lines for form in story_forms(marked(pages), settings(**changed))]


@pytest.mark.parametrize(
    ("story", "lines"),
    [
        ("[[one.title:Ferry returns]]\n[[one.source:The Post]]", ("{title}", "{source}")),
        ("[[one.source:The Post]] · [[one.published_raw:5 May]]\n[[one.title:A]]", ("{source} · {time}", "{title}")),
        (f"By [[one.authors:Ada]]\n[[one.title:Ferry]]\n{TEXT}", ("By {author}", "{title}", "{body}")),
        ("{[[one.category:Sea]]}\n[[one.title:Ferry returns]]", ("{{{category}}}", "{title}")),
    ],
)
def test_the_form_of_a_story_has_its_fields_in_their_lines(story, lines):
    assert forms(story) == [lines]


@pytest.mark.parametrize(
    "story",
    [
        "[[one.title:Ferry returns]]",  # a title alone
        f"[[one.title:Ferry returns]]\n{TEXT}",  # a title with a text
        "[[one.title:Ferry returns]]\nShare\n[[one.source:The Post]]",  # a line of no story between
        "[[one.title:Ferry returns]]\n[[one.tags:Sea]]",  # a field that layouts have not
        f"{TEXT}\n[[one.title:Ferry returns]]\n[[one.source:The Post]]",  # a text that is not last
        "[[one.source:The Post]]\n[[one.published_raw:5 May]]",  # no title
        "Of all that the keeper of the lighthouse heard: [[one.source:The Post]]\n[[one.title:Ferry]]",  # much beside the field
        "\n".join(["[[one.source:The Post]]"] * 7 + ["[[one.title:Ferry]]"]),  # many lines
        "[[one.title:Ferry returns]]\n[[[one.source:The Post]]]",  # a line in brackets may be missing
        "",
    ],
)
def test_what_is_no_form(story):
    assert forms(story) == []


def test_a_form_on_few_pages_is_none():
    story = "[[one.title:Ferry returns]]\n[[one.source:The Post]]"
    assert forms(story, 1) == []
    assert forms(story, 8, story_pages=1.0) == [("{title}", "{source}")]


def test_the_page_itself_is_no_form():
    pages = [f"[[own.title:{title(n)}]]\n[[own.source:The Post]]" for n in range(8)]
    assert story_forms(marked(pages), settings()) == []


def test_the_most_frequent_form_is_first_and_there_are_not_too_many():
    one = "[[one.title:Ferry returns]]\n[[one.source:The Post]]"
    two = "[[two.source:The Post]]\n[[two.title:Ferry]]\n[[three.source:The Post]]\n[[three.title:Ferry]]"
    assert forms(f"{one}\n{two}") == [("{source}", "{title}"), ("{title}", "{source}")]
    many = "\n".join(f"[[{where}.title:Ferry]]\n{where}: [[{where}.source:The Post]]" for where in WHERE)
    assert len(forms(many)) == MAX_LAYOUTS
