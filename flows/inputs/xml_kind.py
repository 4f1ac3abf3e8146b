"""Recognise files of XML by their root element: feeds, sitemaps, and other documents that are no pages.

Called by `flows.inputs.containers`.
"""

from __future__ import annotations

import re

FEED_ROOTS = ("rss", "feed", "RDF")
# Root elements of documents that are no pages, with or without an XML declaration.
OTHERS = {
    "urlset": "a sitemap, which lists addresses of pages and holds none",
    "sitemapindex": "an index of sitemaps, which holds no page",
    "opml": "a list of feeds (OPML), which holds no page",
    "OpenSearchDescription": "the description of a search, which holds no page",
    "svg": "an SVG image, no page of text or HTML",
}
# Elements of HTML that pages and parts of pages begin with, after an XML declaration.
HTML_ROOTS = frozenset((
    "html", "head", "body", "main", "article", "section", "div", "p", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "nav", "ul", "ol", "table", "blockquote", "pre", "span", "a", "title", "meta",
))  # fmt: skip
HEAD_BYTES = 64 * 1024
RSS_1 = b"purl.org/rss/1.0"
_DECLARATION = re.compile(r"[\ufeff\s]*<\?xml\b")
# Comments, processing instructions and the document type before the root element.
_PROLOG = re.compile(r"(?:\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)*+", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


def root_of(raw: bytes) -> str:
    """Return the name of the root element of an XML document without its prefix, "" for any other file.

    A document without an XML declaration is one only when its root element is known, for pages of HTML look alike.

    >>> root_of(b"<?xml version='1.0'?><!-- a --><rss version='2.0'>"), root_of(b"<urlset>"), root_of(b"<p>A story")
    ('rss', 'urlset', '')
    """
    head = raw[:HEAD_BYTES]
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    text = head.decode("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    prolog = _PROLOG.match(text)
    found = _ROOT.match(text, prolog.end() if prolog else 0)
    name = found[1] if found else ""
    if name == "RDF":
        return name if RSS_1 in head else "RDF (no feed)"
    return name if name in FEED_ROOTS or name in OTHERS or _DECLARATION.match(text) else ""


def why_no_page(root: str) -> str:
    """Return the reason for which an XML document that is no feed is no page, "" for a page of HTML."""
    if not root or root.lower() in HTML_ROOTS:
        return ""
    kind = OTHERS.get(root) or f"an XML document of a kind that dehusk does not read, with the root {root[:80]}"
    return f"the file is {kind}"
