"""A grammar of HTML pages: heads, nested, unclosed and torn elements, tables, lists, dialogs, comments, and noise."""

from __future__ import annotations

import html
import json
from random import Random

from tests.fuzz.words import MARKS, NAMES, SOURCES, TITLES, boxes, byline, pick, prose, short, spoilt, time, wordings
from tests.support.html_pages import COMMENTS, FOOTER, HEAD, MENU, RELATED, STORY

BLOCK_TAGS = (
    "p", "p", "p", "div", "div", "div", "article", "section", "main", "aside", "nav", "header", "footer", "ul", "ol",
    "li", "blockquote", "h1", "h2", "h3", "h6", "table", "tr", "td", "th", "tbody", "figure", "figcaption", "form", "dl",
    "dt", "dd", "details", "summary", "dialog", "address", "pre", "noscript", "template", "iframe", "svg", "center",
    "fieldset", "hgroup", "x-card", "title", "body",
)  # fmt: skip
INLINE_TAGS = (
    "a", "a", "span", "b", "em", "time", "cite", "q", "ruby", "rt", "rp", "sup", "code", "button", "label", "i", "font",
    "del", "wbr", "strong", "small", "bdo", "mark", "script", "style", "textarea", "option", "math",
)  # fmt: skip
VOID = (
    "br",
    "hr",
    "img src=a.jpg alt='A crane'",
    "input value=x",
    "meta name=author content=x",
    "link rel=next",
    "!-- x --",
    "?php x ?",
    "base",
)
CLASSES = (
    "article-body", "story", "byline", "author", "date", "related", "most-read", "comments", "comment", "share-bar",
    "newsletter-signup", "cookie-banner", "modal", "paywall", "ad", "promo", "gallery", "caption", "nav", "menu",
    "sidebar", "hidden", "sr-only", "entry-content", "title", "headline", "tags", "breadcrumb", "live-blog", "card",
    "teaser", "timestamp", "x" * 600, "\u0130", "",
)  # fmt: skip
URLS = (
    "https://quaypost.example/a", "/a", "#", "javascript:alert(1)", "JaVaScRiPt:x", "//evil.example", "http://",
    "https://[", "data:text/html,x", "https://quaypost.example/\x1b[31m", "mailto:a@b", " https://quaypost.example/ b ",
    "ftp://x", "https://user:pw@x/", "\ufeffhttps://x",
)  # fmt: skip


def html_page(rng: Random) -> str:
    """Return an HTML page, whole or torn."""
    parts = [
        rng.choice((MENU, STORY, RELATED, COMMENTS, FOOTER, "")) if rng.random() < 0.35 else tree(rng, 3)
        for _ in range(rng.choice((1, 1, 1, 2, 3)))
    ]
    beginning = rng.choice(
        ("<!doctype html><html>", "<html lang=en-GB>", "<!DOCTYPE HTML PUBLIC '-//W3C'><HTML>", "<?xml version='1.0'?><html>")
    )
    page = f"{beginning}<head>{head(rng)}</head><body{attributes(rng)}>{''.join(parts)}</body></html>"
    if rng.random() < 0.3:
        page = spoilt(rng, page)
    if rng.random() < 0.15:
        page = page[: rng.randint(30, len(page))]
    return page


