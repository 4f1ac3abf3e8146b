"""Metadata in the heads of HTML pages."""

from __future__ import annotations

import json

import pytest

from cleaners.html.reader import html_page
from tests.support.html_pages import ONE, page


def test_json_ld_fills_the_gaps_of_meta_elements():
    about = {
        "@graph": [
            {"@type": "WebSite", "name": "No article"},
            {
                "@type": ["NewsArticle"], "headline": "Old crane to go", "datePublished": "2026-05-12",
                "keywords": "harbour, crane",
                "author": [{"name": "Tobin Marsh"}, {"name": "Joe Hurst"}], "publisher": {"name": "The Quay Post"},
            },
        ]
    }  # fmt: skip
    head = f'<title>x</title><script type="application/ld+json">{json.dumps(about)}</script>'
    metadata = html_page(page(f"<p>{ONE}</p>", head)).metadata
    assert (metadata.title, metadata.source, metadata.authors) == (
        "Old crane to go",
        "The Quay Post",
        ("Tobin Marsh", "Joe Hurst"),
    )
    assert (metadata.published, metadata.precision) == ("2026-05-12T00:00:00Z", "day")
    assert metadata.tags == ("harbour", "crane")


def test_several_authors_and_tags_and_the_language_are_read():
    metas = [
        ("article:tag", "Harbour"),
        ("article:tag", "Cranes, old"),
        ("keywords", "x"),
        ("author", "Tobin Marsh"),
        ("author", "B"),
    ]
    head = "".join(f"<meta name='{name}' content='{value}'>" for name, value in metas)
    metadata = html_page(f"<html lang=en-GB><head>{head}</head><body><p>{ONE}</p></body></html>").metadata
    assert (metadata.tags, metadata.authors, metadata.language) == (("Harbour", "Cranes, old"), ("Tobin Marsh", "B"), "en")


def test_values_that_were_escaped_twice_are_read():
    about = {"@type": "NewsArticle", "headline": "Crane &#8211; what&#039;s next", "publisher": {"name": "Quay &amp;amp; Post"}}
    head = f'<script type="application/ld+json">{json.dumps(about)}</script><meta name="article:tag" content="M&amp;amp;A">'
    metadata = html_page(page(f"<p>{ONE}</p>", head)).metadata
    assert (metadata.title, metadata.source, metadata.tags) == ("Crane – what's next", "Quay & Post", ("M&A",))


def test_line_breaks_in_json_ld_do_no_harm():
    script = '{"@type": "Article",\n "headline": "Old crane\nto go"}'
    metadata = html_page(page(f"<p>{ONE}</p>", f'<script type="application/ld+json">{script}</script>')).metadata
    assert metadata.title == "Old crane to go"


@pytest.mark.parametrize("script", ["{", "[" * 10_000, '{"@type": "Article", "datePublished": 7, "author": null}', ""])
def test_json_ld_without_an_article_is_ignored(script):
    metadata = html_page(page(f"<p>{ONE}</p>", f'<script type="application/ld+json">{script}</script>')).metadata
    assert (metadata.published, metadata.source) == ("", "")


@pytest.mark.parametrize(
    ("time", "published", "precision"),
    [
        ("2026-05-12T09:30:00Z", "2026-05-12T09:30:00Z", "second"),
        ("2026-05-12T09:30:00+0200", "2026-05-12T07:30:00Z", "second"),
        ("2026-05-12 09:30", "2026-05-12T09:30:00Z", "day"),
        ("2026-05-12", "2026-05-12T00:00:00Z", "day"),
        ("Tue, 12 May 2026 09:30:00 +0200", "2026-05-12T07:30:00Z", "second"),
        ("last Tuesday", "", ""),
        ("9999-12-31T23:59:59-12:00", "", ""),
    ],
)
def test_a_time_without_a_zone_is_known_to_the_day(time, published, precision):
    head = f'<meta name="date" content="{time}">'
    metadata = html_page(page(f"<p>{ONE}</p>", head)).metadata
    assert (metadata.published, metadata.precision) == (published, precision)


