from __future__ import annotations

from cleaners.document.page import split_lines
from cleaners.rules.registry import MAX_REMEMBERED
from tests.support.packs import STORY, URL, cleaned, library, removed, rule

TEMPLATES = """
[[template]]
id = "quay.news"
signs = ["News desk", "From our reporters", "News desk 24"]
signs_needed = 2
seen = ["2025-01-01", "2025-06-30"]

[[template]]
id = "quay.blog"
signs = ["From our blog"]
"""
NEWS = f"News desk\nFrom our reporters\nShare\n{STORY}"
SHARE = TEMPLATES + rule('line = ["Share"]', 'template = ["quay.news"]')


def test_a_rule_applies_to_pages_of_its_template_alone():
    assert removed(NEWS, cleaned(NEWS, SHARE)) == ["Share"]
    other = NEWS.replace("From our reporters", "From our blog")
    assert removed(other, cleaned(other, SHARE)) == []
    assert removed(other, cleaned(other, SHARE.replace('"quay.news"]', '"quay.news", "quay.blog"]'))) == ["Share"]


def test_a_sign_counts_once():
    twice = NEWS.replace("From our reporters", "News desk")
    assert removed(twice, cleaned(twice, SHARE)) == []


def test_a_rule_without_a_template_applies_to_all_pages():
    text = f"Share\n{STORY}"
    assert removed(text, cleaned(text, TEMPLATES + rule('line = ["Share"]'))) == ["Share"]


def test_a_layout_applies_to_pages_of_its_template_alone():
    layout = '\n[[layout]]\nid = "quay.header"\nrole = "header"\nlines = ["{other}", "{title}"]\ntemplate = ["quay.blog"]\n'
    own = library(TEMPLATES + layout)
    site = own.site_of_url(URL)
    for line, ids in (("From our blog", ["quay.header"]), ("News desk", [])):
        ruleset = own.ruleset(site, "en", own.templates_on(split_lines(f"{line}\n{STORY}"), site))
        assert [grammar.id for grammar in ruleset.header_layouts] == ids


def test_pages_without_templates_share_their_rules():
    plain, confined = library(""), library(SHARE)
    site = confined.sites[[pack.name for pack in confined.sites].index("quay")]
    assert confined.templates_on([], site) == frozenset()
    assert confined.templates_on([], None) == frozenset()
    assert confined.ruleset(site, "en") is confined.ruleset(site, "en")
    assert confined.ruleset(site, "en", frozenset({"quay.news"})) is confined.ruleset(site, "en", frozenset({"quay.news"}))
    assert list(plain.check()) == list(confined.check()) == []


def test_only_so_many_combinations_of_templates_are_kept():
    confined = library(SHARE)
    for number in range(MAX_REMEMBERED + 3):
        confined.ruleset(None, "xx", frozenset({f"quay.{number}"}))
    assert len(confined._of_templates) == MAX_REMEMBERED
