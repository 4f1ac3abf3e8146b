"""Addresses that are none of the web reach no record, by whatever door they come in."""

from __future__ import annotations

import json
import re

import pytest

from flows.execution.run import run
from flows.options import RunOptions
from tests.flows.execution.test_run import rows
from tests.support.warcs import http, record

SAID = "The harbour board said on Monday that the old crane would be taken down within the month."
LONG = "https://quaypost.example/" + "a" * 1_000_000
ADDRESSES = (
    "javascript:alert(1)//https://quaypost.example/", " \x01javascript:alert(1)", "java\tscript:alert(1)",
    "JAVASCRIPT:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "ftp://quaypost.example/a",
    "vbscript:x", "http:", "https://", "https:///etc", "//quaypost.example/a", "javascript://quaypost.example/%0aalert(1)",
    "view-source:https://quaypost.example", LONG, "https://quaypost.example/\x1b[2J\x9b2J\x7f\u202ea\u2066\u200b",
    "https://quaypost.example/\ud800", "https://[::1", "\ud800",
)  # fmt: skip
WEB = re.compile(r"https?://[^\s/?#][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*")


def html(head: str = "", link: str = "/a") -> str:
    """Return a page with its head, and with links to other stories."""
    others = "".join(f'<li><h3><a href="{link}">Ferry number {i} is back at the old quay today</a></h3></li>' for i in range(6))
    return (f"<html><head>{head}</head><body><article><h1>Old crane to go</h1><p>{SAID}</p><p>{SAID} It was late.</p></article>"
            f"<h2>Read more</h2><ul>{others}</ul></body></html>")  # fmt: skip


def quoted(address: str) -> str:
    return address.replace("&", "&amp;").replace('"', "&quot;").encode("utf-8", "replace").decode()


DOORS = {
    "row": lambda address: (".jsonl", json.dumps({"text": f"Old crane to go\n{SAID}", "url": address})),
    "html row": lambda address: (".jsonl", json.dumps({"html": html(), "url": address, "link": address})),
    "nested row": lambda address: (".jsonl", json.dumps({"text": SAID, "metadata": {"url": address, "source_url": address}})),
    "archive": lambda address: (".warc", record(re.sub(r"[\r\n]", "", quoted(address)), http(html().encode())).decode()),
    "feed": lambda address: (
        ".xml", f"<rss><channel><link>{_xml(address)}</link><item><title>Old crane</title><link>{_xml(address)}</link>"
        f"<guid>{_xml(address)}</guid><description>{SAID}</description></item></channel></rss>",
    ),
    "saved page": lambda address: (
        ".mhtml", f"MIME-Version: 1.0\r\nSnapshot-Content-Location: {quoted(address)}\r\n"
        f"Content-Location: {quoted(address)}\r\nContent-Type: text/html\r\n\r\n{html()}",
    ),
    "canonical": lambda address: (".html", html(f'<link rel="canonical" href="{quoted(address)}">')),
    "og:url": lambda address: (".html", html(f'<meta property="og:url" content="{quoted(address)}">')),
    "JSON-LD": lambda address: (
        ".html", html('<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": "Old crane", "url": address, "@id": address,
                      "mainEntityOfPage": {"@id": address}}).replace("<", "\\u003c") + "</script>"),
    ),
    "base": lambda address: (".html", html(f'<base href="{quoted(address)}"><link rel=canonical href="https://quaypost.example/">')),
    "link": lambda address: (".html", html('<link rel=canonical href="https://quaypost.example/">', quoted(address))),
    "marked": lambda address: (
        ".md", f"# Old crane to go\n\n{SAID}\n\n## [Ferry is back at the quay]({quoted(address)})\n\n{SAID}\n",
    ),
}  # fmt: skip


def _xml(address: str) -> str:
    return re.sub(r"[\x00-\x08\x1b]", "", quoted(address)).replace("<", "&lt;")


@pytest.mark.parametrize("door", DOORS)
def test_no_address_but_one_of_the_web_reaches_a_record(door, tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, address in enumerate((*ADDRESSES, "https://quaypost.example/crane")):
        suffix, content = DOORS[door](address)
        (pages / f"{number:02}{suffix}").write_text(content, newline="")
    summary = run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1))
    assert "defect" not in summary.counts.quarantined
    found = rows(tmp_path / "out", "records")
    urls = {row["url"] for row in found} | {row["page"]["url"] for row in found}
    assert [url for url in urls if url and not (WEB.fullmatch(url) and len(url) < 10_000)] == []
    assert len({row["page"]["path"].split(".")[0] for row in found}) >= len(ADDRESSES)


def test_no_address_but_one_of_the_web_comes_from_a_sidecar(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, address in enumerate(ADDRESSES):
        (pages / f"{number:02}.txt").write_text(f"Old crane to go\n{SAID}")
        (pages / f"{number:02}.txt.json").write_text(json.dumps({"url": address}))
    summary = run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1, captured_at="sidecar"))
    assert "defect" not in summary.counts.quarantined
    urls = {row["page"]["url"] for row in rows(tmp_path / "out", "records")}
    assert all(WEB.fullmatch(url) and len(url) < 10_000 for url in urls - {""})


@pytest.mark.parametrize("field", ["title", "author", "source", "tags", "category", "published", "language", "description"])
def test_half_a_surrogate_pair_in_a_field_costs_no_page(field, tmp_path):
    value = ["Ada \ud800 Quay"] if field in ("author", "tags") else "Ada \ud800 Quay"
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": f"Old crane to go\n{SAID}", field: value}))
    summary = run(RunOptions((str(tmp_path / "a.jsonl"),), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, summary.counts.quarantined) == (1, {})
