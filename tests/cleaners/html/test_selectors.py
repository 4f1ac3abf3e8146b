"""CSS selectors of packs: what they match, what is refused, and what becomes of the lines they take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cleaners import Library, clean_page, shipped_packs
from cleaners.errors import PackError
from cleaners.html.parse import parse_html
from cleaners.html.reader import html_page
from cleaners.html.render import render
from cleaners.html.selectors import Selectors
from cleaners.rules.load import read_pack
from flows.packs import failing_examples
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

HTML = """<div id=top class="box big"><section class=box><p id=p1 class="a b" data-x="promo-1" lang=en-GB>1</p>
<div><p id=p2 class=b>2</p></div></section></div><aside><p id=p3 class="a">3</p></aside>"""


def matched(selector: str, html: str = HTML) -> list[str]:
    selectors = Selectors([(selector, "x.rule")])
    tree = parse_html(f"<html><body>{html}</body></html>")
    return [element.get("id") or element.tag for element in tree.iter() if taken(selectors, element)]


def taken(selectors: Selectors, element: etree._Element) -> tuple[str, ...]:
    return selectors.rules_of(element, selectors.around(element))[0]


@pytest.mark.parametrize(
    ("selector", "ids"),
    [
        ("p", ["p1", "p2", "p3"]),
        (".b", ["p1", "p2"]),
        ("p.a.b", ["p1"]),
        ("#p2", ["p2"]),
        ("P#p2.b", ["p2"]),
        ("div p", ["p1", "p2"]),
        ("div > p", ["p2"]),
        (".box .box > p", ["p1"]),
        (".box > .box p", ["p1", "p2"]),
        ("#top > section > div > *", ["p2"]),
        ("body > div > p", []),
        ("aside *, #p1", ["p1", "p3"]),
        ("[data-x]", ["p1"]),
        ("[data-x='promo-1']", ["p1"]),
        ("[data-x^=promo]", ["p1"]),
        ("[data-x$='-1']", ["p1"]),
        ("[data-x*=omo]", ["p1"]),
        ("[data-x*='']", []),
        ("[class~=a]", ["p1", "p3"]),
        ("[lang|=en]", ["p1"]),
        (".c", []),
    ],
)
def test_a_selector_matches_as_in_browsers(selector, ids):
    assert matched(selector) == ids


@pytest.mark.parametrize(
    "selector", ["", "a:not(.b)", "a ~ b", "a + b", "a::before", "ns|a", "a:hover", "[a=b i]", "p p p p p p p p p", "]"]
)
def test_what_is_no_selector_for_packs_is_refused(selector):
    with pytest.raises(ValueError, match="css: "):
        Selectors([(selector, "x.rule")])


names = st.sampled_from(["a", "b", "c"])
compounds = st.builds(
    lambda tag, name: f"{tag}{'.' + name if name else ''}", st.sampled_from(["div", "p", "*"]), names | st.just("")
)
nested = st.recursive(
    st.just(""),
    lambda inner: st.builds(
        lambda name, parts: f"<div class={name}>{''.join(parts)}</div>", names, st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(compounds, min_size=1, max_size=4), st.lists(st.sampled_from([" ", " > "]), min_size=3, max_size=3), nested)
def test_what_matches_is_what_xpath_finds(parts, combinators, html):
    from cssselect import HTMLTranslator

    selector = parts[0] + "".join(combinator + part for combinator, part in zip(combinators, parts[1:], strict=False))
    tree = parse_html(f"<html><body><p></p>{html}</body></html>")
    wanted = set(etree.XPath(HTMLTranslator().css_to_xpath(selector))(tree))
    found = Selectors([(selector, "x.rule")])
    assert {element for element in tree.iter() if taken(found, element)} == wanted


def test_a_line_in_many_elements_is_taken_by_the_rules_of_all():
    selectors = Selectors([(".a .a > .b", "x.one"), ("div span p", "x.two"), (".none > .a .a .a .a .a .a .a", "x.none")])
    deep = "<div class=a>" * 1_000 + "<div class=b>x<span><p>y</p></span></div>" + "</div>" * 1_000
    lines = render(parse_html(f"<html><body>{deep}</body></html>"), selectors)
    assert [(text, hint.rules) for text, hint in lines] == [("x", ("x.one",)), ("y", ("x.one", "x.two"))]


PACK = b"""
name = "mine"
title = "Mine"

[[rule]]
id = "mine.inbox"
kind = "newsletter"
css = ["div.inbox", "aside > .offer"]
remove = ['<div class="inbox big"><h4>By mail</h4><p>Every day at six.</p></div>', "<aside><p class=offer>Buy it</p></aside>"]
keep = ['<div class="in-box"><p>Every day at six.</p></div>', "<p class=offer>Buy it</p>"]
"""


def test_the_lines_of_an_element_go_by_the_rule():
    assert failing_examples([read_pack(PACK, "mine.toml")]) == []
    library = Library([*shipped_packs(), ("mine.toml", PACK)])
    box = f"<div class=inbox><p>{THREE}</p></div>"
    read = html_page(
        page(f"{MENU}<article><h1>Old crane to go</h1><p>{ONE}</p>{box}<p>{TWO}</p></article>{FOOTER}"),
        selectors=library.selectors,
    )
    cleaned = clean_page(read, library)
    assert cleaned.records[0].text == f"{ONE}\n{TWO}"
    gone = [read.text[segment.start : segment.end] for segment in cleaned.segments if segment.rule == "mine.inbox"]
    assert gone == [THREE]
    assert THREE in clean_page(html_page(page(f"<h1>A crane</h1><p>{ONE}</p>{box}<p>{TWO}</p>"))).records[0].text


def test_a_rule_for_one_site_holds_there_only():
    pack = PACK.replace(b'title = "Mine"', b'title = "Mine"\nhosts = ["quaypost.example"]')
    library = Library([*shipped_packs(), ("mine.toml", pack)])
    body = f"<h1>Old crane to go</h1><p>{ONE}</p><div class=inbox><p>{THREE}</p></div><p>{TWO}</p>"
    for url, is_gone in (("https://quaypost.example/1", True), ("https://other.example/1", False)):
        read = html_page(page(body, ""), url=url, selectors=library.selectors)
        assert (THREE not in clean_page(read, library).records[0].text) is is_gone


def test_examples_that_do_not_hold_are_told():
    wrong = PACK.replace(b'class="in-box"', b'class="inbox"')
    (told,) = failing_examples([read_pack(wrong, "mine.toml")])
    assert "mine.inbox: must leave alone" in told
    wrong = PACK.replace(b'class="inbox big"', b'class="outbox"')
    (told,) = failing_examples([read_pack(wrong, "mine.toml")])
    assert "mine.inbox: must take all text of" in told


def test_a_pack_with_a_bad_selector_does_not_load():
    with pytest.raises(PackError, match=r"mine.toml: css: 'div:hover'"):
        read_pack(PACK.replace(b"div.inbox", b"div:hover"), "mine.toml")


def test_packs_of_languages_hold_no_selectors():
    library = Library([("en.toml", PACK.replace(b"mine", b"en"))])
    with pytest.raises(PackError, match="en: elements have no language"):
        library.ruleset(None, "en")
