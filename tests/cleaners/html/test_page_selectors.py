from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.html.page_selectors import PageSelectors
from cleaners.html.parse import parse_html
from cleaners.html.selectors import Selectors

SELECTORS = ["#a", ".b", "p.b", "div .c", "div > #a .b", "p", "[lang]", ".b, p", "*", ".b[lang]"]


@given(
    st.lists(st.sampled_from(SELECTORS), max_size=3),
    st.lists(st.sampled_from(["<p>x", "<p class='z b'>x", "<div id=a>", "<div class=c>x", "<i lang=en>x</i>"]), max_size=4),
)
def test_what_is_passed_over_matches_nothing(selectors, elements):
    rules = [(selector, f"x.{number}") for number, selector in enumerate(selectors)]
    tree = parse_html(f"<html><body>text{''.join(elements)}</body></html>")
    assert PageSelectors(rules).match(tree) == Selectors(rules).match(tree)


@pytest.mark.parametrize(
    ("selectors", "compiles"),
    [(["#a", "div .b"], False), (["#a", "p"], True), (["#a", ".q"], True), (["#a", "[lang]"], True)],
)
def test_only_pages_with_a_name_of_a_selector_need_the_matcher(selectors, compiles):
    page_selectors = PageSelectors((selector, "x.rule") for selector in selectors)
    page_selectors.match(parse_html("<html><body><p class='p q'>x</p></body></html>"))
    assert ("_compiled" in vars(page_selectors)) is compiles
