"""CSS selectors of packs: the elements that they match, the ones refused, and the lines that they remove."""

from __future__ import annotations

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Library, clean_page, shipped_packs
from cleaners.errors import PackError
from cleaners.html.parse import parse_html
from cleaners.html.reader import html_page
from cleaners.html.render import render
from cleaners.html.selectors import MAX_REMEMBERED_CHARS, Selectors, _test
from cleaners.rules.load import read_pack
from flows.packs import failing_examples
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

HTML = """<div id=top class="box big"><section class=box><p id=p1 class="a b" data-x="promo-1" lang=en-GB>1</p>
<div><p id=p2 class=b>2</p></div></section></div><aside><p id=p3 class="a">3</p></aside>"""


def matched(selector: str, html: str = HTML) -> list[str]:
    tree = parse_html(f"<html><body>{html}</body></html>")
    return [element.get("id") or element.tag for element in Selectors([(selector, "x.rule")]).match(tree)]


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
        ("[data-x='']", []),
        ("[data-x*='--']", []),
        ("[class~=a]", ["p1", "p3"]),
        ("[lang|=en]", ["p1"]),
        ("[DATA-X='promo-1'].b", ["p1"]),
        ("aside>p , [ data-x = promo-1 ]", ["p1", "p3"]),
        (".c", []),
    ],
)
def test_a_selector_matches_as_in_browsers(selector, ids):
    assert matched(selector) == ids


def test_a_name_may_hold_escaped_marks():
    html = "<p id=p1 class='md:flex w-1/2' @click=x></p><p id=p2 class=md></p>"
    for selector in (r".md\:flex", r"p.w-1\/2", r"[\@click]", "[class~='md:flex']", r"[class='md\:flex w-1\/2']"):
        assert matched(selector, html) == ["p1"]


@pytest.mark.parametrize(
    "selector",
    [
        "", "a:not(.b)", "a ~ b", "a + b", "a::before", "ns|a", "a:hover", "[a=b i]", "p p p p p p p p p", "]",
        "> a", "a >", "a, , b", "a > > b", ".1a", "a b.", "[a='b]", "a/**/b", "a !", "[a*='']", '[a~= ""]',
        "[" + "a" * 50_000, "[" + r"\:" * 50_000, "[a='" + r"\'" * 50_000, "a" * 50_000 + "!", "." * 50_000, " a" * 50_000,
    ],
)  # fmt: skip
def test_a_selector_that_packs_may_not_have_is_refused(selector):
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
def test_the_matches_are_those_of_beautiful_soup(parts, combinators, html):
    selector = parts[0] + "".join(combinator + part for combinator, part in zip(combinators, parts[1:], strict=False))
    markup = f"<html><body><p></p>{html}</body></html>"
    tree, soup = parse_html(markup), BeautifulSoup(markup, "lxml").html.extract()
    matches = Selectors([(selector, "x.rule")]).match(tree)
    selected = {id(tag) for tag in soup.select(selector)}
    assert [element in matches for element in tree.iterdescendants()] == [id(tag) in selected for tag in soup.find_all(True)]


HARD = [".none > .a .a .a .a .a .a .a", "div div div div div p", ".a .a > .b", "p[class*=b]", "[data-x] *", "div > div > *"]


def calls(depth: int, width: int) -> int:
    """Return the number of Python calls to match selectors on a page with `width` elements at that depth."""
    paragraphs = "".join(f"<p class=b data-x={number % 7}>x</p>" for number in range(width))
    tree = parse_html(f"<body>{'<div class=a>' * depth}{paragraphs}")
    selectors = Selectors((selector, "x.rule") for selector in HARD)
    _test.cache_clear()
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        assert len(selectors.match(tree)) >= width
    finally:
        sys.setprofile(before)
    return count


def test_the_work_grows_with_the_elements_of_a_page_alone():
    assert calls(2_000, 10) < 4.4 * calls(500, 10)
    assert calls(10, 100_000) < 11 * calls(10, 10_000)
    assert calls(2_000, 4_000) < 2 * calls(10, 6_000)


def test_long_attributes_are_tested_but_not_remembered():
    _test.cache_clear()
    assert matched("p.b", f"<p id=p1 class='b {'x' * MAX_REMEMBERED_CHARS}'></p>") == ["p1"]
    assert _test.cache_info().currsize == 0


def test_a_page_without_css_rules_imports_no_beautiful_soup():
    code = f"""
import sys
import cleaners
cleaners.clean_page(cleaners.read_html({page(f"<h1>Old crane to go</h1><p>{ONE}</p>")!r}))
assert not {{"bs4", "soupsieve"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)


def test_a_line_in_many_elements_goes_by_the_rules_of_all():
    selectors = Selectors([(".a .a > .b", "x.one"), ("div span p", "x.two"), (".none > .a .a .a .a .a .a .a", "x.none")])
    deep = "<div class=a>" * 1_000 + "<div class=b>x<span><p>y</p></span></div>" + "</div>" * 1_000
    tree = parse_html(f"<html><body>{deep}</body></html>")
    lines = render(tree, selectors.match(tree))
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


def test_examples_that_fail_are_reported():
    wrong = PACK.replace(b'class="in-box"', b'class="inbox"')
    (failure,) = failing_examples([read_pack(wrong, "mine.toml")])
    assert "mine.inbox: must leave alone" in failure
    wrong = PACK.replace(b'class="inbox big"', b'class="outbox"')
    (failure,) = failing_examples([read_pack(wrong, "mine.toml")])
    assert "mine.inbox: must take all text of" in failure


def test_a_pack_with_a_bad_selector_does_not_load():
    with pytest.raises(PackError, match=r"mine.toml: css: 'div:hover'"):
        read_pack(PACK.replace(b"div.inbox", b"div:hover"), "mine.toml")


def test_packs_of_languages_hold_no_selectors():
    library = Library([("en.toml", PACK.replace(b"mine", b"en"))])
    with pytest.raises(PackError, match="en: elements have no language"):
        library.ruleset(None, "en")
