"""Packs out of site files of Full-Text RSS: each rule has examples, and what becomes no rule is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from cleaners import Library, clean_page, read_html, shipped_packs
from cleaners.examples import check_pack
from cleaners.html.selectors import Selectors
from cleaners.rules.load import read_pack
from flows.ftr.xpath import selectors_of, selectors_of_name
from tests.support.command import dehusk

SITE = """\
# The Quay Post
title: //h1
strip_id_or_class: newsletter
strip: //div[contains(@class, 'share')]
strip: //aside[1]
strip: //div[@class="gone"]
strip: //p
strip_id_or_class: share
"""
URL = "https://www.quaypost.example/crane"
PAGE = f"""<html><head><title>Old crane to go</title><link rel=canonical href="{URL}"></head><body><h1>Old crane to go</h1>
<div class="text"><p>The harbour board said on Monday that the old crane would be taken down within the month.</p>
<div class="box share-bar" data-a="&lt;b&gt;&quot;">Share <b>this</b> &amp; that &lt;now&gt;<script>x()</script></div>
<p>Nobody had used it since the spring, the master of the quay told reporters on Tuesday.</p></div>
<div id="newsletter-1">Sign up for our letter</div></body></html>"""
PAGE_PATHS = (
    "//div", "//*[@id='a']", "//div[@class='a b']", "//div[contains(@class, 'a')]//p", "//ul/li[@data-x]",
    "//*[@id='a' or @id='b']", "//p[@class='a' and @id='b']", "//a[starts-with(@href, 'x')]", "//p | //li",
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' b ')]", '//div[@class="a"][@id="b"]', "//p[@class='x or y']",
)  # fmt: skip
NAMES = st.sampled_from(["a", "b", "ab", "a b", "x or y", "xyz", ""])


@pytest.fixture
def here(tmp_path):
    (tmp_path / "www.quaypost.example.txt").write_text(SITE)
    (tmp_path / "crane.html").write_text(PAGE)
    return tmp_path


def imported(folder, *more: str, file: str = "www.quaypost.example.txt", page: str = "crane.html"):
    return dehusk("rules", "import", "ftr", file, "--page", page, "--to", "packs", *more, cwd=folder)


def test_rules_have_examples_of_the_pages_and_the_rest_is_named(here):
    done = imported(here)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        "packs/quaypost-example.toml: 3 of 7 directives for quaypost.example",
        "  not taken: line 2, title: //h1 (dehusk finds it by itself, and packs have no rule for it)",
        "  not taken: line 5, strip: //aside[1] (the condition [1])",
        '  not taken: line 6, strip: //div[@class="gone"] (it takes nothing on the pages given)',
        "  not taken: line 7, strip: //p (it leaves no prose on the pages given)",
    ]
    toml = (here / "packs" / "quaypost-example.toml").read_bytes()
    pack = read_pack(toml, "quaypost-example.toml")
    assert pack.hosts == ("quaypost.example",)
    assert [rule.id for rule in pack.rule] == [
        "quaypost-example.newsletter", "quaypost-example.div-contains-class-share", "quaypost-example.share",
    ]  # fmt: skip
    assert [*check_pack(pack)] == []
    library = Library([*shipped_packs(), ("quaypost-example.toml", toml)])
    page = read_html(PAGE, url=URL, library=library)
    cleaned = clean_page(page, library)
    removed = {page.text[found.start : found.end]: found.rule for found in cleaned.segments if found.rule}
    assert removed["Sign up for our letter"] == "quaypost-example.newsletter"
    assert removed["Share this & that <now>"] in [rule.id for rule in pack.rule]
    assert len(cleaned.records[0].text.splitlines()) == 2


def test_a_pack_that_is_there_stays_unless_it_may_be_replaced(here):
    imported(here)
    before = (here / "packs" / "quaypost-example.toml").read_bytes()
    done = imported(here)
    assert (done.returncode, done.stderr.decode()) == (
        2, "dehusk: packs/quaypost-example.toml is there already; name another folder with --to, or replace it with --force\n",
    )  # fmt: skip
    assert imported(here, "--force").returncode == 0
    assert (here / "packs" / "quaypost-example.toml").read_bytes() == before


def test_pages_of_another_site_are_no_examples(here):
    (here / "crane.html").write_text(PAGE.replace("quaypost.example", "other.example"))
    done = imported(here)
    assert done.stdout.decode().startswith("no pack: none of 7 directives for quaypost.example became a rule\n")
    assert not (here / "packs").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"file": "missing.example.txt"}, "missing.example.txt cannot be read (No such file or directory); name a site file"),
        ({"file": "crane.html"}, "crane.html is not named as a site is; name a site file such as quaypost.example.txt"),
        ({"file": "empty.example.txt"}, "empty.example.txt holds no directive, such as strip_id_or_class: newsletter"),
        ({"page": "missing.html"}, "--page missing.html cannot be read (No such file or directory)"),
        ({"page": "empty.example.txt"}, "--page empty.example.txt is no HTML page"),
    ],
)
def test_a_mistake_is_one_sentence(given, says, here):
    (here / "empty.example.txt").write_text("# nothing\n")
    done = imported(here, **given)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"dehusk: {says}")
    assert done.stderr.count(b"\n") == 1
    assert not (here / "packs").exists()


@pytest.mark.parametrize("path", PAGE_PATHS)
@given(st.lists(st.tuples(st.sampled_from(["div", "p", "ul", "li", "a"]), NAMES, NAMES, st.integers(0, 3)), max_size=12))
def test_selectors_match_what_the_path_does(path, elements):
    """lxml's own XPath is the reference."""
    root = lxml_html.document_fromstring("<p>")
    made = [root.body]
    for tag, classes, name, at in elements:
        element = made[-1 - at % len(made)].makeelement(tag, {"class": classes, "id": name, "href": name, "data-x": ""})
        made[-1 - at % len(made)].append(element)
        made.append(element)
    selectors = Selectors((selector, "rule") for selector in selectors_of(path))
    assert {*selectors.match(root)} == {*root.xpath(path)}


@pytest.mark.parametrize(
    "path",
    [
        "", "/html/body/div", "//div[1]", "//div[last()]", "//div[text()='a']", "//div/..", "//div[not(@id)]", "div",
        "//div[@id='']", "//div[contains(@class, '')]", "//div/text()", "//div[@id='a\n']", "//ns:div", "//div[p]", "//div]",
        "//" + "[@a or @b]" * 9, "//a" + "[@a or @b]" * 9,
    ],
)  # fmt: skip
def test_a_path_that_selectors_cannot_say_is_refused(path):
    with pytest.raises(ValueError, match=r"."):
        selectors_of(path)


@given(st.text())
def test_any_text_is_a_name_or_is_refused(text):
    try:
        selectors = selectors_of_name(text)
    except ValueError:
        return
    root = lxml_html.document_fromstring("<p>")
    try:
        root.body[0].set("id", f"a{text}b")
    except ValueError:  # no tree holds it
        return
    assert [*Selectors((selector, "rule") for selector in selectors).match(root)] == [root.body[0]]