def test_names_in_json_ld_may_stand_elsewhere_or_deeper():
    parts = [
        {"@type": "Person", "@id": "#p1", "name": "Ada Quay"},
        {"@type": "Organization", "@id": "#o", "name": "Quay Post"},
        {"@type": "NewsArticle", "author": [{"@id": "#p1"}, {"name": {"name": "Tobin Marsh"}}, {"@id": "#gone"}],
         "publisher": {"@id": "#o"}},
    ]  # fmt: skip
    script = json.dumps({"@graph": parts})
    metadata = html_page(page(f"<p>{ONE}</p>", f'<script type="application/ld+json">{script}</script>')).metadata
    assert (metadata.authors, metadata.source) == (("Ada Quay", "Tobin Marsh"), "Quay Post")


@pytest.mark.parametrize(
    ("title", "site", "cut"),
    [
        ("Old crane to go | Quay Post", "", "Old crane to go"),
        ("Old crane to go | Harbour | Quay Post", "", "Old crane to go"),
        ("Old crane to go - Quay Post", "Quay Post", "Old crane to go"),
        ("Old crane to go - Quay Post", "", "Old crane to go - Quay Post"),
        ("Old crane to go – what the board said", "", "Old crane to go – what the board said"),
        ("Quay | Post", "", "Quay | Post"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title, site, cut):
    head = f'<title>{title}</title><meta property="og:site_name" content="{site}">'
    assert html_page(page(f"<p>{ONE}</p>", head)).metadata.title == cut


@pytest.mark.parametrize(
    ("title", "heading", "cut"),
    [
        ("Old crane to go - Harbour and University of Marrowick", "Old crane to go", "Old crane to go"),
        ("Old crane - to go", "", "Old crane - to go"),
        ("Quay Post | Old crane to go", "Old crane to go", "Quay Post | Old crane to go"),
    ],
)
def test_what_follows_the_heading_of_the_page_is_no_part_of_a_title(title, heading, cut):
    html = page(f"<h1>{heading}</h1><p>{ONE}</p>", f"<title>{title}</title>")
    assert html_page(html).metadata.title == cut


def test_published_and_updated_are_told_apart():
    head = (
        '<meta property="article:published_time" content="2026-05-12T09:30:00Z">'
        '<meta property="article:modified_time" content="2026-05-14T09:30:00Z">'
    )
    metadata = html_page(page(f"<p>{ONE}</p>", head)).metadata
    assert (metadata.published, metadata.updated) == ("2026-05-12T09:30:00Z", "2026-05-14T09:30:00Z")


def test_a_time_that_is_that_of_the_last_change_gives_way_to_an_earlier_one():
    script = '{"@type": "Article", "datePublished": "2026-05-14T09:30:00Z", "dateModified": "2026-05-14T09:30:00Z"}'
    meta = '<meta property="article:published_time" content="2026-05-12T09:30:00Z">'
    head = f'<script type="application/ld+json">{script}</script>'
    assert html_page(page(f"<p>{ONE}</p>", head + meta)).metadata.published == "2026-05-12T09:30:00Z"
    assert html_page(page(f"<p>{ONE}</p>", head)).metadata.published == "2026-05-14T09:30:00Z"


def test_authors_of_a_catalogue_have_their_family_name_behind():
    head = '<meta name="citation_author" content="Varr, Ina"><meta name="citation_author" content="Brandt, Ole">'
    assert html_page(page(f"<p>{ONE}</p>", head)).metadata.authors == ("Ina Varr", "Ole Brandt")


@pytest.mark.parametrize(
    ("lang", "language", "region"), [("en-GB", "en", "gb"), ("zh-Hant-TW", "zh", "tw"), ("de", "de", ""), ("english", "", "")]
)
def test_the_region_of_a_language_is_read(lang, language, region):
    metadata = html_page(f"<html lang={lang}><body><p>{ONE}</p></body></html>").metadata
    assert (metadata.language, metadata.region) == (language, region)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "/crane", "file:///crane"])
@pytest.mark.parametrize(
    "head",
    [
        "<meta property='og:url' content='{}'>",
        "<link rel=canonical href='{}'>",
        '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Old crane to go", "url": "{}"}}</script>',
    ],
)
def test_only_an_address_of_the_web_is_the_address_of_a_page(head, address):
    found = html_page(page(f"<h1>Old crane to go</h1><p>{ONE}</p>", head.format(address)))
    assert (found.url, found.metadata.url) == ("", "")
    real = "<meta property='og:url' content='https://quaypost.example/crane'>"
    found = html_page(page(f"<p>{ONE}</p>", head.format(address) + real), url="javascript:alert(1)")
    assert found.url == found.metadata.url == "https://quaypost.example/crane"
