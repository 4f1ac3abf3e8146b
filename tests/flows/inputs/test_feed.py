"""Feeds of every kind are read item by item, and hostile ones do no harm."""

from __future__ import annotations

import pytest

from flows.execution.run import run
from flows.inputs import feed
from flows.inputs.feed import read_feed
from flows.inputs.raw_page import UnreadablePage, page_of
from flows.options import RunOptions
from tests.flows.execution.test_run import rows

STORY = "The night ferry is back after eleven weeks, and the first boat left the quay with forty people on board."
RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Quay Post - Local</title><link>https://quaypost.example</link><language>en-GB</language>{items}</channel></rss>"""
FULL = f"""<item><title>Ferry &amp; crane</title><link>https://quaypost.example/1</link><dc:creator>Ina Varr</dc:creator>
<category>Harbour</category><pubDate>Tue, 06 Feb 2024 18:10:00 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{STORY}</p><p>Nobody waved.</p>]]></content:encoded></item>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Latest news</title><entry><title>Ferry returns</title>
<link rel="alternate" href="https://quaypost.example/2"/><author><name>Ole Brandt</name></author>
<published>2024-02-06</published><source><title>The Tarn Echo</title></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{STORY}</p></div></content></entry></feed>"""
RSS_1 = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="a"><title>x</title></channel><item rdf:about="b"><title>Ferry returns</title>
<link>https://quaypost.example/3</link><description>{STORY}</description></item></rdf:RDF>"""
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lolol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b'<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>Ferry</title>'
    b"<description>&j; and &x;.</description></item></channel></rss>"
)


def pages(feed: str | bytes, encoding: str = "utf-8"):
    return list(read_feed(feed.encode(encoding) if isinstance(feed, str) else feed, "a.xml"))


def test_an_item_has_the_fields_of_its_feed():
    (page,) = pages(RSS.format(encoding="utf-8", items=FULL))
    assert (page.name, page.url, page.media) == ("a.xml#0", "https://quaypost.example/1", "html")
    head = page.metadata
    assert (head.title, head.source, head.authors, head.tags) == ("Ferry & crane", "Quay Post", ("Ina Varr",), ("Harbour",))
    assert (head.published, head.precision, head.language) == ("2024-02-06T17:10:00Z", "second", "en")
    assert page_of(page).text == f"{STORY}\nNobody waved."


def test_atom_names_the_feed_of_origin():
    (page,) = pages(ATOM)
    assert (page.metadata.source, page.metadata.authors) == ("The Tarn Echo", ("Ole Brandt",))
    assert (page.metadata.published[:10], page.metadata.precision) == ("2024-02-06", "day")
    assert page_of(page).text == STORY


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<title>T</title><description>First line.&lt;br&gt;Second line.</description>", "First line.\nSecond line."),
        ("<title>T</title><description>Salt &amp;amp; pepper, 3 &amp;lt; 4</description>", "Salt & pepper, 3 < 4"),
        ("<title>Only a title</title><link>https://quaypost.example/4</link>", "Only a title"),
        ("<title>T</title><description>  </description>", "T"),
    ],
)
def test_the_summary_is_the_text_of_an_item_without_content(item, text):
    (page,) = pages(RSS.format(encoding="utf-8", items=f"<item>{item}</item>"))
    assert page_of(page).text == text


def test_a_section_of_a_site_is_no_publisher():
    (page,) = pages(ATOM.replace("<source><title>The Tarn Echo</title></source>", ""))
    assert page.metadata.source == ""


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "iso-8859-1"])
def test_a_feed_is_read_in_its_encoding(encoding):
    (page,) = pages(RSS.format(encoding=encoding, items=FULL.replace("Ina Varr", "Zoë Å")), encoding)
    assert page.metadata.authors == ("Zoë Å",)


def test_a_feed_that_was_cut_off_keeps_its_whole_items():
    found = pages(RSS.format(encoding="utf-8", items=FULL * 2)[:-300])
    assert [page.name for page in found] == ["a.xml#0", "a.xml#1"]
    assert page_of(found[0]).text == f"{STORY}\nNobody waved."


@pytest.mark.parametrize("feed", ['<rss version="2.0"><channel/></rss>', "<rss><channel><item></item></channel></rss>"])
def test_a_feed_without_text_is_unreadable(feed):
    (page,) = pages(feed)
    assert isinstance(page, UnreadablePage)
    assert "feed" in str(page.problem)


def test_entities_are_neither_expanded_nor_fetched():
    (page,) = pages(BOMB)
    assert "lolol" not in page.text
    assert "root:" not in page.text


@pytest.mark.parametrize("name", ["feed.xml", "feed", "feed.php", "feed.txt"])
@pytest.mark.parametrize("feed", [RSS.format(encoding="utf-8", items=FULL + FULL.replace("/1", "/5")), ATOM, RSS_1])
def test_a_run_makes_a_record_of_each_item_whatever_the_name_of_the_file(tmp_path, name, feed):
    (tmp_path / name).write_text(feed, encoding="utf-8")
    run(RunOptions((str(tmp_path / name),), str(tmp_path / "out")))
    records = rows(tmp_path / "out", "records")
    assert [record["page"]["path"] for record in records] == [f"{name}#{i}" for i in range(feed.count(STORY))]
    assert all(STORY in record["text"] and record["url"].startswith("https://quaypost.example/") for record in records)


@pytest.mark.parametrize("reference", ["&#55296;", "&#xDFFF", "&#1114112;", "&#x110000;", f"&#{'9' * 40};", f"&#x{'f' * 40};"])
@pytest.mark.parametrize("end", ["</rss>", ""])  # well-formed but for the reference, and broken
def test_a_reference_to_no_character_leaves_the_rest_of_a_feed(reference, end):
    item = f"<item><title>Ferry {reference}</title><description>{STORY} &#8211; {reference}</description></item>"
    (page,) = pages(RSS.format(encoding="utf-8", items=item).replace("</rss>", end))
    assert page_of(page).text == f"{STORY} – \ufffd"
    assert page.metadata.title == "Ferry \ufffd"


def test_a_feed_with_one_in_another_encoding_is_refused_with_a_reason():
    (page,) = pages(RSS.format(encoding="utf-16", items="<item><title>Ferry &#55296;</title></item>"), "utf-16")
    assert isinstance(page, UnreadablePage)
    assert page.problem.reason == "undecodable"


def test_a_feed_of_tags_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(feed, "MAX_TAGS", 1_000)
    (page,) = read_feed(b"<rss><channel>" + b"<a>" * 1_000, "a.xml")
    assert page.problem.reason == "too-large"
