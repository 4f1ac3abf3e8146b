from __future__ import annotations

import pytest

from cleaners import clean_page, read_html
from cleaners.examples import check_pack
from cleaners.rules.load import read_pack
from tests.support.packs import STORY, URL, cleaned, library, pack, removed, rule

TITLE, *PARAGRAPHS = STORY.split("\n")
MENU = "Home\nSport\nContact"


def page(*lines: str) -> str:
    return "\n".join((MENU, *lines, "Imprint", "Privacy"))


@pytest.mark.parametrize(
    ("where", "above", "within", "below"),
    [("before", True, False, False), ("inside", False, True, False), ("after", False, False, True)],
)
def test_a_rule_holds_in_its_place_alone(where, above, within, below):
    body = rule('line = ["Quay live"]', f'where = "{where}"')
    for at, holds in ((0, above), (3, within), (5, below)):
        lines = [TITLE, "By Ada Quay", *PARAGRAPHS]
        lines.insert(at, "Quay live")
        text = page(*lines)
        found = cleaned(text, body)
        assert removed(text, found) == (["Quay live"] if holds else []), at
        assert found.records[0].title == TITLE
        assert ("Quay live" in found.records[0].text) is (at == 3 and not within)
        assert all(paragraph in found.records[0].text for paragraph in PARAGRAPHS)


def test_of_two_rules_each_holds_in_its_place():
    body = rule('line = ["Quay live"]', 'where = "before"', "top") + rule('line = ["Quay live"]', 'where = "after"', "end")
    text = page("Quay live", TITLE, "By Ada Quay", *PARAGRAPHS, "Quay live")
    found = cleaned(text, body)
    assert (removed(text, found, "top"), removed(text, found, "end")) == (["Quay live"], ["Quay live"])


def test_the_ends_of_a_text_of_a_layout_are_its_edges():
    layout = '\n[[layout]]\nid = "quay.page"\nrole = "article"\nlines = ["{title}", "{body}"]\n'
    rules = rule('line = ["Quay live"]', 'where = "before"', "top") + rule('line = ["Tags: {words}"]', 'where = "after"', "end")
    within = (PARAGRAPHS[0], "Quay live", "Tags: boats", *PARAGRAPHS[1:])
    text = "\n".join((TITLE, "Quay live", *within, "Advertisement", "Tags: ferry"))
    found = cleaned(text, layout + rules)
    assert (removed(text, found, "top"), removed(text, found, "end")) == (["Quay live"], ["Tags: ferry"])
    assert found.records[0].text.split("\n") == [*within]


def test_a_text_of_nothing_else_stays():
    layout = '\n[[layout]]\nid = "quay.page"\nrole = "article"\nlines = ["{title}", "{body}"]\n'
    text = f"{TITLE}\nQuay live\nQuay live"
    assert removed(text, cleaned(text, layout + rule('line = ["Quay live"]', 'where = "after"'))) == []


def test_a_page_of_html_is_held_to_its_places():
    own = library(rule('line = ["Quay live"]', 'where = "after"'))
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<body><p>Quay live</p><article><h1>{TITLE}</h1>{paragraphs}<p>Quay live</p></article><p>Quay live</p></body>"
    source = read_html(html, url=URL, library=own)
    found = clean_page(source, own)
    assert found.records[0].text == "\n".join(PARAGRAPHS)
    assert "Quay live" in "".join(removed(source.text, found))


def test_examples_are_run():
    for where in ("before", "inside", "after"):
        body = rule('line = ["Quay live"]', f'where = "{where}"', remove='"Quay live"', keep='"The quay live on."')
        assert list(check_pack(read_pack(pack(body), "quay.toml"))) == []
