"""The signs of the type of an HTML page."""

from __future__ import annotations

import pytest

from cleaners.html.page_signs import MAX_TYPES, page_signs
from cleaners.html.parse import parse_html
from tests.support.html_pages import page


def signs_of(body: str, head: str = "") -> dict[str, int]:
    return page_signs(parse_html(page(body, head).decode()))


@pytest.mark.parametrize(
    ("script", "types"),
    [
        ('{"@type": "NewsArticle"}', {"type:NewsArticle": 1}),
        ('{"@graph": [{"@type": ["WebPage", "CollectionPage"]}]}', {"type:WebPage": 1, "type:CollectionPage": 1}),
        ('[{"@type": "http://schema.org/Product"}, {"@type": "schema:Product"}]', {"type:Product": 2}),
        ('{"@type": "LiveBlogPosting", "headline": "cut o', {"type:LiveBlogPosting": 1}),
        ('{"@type": 7, "@id": "x"}', {}),
        ("[" * 10_000, {}),
    ],
)
def test_types_of_json_ld_are_counted_even_in_broken_scripts(script, types):
    found = signs_of("<p>A", f'<script type="application/ld+json">{script}</script>')
    assert {name: count for name, count in found.items() if name.startswith("type:")} == types


def test_microdata_and_open_graph_declare_types():
    found = signs_of(
        '<div itemscope itemtype="https://schema.org/DiscussionForumPosting">A</div>',
        '<meta property="og:type" content="Product.Item"><meta property="og:type" content="article">',
    )
    assert found["type:DiscussionForumPosting"] == 1
    assert {name for name in found if name.startswith("og:")} == {"og:product"}


def test_elements_are_counted_by_tag_and_comments_are_none():
    found = signs_of("<article><p>A<p>B<!-- <p>C --><custom-tag>D</custom-tag></article>")
    assert (found["element:p"], found["element:article"]) == (2, 1)
    assert "element:custom-tag" not in found


def test_many_types_of_a_hostile_page_are_bounded():
    names = ", ".join(f'{{"@type": "T{"a" * (i % 30)}{chr(97 + i % 26)}{chr(97 + i // 26)}"}}' for i in range(600))
    found = signs_of("<p>A", f'<script type="application/ld+json">[{names}]</script>')
    assert sum(name.startswith("type:") for name in found) == MAX_TYPES
