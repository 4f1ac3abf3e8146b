"""The names and the numbers of the elements around a line."""

from __future__ import annotations

import pytest

from cleaners.html import names
from cleaners.html.looks import forget_looks
from cleaners.html.parse import parse_html
from cleaners.html.render import render


@pytest.fixture
def around(monkeypatch):
    """Return what is around each line of a page, by its text, when some names are known."""
    monkeypatch.setattr(names, "known_names", lambda: {"caption", "photo", "story", "<figure>"})
    forget_looks()
    yield lambda body: {text: hint.around for text, hint in render(parse_html(f"<body class=story>{body}"))}
    forget_looks()


def test_the_known_names_around_a_line_are_those_of_classes_ids_and_parts(around):
    found = around(
        "<div class='storyBody x2'><figure id=photo_1><b class=PHOTO-caption>Crane</b> at noon</figure><p>Text</p></div>"
    )
    assert found["Crane at noon"].names == ("story", "<figure>", "photo", "caption", "photo")
    assert found["Text"].names == ("story",)


def test_blocks_of_one_element_have_the_same_parent(around):
    found = around("<div><p>One</p><p>Two <i>x</i></p><div><p>In</p></div>Loose</div>")
    assert found["One"].parent == found["Two x"].parent == found["Loose"].block == found["In"].grandparent
    assert len({place.block for place in found.values()}) == 4


def test_blocks_with_the_same_tag_and_classes_are_of_one_kind(around):
    found = around("<p class=a>One</p><section><p class=a>Two</p></section><p class=b>Three</p><div class=a>Four</div>")
    assert found["One"].kind == found["Two"].kind
    assert len({place.kind for place in found.values()}) == 3


def test_deeply_nested_names_are_bounded(around):
    found = around("<div class=photo>" * 1_000 + "Crane")
    assert len(found["Crane"].names) == names.MAX_NAMES