def head(rng: Random) -> str:
    """Return the head of a page: that of a good one, or odd values in all places."""
    if rng.random() < 0.3:
        return HEAD
    values = {name: odd_value(rng) for name in rng.sample(META, rng.randint(0, 6))}
    metas = "".join(
        f'<meta {rng.choice(("property", "name"))}="{name}" content="{html.escape(value)}">' for name, value in values.items()
    )
    data = json.dumps(json_ld(rng, 3), ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.2:
        data = spoilt(rng, data)
    script = f'<script type="application/ld+json">{data}</script>' if rng.random() < 0.6 else ""
    charset = rng.choice(
        ("", "<meta charset=utf-8>", "<meta charset=windows-1252>", "<meta charset=utf-7>", "<meta charset='x'>")
    )
    return f"{charset}<title>{odd_value(rng)}</title>{metas}{script}<link rel=canonical href='{rng.choice(URLS)}'>"


META = (
    "og:title", "og:site_name", "og:url", "og:locale", "article:published_time", "article:modified_time", "article:tag",
    "author", "date", "keywords", "publisher", "citation_author", "twitter:title", "robots", "refresh",
    "parsely-pub-date", "byl",
)  # fmt: skip


def odd_value(rng: Random) -> str:
    value = rng.choice(
        (short, time, byline, lambda r: r.choice(URLS), lambda r: prose(r, 1), lambda r: pick(r, MARKS, TITLES))
    )(rng)
    return spoilt(rng, value) if rng.random() < 0.3 else value


def json_ld(rng: Random, depth: int) -> object:
    """Return a value of JSON-LD: mostly an article, its properties of any type."""
    kind = rng.random()
    if not depth or kind < 0.25:
        return rng.choice((odd_value(rng), None, True, rng.randint(-(10**18), 10**18), 1e308, "", []))
    if kind < 0.4:
        return [json_ld(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    names = (
        "@type", "@id", "@graph", "headline", "name", "datePublished", "dateModified", "author", "publisher", "keywords",
        "url", "articleBody", "mainEntityOfPage", "inLanguage", "itemListElement", "comment", "image", "creator",
        "dateCreated", "sameAs",
    )  # fmt: skip
    found = {name: json_ld(rng, depth - 1) for name in rng.sample(names, rng.randint(1, 6))}
    types = ("NewsArticle", "WebPage", "Person", "Organization", "BlogPosting", "ItemList", "Product", ["Article", "x"], 7)
    return {"@context": "https://schema.org", "@type": rng.choice(types), **found}


def attributes(rng: Random) -> str:
    """Return the attributes of an element, some torn."""
    found = ""
    if rng.random() < 0.35:
        found += f' class="{" ".join(rng.choice(CLASSES) for _ in range(rng.randint(1, 2)))}"'
    if rng.random() < 0.1:
        found += rng.choice((
            f' id="{rng.choice(CLASSES)}"', " hidden", ' style="display:none"',
            ' style="position:absolute;left:-9999px"', " aria-hidden=true", " role=dialog", " role=navigation",
            f' itemprop="{rng.choice(("author", "datePublished", "headline", "articleBody"))}"',
            f' datetime="{odd_value(rng)[:40]}"', " dir=rtl", ' data-x="<p>"', ' title="', " =", f" {rng.choice(MARKS)}",
            " rel=author",
        ))  # fmt: skip
    return found


def tree(rng: Random, depth: int) -> str:
    """Return elements in each other, some without an end, some with the end of another one."""
    if not depth or rng.random() < 0.1:
        return leaf(rng)
    tag = rng.choice(BLOCK_TAGS)
    inner = "".join(tree(rng, depth - 1) for _ in range(rng.choice((1, 1, 2, 2, 3))))
    end = f"</{tag}>" if rng.random() < 0.85 else rng.choice(("", "</p>", "</div>", "</body>", "</", "<", f"</{tag}x>"))
    return f"<{tag}{attributes(rng)}>{inner}{end}"


def leaf(rng: Random) -> str:
    """Return the text of a block with elements in it."""
    kind = rng.random()
    if kind < 0.03:
        return rng.choice(boxes())
    if kind < 0.13:
        return f"<{rng.choice(VOID)}>"
    text = (
        prose(rng, 2)
        if kind < 0.6
        else rng.choice((short, time, byline, lambda r: r.choice(wordings()), lambda r: r.choice(NAMES)))(rng)
    )
    if rng.random() < 0.2:
        text = spoilt(rng, text)
    text = html.escape(text, quote=False) if rng.random() < 0.7 else text
    if kind > 0.5:
        tag = rng.choice(INLINE_TAGS)
        link = f' href="{rng.choice(URLS)}"' if tag == "a" else ""
        text = f"<{tag}{link}{attributes(rng)}>{text}" + f"</{tag}>" * (rng.random() < 0.9)
    return text + rng.choice(("", "", f" {rng.choice(SOURCES)}", "<br>", "<br><br>"))
