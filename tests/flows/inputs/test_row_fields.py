"""The fields of rows: the forms in which crawlers, feeds and archives write them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import BadPage
from flows.inputs.jsonl import page_of_row
from flows.options import FIELD_NAMES, RowFields

TITLE = "Old crane to go"
TEXT = "The harbour board said on Monday that the old crane would be taken down.\nWork starts in May."
MOMENT = "2024-02-06T18:10:00Z"
NEWSAPI = {
    "source": {"id": None, "name": "Quay Post"}, "author": "Ina Varr", "title": TITLE, "description": "d",
    "url": "https://quaypost.example/crane", "publishedAt": MOMENT, "content": TEXT,
}  # fmt: skip
SCHEMA_ORG = {
    "@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT, "datePublished": MOMENT,
    "dateModified": "2024-02-09T18:10:00Z", "author": [{"@type": "Person", "name": "Ina Varr"}],
    "publisher": {"@type": "Organization", "name": "Quay Post"},
    "url": "https://quaypost.example/crane", "inLanguage": "en-GB",
}  # fmt: skip
FIRECRAWL = {
    "markdown": TEXT,
    "metadata": {
        "title": TITLE, "sourceURL": "https://quaypost.example/crane", "publishedTime": MOMENT, "author": "Ina Varr",
        "og:site_name": "Quay Post", "language": "en",
    },
}  # fmt: skip
CRAWL4AI = {
    "url": "https://quaypost.example/crane", "markdown": {"raw_markdown": "x", "fit_markdown": TEXT},
    "metadata": {"title": TITLE, "author": "Ina Varr", "og:site_name": "Quay Post", "article:published_time": MOMENT},
}  # fmt: skip
NEWS_PLEASE = {
    "authors": ["Ina Varr"], "date_download": "2024-02-07 09:00:00", "date_modify": None, "date_publish": MOMENT,
    "title": TITLE, "language": "en", "maintext": TEXT, "source_domain": "quaypost.example", "url": "https://quaypost.example/crane",
    "sitename": "Quay Post",
}  # fmt: skip
MEDIA_CLOUD = {
    "article_title": TITLE, "text_content": TEXT, "publication_date": MOMENT, "original_url": "https://quaypost.example/crane",
    "media_name": "Quay Post", "authors": ["Ina Varr"], "indexed_date": "2024-02-08T00:00:00Z", "language": "en",
}  # fmt: skip
ELASTIC = {"_index": "news", "_source": {"title": [TITLE], "maintext": TEXT, "authors": ["Ina Varr"], "date_publish": MOMENT,
           "url": "https://quaypost.example/crane", "sitename": "Quay Post"}}  # fmt: skip
DATATROVE = {
    "text": TEXT, "id": "<urn:uuid:1>", "metadata": {
        "url": "https://quaypost.example/crane", "date": "2024-02-07T09:00:00Z", "dump": "CC-MAIN-2024-10", "title": TITLE,
        "author": "Ina Varr", "hostname": "quaypost.example", "sitename": "Quay Post", "publish_date": MOMENT,
    },
}  # fmt: skip
MONGODB = {
    "_id": {"$oid": "65c2"}, "title": TITLE, "content": TEXT, "link": "https://quaypost.example/crane",
    "creator": {"name": "Ina Varr"}, "publishedAt": {"$date": MOMENT}, "site_name": "Quay Post",
}  # fmt: skip
WORDPRESS = {
    "id": 7, "date": "2024-02-06T19:10:00", "date_gmt": MOMENT, "link": "https://quaypost.example/crane", "type": "post",
    "title": {"rendered": "Old <em>crane</em> to go"}, "content": {"rendered": TEXT, "protected": False},
    "author_name": "Ina Varr", "guid": {"rendered": "https://quaypost.example/?p=7"}, "site_name": "Quay Post",
}  # fmt: skip
EVENT_REGISTRY = {
    "uri": "7911", "lang": "eng", "date": "2024-02-06", "time": "18:10:00", "dateTimePub": MOMENT, "title": TITLE, "body": TEXT,
    "url": "https://quaypost.example/crane", "source": {"uri": "quaypost.example", "title": "Quay Post"},
    "authors": [{"uri": "ina@quaypost.example", "name": "Ina Varr", "type": "author"}],
}  # fmt: skip
SCRAPY = {
    "title": [TITLE], "body": TEXT.split("\n"), "url": "https://quaypost.example/crane", "author": ["Ina Varr"],
    "site_name": "Quay Post", "published": 1707243000,
}  # fmt: skip


def page(row, **fields):
    return page_of_row(json.dumps(row).encode(), "a.jsonl#0", RowFields(**fields))


@pytest.mark.parametrize(
    "row",
    [
        NEWSAPI,
        SCHEMA_ORG,
        FIRECRAWL,
        CRAWL4AI,
        NEWS_PLEASE,
        MEDIA_CLOUD,
        SCRAPY,
        ELASTIC,
        DATATROVE,
        MONGODB,
        WORDPRESS,
        EVENT_REGISTRY,
        {"data": FIRECRAWL},
    ],
    ids=lambda row: ",".join(row)[:30],
)
def test_rows_of_known_tools_are_read_whole(row):
    found = page(row)
    head = found.metadata
    assert (found.text, found.url, head.title, head.authors) == (TEXT, "https://quaypost.example/crane", TITLE, ("Ina Varr",))
    assert (head.source, head.published, head.precision, head.worded) == ("Quay Post", "2024-02-06T18:10:00Z", "second", "")


def test_the_time_of_a_change_is_not_the_time_of_publication():
    assert page({"text": TEXT, "dateModified": MOMENT, "updated_at": MOMENT}).metadata.published == ""


def test_an_option_names_each_field():
    row = {"t": TEXT, "heading": TITLE, "by": "Ina Varr", "when": MOMENT, "paper": "Quay Post", "topics": "a;b", "tongue": "en"}
    names = {"title": "heading", "author": "by", "published": "when", "source": "paper", "tags": "topics", "language": "tongue"}
    head = page(row, text="t", **names).metadata
    assert (head.title, head.authors, head.published, head.source) == (TITLE, ("Ina Varr",), MOMENT, "Quay Post")
    assert (head.tags, head.language) == (("a", "b"), "en")


@pytest.mark.parametrize(
    ("content", "media", "start"),
    [
        ("<p>One.</p><p>Two.</p>", "html", "<p>One"),
        ("1 < 2 and 3 > 2", "", "1 <"),
        ("The &ldquo;quay&rdquo; &amp; more", "", "The &ldquo;quay&rdquo; &amp; more"),  # the ledger counts these characters
    ],
)
def test_content_is_read_as_what_it_is(content, media, start):
    found = page({"content": content})
    assert (found.media, found.text[: len(start)]) == (media, start)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            {"text": None, "html": None, "title": TITLE},
            "the row's field 'text' is null and 'html' is null; its fields: text (null)",
        ),
        ({"metadata": {"content": None}}, "the row's field 'metadata.content' is null"),
        ({"text": 7, "title": TITLE}, "'text' holds a number, not a text; its fields: text, title; name the field"),
        ({"content": [1, 2.5]}, "'content' holds a list of numbers, not a text"),
        ({"content": ["One.", {"b": 1}]}, "'content' holds a list of objects and texts, not a text"),
        ({"content": {"a": 1, "b": None}}, "'content' holds an object with the fields a, b (null), not a text"),
        ({"content": {}}, "'content' holds an empty object"),
        ({"text": True}, "'text' holds true or false, not a text"),
        ({"html": 7}, "'html' holds a number"),
        ({"story": TEXT}, "no text or HTML under a usual name, but: story; name the field with --text-field"),
        ({}, "the row is empty"),
    ],
)
def test_a_row_without_text_says_why(row, says):
    with pytest.raises(BadPage) as problem:
        page(row)
    assert says in problem.value.detail


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "@id", "url", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FIELD_NAMES, "content", "metadata", "data"]), _JSON, max_size=6))
def test_any_row_is_a_page_or_bad(row):
    try:
        assert isinstance(page(row).text, str)
    except BadPage as problem:
        assert problem.reason == "row"
