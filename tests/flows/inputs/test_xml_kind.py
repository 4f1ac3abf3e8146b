"""Documents of XML that are no pages are refused by name, and pages of HTML are not."""

from __future__ import annotations

import pytest

from flows.execution.run import run
from flows.inputs.xml_kind import root_of, why_no_page
from flows.options import RunOptions
from tests.flows.execution.test_run import rows

SITEMAP = (
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://quaypost.example/1</loc></url></urlset>'
)
REFUSED = {
    "sitemap": (SITEMAP, "a sitemap"),
    "declared": (b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + SITEMAP, "a sitemap"),
    "index": (b"<sitemapindex><sitemap/></sitemapindex>", "an index of sitemaps"),
    "prefixed": (b'<?xml version="1.0"?><s:urlset xmlns:s="a"/>', "a sitemap"),
    "utf16": (('<?xml version="1.0"?>' + SITEMAP.decode()).encode("utf-16"), "a sitemap"),
    "invoice": (
        b"<?xml version='1.0'?><!DOCTYPE invoice [<!ENTITY a 'b'>]><invoice/>",
        "the root invoice",
    ),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"><text>Ferry</text></svg>', "an SVG image"),
}


@pytest.mark.parametrize("suffix", ["", ".xml", ".txt", ".html", ".php"])
def test_a_run_refuses_them_whatever_the_name(tmp_path, suffix):
    (tmp_path / "pages").mkdir()
    for name, (content, _) in REFUSED.items():
        (tmp_path / "pages" / f"{name}{suffix}").write_bytes(content)
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out")))
    found = {row["path"].removesuffix(suffix): row for row in rows(tmp_path / "out", "quarantine")}
    assert found.keys() == REFUSED.keys()
    for name, row in found.items():
        assert (row["reason"], REFUSED[name][1] in row["detail"]) == ("not-a-page", True)


@pytest.mark.parametrize(
    "page",
    [
        b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "a"><html><body>A.</body></html>',
        b"<?xml version='1.0'?><div><p>A story.</p></div>",
        b"<article><p>A story.</p></article>",
        b"<quay-post><p>A story.</p></quay-post>",
        b"<sarcasm> Well done, the council.",
        b"A story about <rss> and <urlset>.",
        b"",
    ],
)
def test_pages_are_not_refused(page):
    assert why_no_page(root_of(page)) == ""


@pytest.mark.parametrize(
    ("part", "root"),
    [(b"<!--", ""), (b"<?xml ", ""), (b"<!DOCTYPE [", ""), (b"<!--a-->", "urlset"), (b"<?a?>", "urlset"), (b" ", "urlset")],
)
def test_a_long_prolog_is_read_once(part, root):
    assert root_of(b"<?xml?>" + part * (60_000 // len(part)) + b"<urlset>") == root
