"""Metadata of an HTML page: JSON-LD, then Open Graph and other meta elements, then marked elements of its text.

Called by `cleaners.html.reader`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml import etree

from cleaners.dates import timestamps
from cleaners.document.address import web_address
from cleaners.document.page import MAX_NAMES, Metadata, Precision
from cleaners.html.json_ld import json_ld_story
from cleaners.html.marked import marked_metadata
from cleaners.text.flattened.escapes import unescaped

MAX_CHARS = 400  # of one value
MAX_URL_CHARS = 2_000
# The meta elements for each field, the best one first.
TITLES = ("og:title", "twitter:title", "dc.title", "headline")
TIMES = (
    "article:published_time", "article:published", "datepublished", "og:published_time", "og:article:published_time",
    "og:publish_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "parsely-pub-date",
    "sailthru.date", "publish-date", "publication_date", "publishdate", "published-date", "published_date", "published_at",
    "originalpublicationdate", "citation_online_date", "citation_publication_date", "date", "pubdate", "dc.date",
    "datecreated", "citation_date",
)  # fmt: skip
UPDATED_TIMES = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "last-modified", "lastmod", "modified-date", "modified_time", "revised",
)  # fmt: skip
SITES = ("og:site_name", "application-name", "publisher")
AUTHORS = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "citation_author", "byl",
)  # fmt: skip
TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
SITE_SIGNS = (" | ", " – ", " — ", " » ", " :: ", " - ")  # between a title and the name of the site
MAX_SITE_WORDS = 4
MAX_HEADINGS = 5
HEAD_TAGS = ("base", "link", "meta", "script")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{4}[-_])?([a-z]{2})\b|(?=[-_]|$))", re.IGNORECASE | re.ASCII)


def metadata(tree: etree._Element) -> Metadata:
    """Return the metadata of a page's story; fields that the page does not give are empty."""
    elements: dict[str, list[etree._Element]] = {name: [] for name in HEAD_TAGS}
    for element in tree.iter(*HEAD_TAGS):  # one walk for all of them
        elements[element.tag].append(element)
    metas = _metas(elements["meta"])
    addresses = [address for address in (_canonical(elements["link"]), *metas.get("og:url", ())) if address]
    scripts = [element.text or "" for element in elements["script"] if "ld+json" in (element.get("type") or "")]
    story = json_ld_story(scripts, addresses)
    marked = marked_metadata(tree)
    updates = [*story.updated, *_best(metas, UPDATED_TIMES), *marked.updated]
    updated = _parsed(updates)[0]
    times = [*story.published, *(time for name in TIMES for time in metas.get(name, ())), *marked.published]
    published, precision = _parsed(times, updated)
    tags = _best(metas, TAGS[:1]) or _split_lists(_best(metas, TAGS)) or _split_lists(story.keywords)
    sites = [*_best(metas, SITES), *story.publishers]
    title = _first(_best(metas, TITLES), story.titles, [_line(tree.findtext("head/title"))])
    headings = [" ".join("".join(heading.itertext()).split()) for heading in islice(tree.iter("h1"), MAX_HEADINGS)]
    title, site = without_site(title[:MAX_CHARS], sites, headings)
    language = _LANGUAGE.match((tree.get("lang") or "").strip())
    named = _best({name: values for name, values in metas.items() if "://" not in values[0]}, AUTHORS)
    named = [_turned(name) for name in named] if "citation_author" in metas else named
    authors = story.authors or named or marked.authors
    return Metadata(
        title=title,
        published=published,
        precision=precision,
        worded="" if published else _first(times),
        source=_first(sites, [site]),
        authors=tuple(dict.fromkeys(authors))[:MAX_NAMES],
        tags=tuple(dict.fromkeys(tags))[:MAX_NAMES],
        language=language[1].lower() if language else "",
        companies=story.companies,
        region=(language[2] or "").lower() if language else "",
        url=_first([web for address in addresses if (web := web_address(address))]),
        base=next(((element.get("href") or "").strip()[:MAX_URL_CHARS] for element in elements["base"]), ""),
        updated=updated or _first(updates),
        nearest=_first(marked.times),
    )


def _parsed(times: Iterable[str], updated: str = "") -> tuple[str, Precision]:
    """Return the first of some times that is machine-readable, and its precision.

    Where it is the time of the last change, `updated`, the first earlier one counts instead.
    """
    known = [parsed for time in times if (parsed := timestamps.published_time(time))[0]]
    first = next(iter(known), ("", ""))
    if first[0] and first[0] == updated:
        return next((parsed for parsed in known if parsed[0] < updated), first)
    return first


def _turned(name: str) -> str:
    """Return a name of a catalogue, such as "Varr, Ina", with the family name behind."""
    family, comma, first = name.partition(", ")
    return f"{first} {family}" if comma and "," not in first else name


def without_site(title: str, sites: Sequence[str], headings: Sequence[str] = ()) -> tuple[str, str]:
    """Return a title without the name of the site behind it, and this name; `sites` are the names that are known.

    Behind a hyphen only a known name is one, as hyphens stand inside titles, too. What follows one of the `headings` of the
    page is no part of the title, but not always the name of the site.

    >>> without_site("Swing bridge closes to lorries | Quay Post", [])
    ('Swing bridge closes to lorries', 'Quay Post')
    """
    known = {site.casefold() for site in sites}
    titles = {heading.casefold() for heading in headings if heading}
    for sign in SITE_SIGNS:
        before, _, name = title.rpartition(sign)
        words = name.split()
        is_name = sign.strip() != "-" and 0 < len(words) <= MAX_SITE_WORDS and all(not word[0].islower() for word in words)
        if len(before) > len(name) and (name.casefold() in known or is_name):
            return without_site(before.strip(), [*sites, name], headings)[0], name
        if before.strip().casefold() in titles and title.casefold() not in titles:
            return before.strip(), ""
    return title, ""


def _first(*lists: Sequence[str] | None) -> str:
    """Return the first value of several lists, "" for none."""
    return next((value for values in lists for value in values or ()), "")


def _best(metas: dict[str, list[str]], names: Sequence[str]) -> list[str]:
    """Return the values of the first of these meta elements that the page has."""
    return next((metas[name] for name in names if name in metas), [])


def _split_lists(values: Iterable[str]) -> list[str]:
    """Return the items of values that are comma-separated lists."""
    return [item for value in values for item in map(str.strip, value.split(",")) if item]


def _metas(elements: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Return the contents of meta elements by their property or name."""
    metas: dict[str, list[str]] = {}
    for element in elements:
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        value = _line(element.get("content"))
        if name and value and len(value) <= MAX_CHARS:
            metas.setdefault(name, []).append(value)
    return metas


def _line(value: str | None) -> str:
    """Return a value as one line, without the references of a second escaping."""
    return " ".join(unescaped(value or "").split())


def _canonical(links: Iterable[etree._Element]) -> str:
    """Return the canonical address of a page, "" for none."""
    for element in links:
        if (element.get("rel") or "").lower() == "canonical" and (address := web_address(element.get("href") or "")):
            return address[:MAX_URL_CHARS]
    return ""
