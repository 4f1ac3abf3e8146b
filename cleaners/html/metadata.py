"""Metadata in the head of an HTML page: Open Graph and other meta elements, and JSON-LD.

Called by `cleaners.html.reader`.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from lxml import etree

from cleaners.dates import timestamps
from cleaners.document.page import Metadata

MAX_JSON_CHARS = 500_000
MAX_JSON_PARTS = 2_000  # of one script, read without recursion
MAX_CHARS = 400  # of one value
MAX_NESTED = 3  # objects as the name of an object
MAX_NAMES = 50  # authors or tags
MAX_URL_CHARS = 2_000
# The meta elements for each field, the best one first.
TITLES = ("og:title", "twitter:title", "dc.title", "headline")
TIMES = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.created", "parsely-pub-date",
    "sailthru.date", "publish-date", "publication_date", "date", "pubdate",
)  # fmt: skip
SITES = ("og:site_name", "application-name", "publisher")
AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author")
TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
JSON_LD_KEYS = ("headline", "datePublished", "author", "publisher", "keywords")
SITE_SIGNS = (" | ", " – ", " — ", " » ", " :: ", " - ")  # between a title and the name of the site
MAX_SITE_WORDS = 4
HEAD_TAGS = ("base", "link", "meta", "script")
_LANGUAGE = re.compile(r"[a-z]{2}(?=[-_]|$)", re.IGNORECASE | re.ASCII)


def metadata(tree: etree._Element) -> Metadata:
    """Return the metadata of a page's story; fields that the page does not give are empty."""
    elements: dict[str, list[etree._Element]] = {name: [] for name in HEAD_TAGS}
    for element in tree.iter(*HEAD_TAGS):  # one walk for all of them
        elements[element.tag].append(element)
    metas = _metas(elements["meta"])
    article = _json_ld_article(elements["script"])
    times = [*_best(metas, TIMES), *article.get("datePublished", ())]
    published, precision = next((parsed for time in times if (parsed := timestamps.published_time(time))[0]), ("", ""))
    worded = "" if published or not times else times[0]
    authors = [name for name in _best(metas, AUTHORS) if "://" not in name] or article.get("author", [])
    tags = _best(metas, TAGS[:1]) or _split_lists(_best(metas, TAGS)) or _split_lists(article.get("keywords", []))
    sites = [*_best(metas, SITES), *article.get("publisher", ())]
    title = _first(_best(metas, TITLES), article.get("headline"), [" ".join((tree.findtext("head/title") or "").split())])
    title, site = without_site(title[:MAX_CHARS], sites)
    language = _LANGUAGE.match((tree.get("lang") or "").strip())
    return Metadata(
        title=title,
        published=published,
        precision=precision,
        worded=worded,
        source=_first(sites, [site]),
        authors=tuple(dict.fromkeys(authors))[:MAX_NAMES],
        tags=tuple(dict.fromkeys(tags))[:MAX_NAMES],
        language=language[0].lower() if language else "",
        url=_canonical(elements["link"]) or _first(metas.get("og:url")),
        base=next(((element.get("href") or "").strip()[:MAX_URL_CHARS] for element in elements["base"]), ""),
    )


def without_site(title: str, sites: Sequence[str]) -> tuple[str, str]:
    """Return a title without the name of the site behind it, and this name; `sites` are the names that are known.

    Behind a hyphen only a known name is one, as hyphens stand inside titles, too.

    >>> without_site("Swing bridge closes to lorries | Quay Post", [])
    ('Swing bridge closes to lorries', 'Quay Post')
    """
    known = {site.casefold() for site in sites}
    for sign in SITE_SIGNS:
        before, _, name = title.rpartition(sign)
        words = name.split()
        is_name = sign.strip() != "-" and 0 < len(words) <= MAX_SITE_WORDS and all(not word[0].islower() for word in words)
        if len(before) > len(name) and (name.casefold() in known or is_name):
            return without_site(before.strip(), [*sites, name])[0], name
    return title, ""


def _first(*lists: list[str] | None) -> str:
    """Return the first value of several lists, "" for none."""
    return next((value for values in lists for value in values or ()), "")


def _best(metas: dict[str, list[str]], names: Sequence[str]) -> list[str]:
    """Return the values of the first of these meta elements that the page has."""
    return next((metas[name] for name in names if name in metas), [])


def _split_lists(values: list[str]) -> list[str]:
    """Return the items of values that are comma-separated lists."""
    return [item for value in values for item in map(str.strip, value.split(",")) if item]


def _metas(elements: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Return the contents of meta elements by their property or name."""
    metas: dict[str, list[str]] = {}
    for element in elements:
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        value = " ".join((element.get("content") or "").split())
        if name and value and len(value) <= MAX_CHARS:
            metas.setdefault(name, []).append(value)
    return metas


def _canonical(links: Iterable[etree._Element]) -> str:
    """Return the canonical address of a page, "" for none."""
    for element in links:
        address = (element.get("href") or "").strip()
        if (element.get("rel") or "").lower() == "canonical" and address.startswith(("http://", "https://")):
            return address[:MAX_URL_CHARS]
    return ""


def _json_ld_article(scripts: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Return the headline, time, authors, publisher and keywords of the first article in JSON-LD."""
    objects = [item for data in _json_ld(scripts) for item in _objects(data)]
    named = {str(item["@id"]): item for item in reversed(objects) if "@id" in item and len(item) > 1}
    for item in objects:
        kind = item.get("@type")
        if any("Article" in str(name) or name == "BlogPosting" for name in (kind if isinstance(kind, list) else [kind])):
            return {name: _texts(item.get(name), named) for name in JSON_LD_KEYS}
    return {}


def _json_ld(scripts: Iterable[etree._Element]) -> Iterator[object]:
    """Yield the values of the scripts that hold JSON-LD."""
    for element in scripts:
        if "ld+json" not in (element.get("type") or ""):
            continue
        text = (element.text or "").strip().removeprefix("//").strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()
        if len(text) > MAX_JSON_CHARS:
            continue
        with suppress(ValueError, RecursionError):
            yield json.loads(text, strict=False)  # line breaks within values are common


def _objects(data: object) -> Iterator[dict[str, object]]:
    """Yield the objects in JSON, outer ones first."""
    queue = deque([data])
    for _ in range(MAX_JSON_PARTS):
        if not queue:
            return
        part = queue.popleft()
        if isinstance(part, dict):
            yield part
            queue += [value for value in part.values() if isinstance(value, dict | list)]
        elif isinstance(part, list):
            queue += part[:MAX_JSON_PARTS]


def _texts(value: object, named: Mapping[str, dict[str, object]]) -> list[str]:
    """Return the texts of a value: a string itself, the name of an object, and those of each item of a list.

    `named` holds the objects of the page by their `@id`, to which others refer.
    """
    if isinstance(value, list):
        return [text for item in value[:MAX_NAMES] if not isinstance(item, list) for text in _texts(item, named)]
    for _ in range(MAX_NESTED):
        if not isinstance(value, dict):
            break
        value = value.get("name") or named.get(str(value.get("@id")), {}).get("name")
    text = " ".join(value.split())[:MAX_CHARS] if isinstance(value, str) else ""
    return [text] if text else []
