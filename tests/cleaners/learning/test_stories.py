from __future__ import annotations

import pytest

from cleaners import Library
from cleaners.learning.stories import MAX_LAYOUTS, story_forms
from tests.cleaners.learning.sites import PACKS, WHERE, keys, marked, paragraphs, settings, title

CONTEXT = Library(PACKS).ruleset().context
FIXED = keys("33 replies", "Share", "Share [x]")
TEXT = "\n".join(f"[[one.text:{line}]]" for line in paragraphs(40, 2))


def forms(stories, size=8, **changed):
    """Return the forms of the story that each of some pages has."""
    pages = [f"[[own.title:{title(n)}]]\n[[own.text:{paragraphs(n)[0]}]]\n{stories}" for n in range(size)]
    return [form.lines for form in story_forms(marked(pages), [], FIXED, CONTEXT, settings(**changed))]


@pytest.mark.parametrize(
    ("story", "lines"),
    [
        ("[[one.title:Ferry returns]]\n[[one.source:The Post]]", ("{title}", "{source}")),
        ("[[one.source:The Post]] · [[one.published_raw:5 May]]\n[[one.title:A]]", ("{source} · {time}", "{title}")),
        (f"By [[one.authors:Ada]]\n[[one.title:Ferry]]\n{TEXT}", ("By {author}", "{title}", "{body}")),
        ("[[one.title:Ferry]]\n• Ferry\n[[one.source:The Post]]", ("{title}", "• {title}", "{source}")),
        ("[[one.source:The Post]]\n- The Post\n[[one.title:Ferry]]", ("{source}", "- {source}", "{title}")),
        ("12. [[one.title:Ferry]]\n[[one.source:The Post]]", ("{number}. {title}", "{source}")),
        ("[[one.title:Ferry]]\n33 replies\n[[one.source:The Post]]", ("{title}", "[0 replies]", "{source}")),
        ("Ferry\n[[one.source:The Post]]\n- [[one.title:Ferry]]", ("{title}", "{source}", "- {title}")),
        (f"[[one.title:Ferry]]\n[[one.source:The Post]]\nShare\n{TEXT}", ("{title}", "{source}", "[Share]", "{body}")),
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
        "[[one.title:Ferry returns]]\nSave\n[[one.source:The Post]]",  # a line of no story between
        "[[one.title:Ferry returns]]\nShare [x]\n[[one.source:The Post]]",  # a fixed line with a sign of templates
        "[[one.title:Ferry returns]]\n[[own.tags:Share]]\n[[one.source:The Post]]",  # a line of another story
        "[[one.title:Ferry returns]]\n[[one.tags:Sea]]",  # a field that layouts have not
        f"{TEXT}\n[[one.title:Ferry returns]]\n[[one.source:The Post]]",  # a text that is not last
        "[[one.source:The Post]]\n[[one.published_raw:5 May]]",  # no title
        "Of all that the keeper of the lighthouse heard: [[one.source:The Post]]\n[[one.title:Ferry]]",  # much beside the field
        "\n".join(["[[one.source:The Post]]"] * 9 + ["[[one.title:Ferry]]"]),  # many lines
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
    assert story_forms(marked(pages), [], FIXED, CONTEXT, settings()) == []


def test_the_most_frequent_form_is_first_and_there_are_not_too_many():
    one = "[[one.title:Ferry returns]]\n[[one.source:The Post]]"
    two = "[[two.source:The Post]]\n[[two.title:Ferry]]\n[[three.source:The Post]]\n[[three.title:Ferry]]"
    assert forms(f"{one}\n{two}") == [("{source}", "{title}"), ("{title}", "{source}")]
    many = "\n".join(f"[[{where}.title:Ferry]]\n{where}: [[{where}.source:The Post]]" for where in WHERE)
    assert len(forms(many)) == MAX_LAYOUTS


@pytest.mark.parametrize(
    ("story", "is_sure"),
    [
        ("[[one.title:Ferry]]\n[[one.source:The Post]]", False),
        ("[[one.title:Ferry]]\n- [[one.source:The Post]]", False),
        ("[[one.title:Ferry]]\n[[one.published_raw:5 May]]", True),
        ("[[one.title:Ferry]]\nFerry\n[[one.source:The Post]]", True),
        ("[[one.title:Ferry]]\nFrom [[one.source:The Post]]", True),
        ("[[one.title:Ferry]]\nShare\n[[one.source:The Post]]", False),
    ],
)
def test_a_story_alone_is_known_by_a_time_a_repeat_or_a_fixed_text(story, is_sure):
    pages = [f"[[own.title:{title(n)}]]\n[[own.text:{paragraphs(n)[0]}]]\n{story}" for n in range(8)]
    assert [form.is_sure for form in story_forms(marked(pages), [], FIXED, CONTEXT, settings())] == [is_sure]


def test_a_form_tells_the_paragraphs_of_its_longest_text():
    texts = ["\n".join(f"[[one.text:{line}]]" for line in paragraphs(n, n % 3 + 1)) for n in range(8)]
    pages = [f"[[one.title:{title(n)}]]\n[[one.published_raw:5 May]]\n{text}" for n, text in enumerate(texts)]
    assert [form.paragraphs for form in story_forms(marked(pages), [], FIXED, CONTEXT, settings())] == [3]


@pytest.mark.parametrize(
    ("header", "below"),
    [
        ("[[own.title:{title}]]\n5 May 2026", True),
        ("5 May 2026\n[[own.title:{title}]]", False),
        ("[[own.title:{title}]]\nThe Quay Post\n5 May 2026", False),
    ],
)
def test_stories_in_the_form_of_the_own_header_stand_below_the_text(header, below):
    cards = "\n".join(
        f"[[{name}.title:The ferry of {name} returns]]\n[[{name}.published_raw:5 May 2026]]" for name in ("ann", "bob")
    )
    pages = [f"{header.format(title=title(n))}\n[[own.text:{paragraphs(n)[0]}]]\n{cards}" for n in range(8)]
    assert [form.below_text for form in story_forms(marked(pages), [], FIXED, CONTEXT, settings())] == [below]


def test_a_form_on_enough_pages_of_one_template_is_one_of_the_site():
    card = "[[one.title:Ferry returns]]\n[[one.source:The Post]]"
    pages = marked([f"{title(n)}\n{card if n < 3 else ''}" for n in range(40)])
    assert story_forms(pages, [], FIXED, CONTEXT, settings()) == []
    (form,) = story_forms(pages, [pages.part(range(6)), pages.part(range(6, 40))], FIXED, CONTEXT, settings())
    assert (form.stories, form.pages, form.of) == (3, 3, 40)
