"""The story of a page in JSON-LD, in the shapes in which sites write it."""

from __future__ import annotations

import json

import pytest

from cleaners.html.json_ld import json_ld_story

PERSON = {"@type": "Person", "@id": "#ina", "name": "Ina Varr"}


def story(*data, addresses=()):
    return json_ld_story([json.dumps(one) for one in data], addresses)


@pytest.mark.parametrize(
    "author",
    [
        "Ina Varr",
        ["Ina Varr"],
        PERSON,
        [[PERSON]],
        {"@id": "#ina"},
        {"@list": "x", "name": ["Ina Varr"]},
        {"name": {"@value": "Ina Varr"}},
        {"@type": "Person", "givenName": "Ina", "familyName": "Varr"},
    ],
    ids=["text", "list", "object", "lists", "reference", "list of names", "value", "two parts"],
)
def test_an_author_is_read_in_any_shape(author):
    found = story({"@graph": [PERSON, {"@type": "NewsArticle", "author": author}]})
    assert (found.authors, found.companies) == (("Ina Varr",), ())


def test_a_reference_may_lead_to_another_script():
    assert story({"@type": "Article", "author": {"@id": "#ina"}}, PERSON).authors == ("Ina Varr",)


def test_a_company_is_told_from_people():
    post = {"@id": "#org", "@type": ["NewsMediaOrganization"], "name": "Quay Post"}
    found = story({"@graph": [{"@type": "Article", "author": [{"@id": "#org"}, PERSON], "publisher": {"@id": "#org"}}, post]})
    assert (found.authors, found.companies, found.publishers) == (("Ina Varr",), ("Quay Post",), ("Quay Post",))


@pytest.mark.parametrize(
    "kind",
    ["NewsArticle", "http://schema.org/BlogPosting", ["Thing", "schema:ReportageNewsArticle"], "LiveBlogPosting", "Report"],
)
def test_all_kinds_of_articles_count(kind):
    assert story({"@type": kind, "datePublished": "2026-05-12"}).published == ("2026-05-12",)


def test_the_article_may_be_inside_the_page():
    page = {"@type": "WebPage", "dateModified": "2026-05-14", "mainEntity": {"@type": "Article", "datePublished": "2026-05-12"}}
    found = story(page)
    assert (found.published, found.updated) == (("2026-05-12",), ("2026-05-14",))  # the page fills the gaps


def test_the_page_stands_in_for_an_article():
    assert story({"@graph": [{"@type": "WebPage", "datePublished": "2026-05-12", "name": "Ferry | Quay"}]}).published == (
        "2026-05-12",
    )


def test_listed_cited_and_commented_works_are_not_the_story():
    other = {"@type": "NewsArticle", "headline": "Other", "datePublished": "2020-01-01"}
    lists = {"@type": "ItemList", "itemListElement": [other]}
    article = {"@type": "Article", "headline": "Own", "datePublished": "2026-05-12", "citation": [other], "comment": [other]}
    assert story(lists, article).titles == ("Own",)
    assert story(lists).published == ()


def test_of_several_articles_the_one_at_the_address_is_the_story():
    def article(name):
        return {"@type": "Article", "headline": name, "mainEntityOfPage": {"@id": f"https://quay.example/{name}/"}}

    found = story([article("a"), article("b")], addresses=["http://quay.example/b#top"])
    assert found.titles == ("b",)
    assert story([article("a"), article("b")]).titles == ("a",)


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "Article", "headline": "Ferry"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "Ferry"}\n//]]>',
        '{"@type": "Article", "headline": "Ferry",}',
        '{"@type": "Article", "headline": "Ferry"};',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Ferry&quot;}",
        '{"@type": "Article",\n "headline": "Fer\try"}',
    ],
)
def test_common_faults_of_scripts_do_no_harm(script):
    assert json_ld_story([script]).titles[0].replace(" ", "") == "Ferry"


@pytest.mark.parametrize(
    "script", ["", "{", "[" * 10_000, "null", "7", '{"@type": "Article", "author": null, "headline": 7.5}']
)
def test_scripts_without_a_story_are_no_error(script):
    assert json_ld_story([script]).authors == ()


def test_entities_in_values_are_read():
    assert story({"@type": "Article", "author": "Maria &amp; Katerina"}).authors == ("Maria & Katerina",)
