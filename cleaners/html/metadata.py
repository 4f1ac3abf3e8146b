"""Read what an HTML page says of itself in its head: Open Graph and other meta elements, and JSON-LD."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from cleaners.dates import timestamps as moment
from cleaners.document.page import Metadata

MAX_JSON_CHARS = 500_000
MAX_JSON_PARTS = 2_000  # of one script, looked at without recursion
MAX_CHARS = 400  # of one value
MAX_NAMES = 50  # authors or tags
TITLES = ("og:title", "twitter:title", "dc.title", "headline")
TIMES = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.created", "parsely-pub-date",
    "sailthru.date", "publish-date", "publication_date", "date", "pubdate",
)  # fmt: skip
SITES = ("og:site_name", "application-name", "publisher")
AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author")
LINKED = ("headline", "datePublished", "author", "publisher", "keywords")
TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
TELLING = ("base", "link", "meta", "script")  # elements
_LANGUAGE = re.compile(r"[a-z]{2}(?=[-_]|$)", re.IGNORECASE | re.ASCII)


def metadata(tree: etree._Element) -> Metadata:
    """Return what the head of a page says of its story; what it does not say is empty."""
    telling: dict[str, list[etree._Element]] = {name: [] for name in TELLING}
    for element in tree.iter(*TELLING):  # one walk for all of them
        telling[element.tag].append(element)
    said = _metas(telling["meta"])
    linked = _json_ld(telling["script"])
    times = [*_all(said, TIMES), *linked.get("datePublished", ())]
    published, precision = next((found for time in times if (found := moment.published_time(time))[0]), ("", ""))
    authors = [name for name in _all(said, AUTHORS) if "://" not in name] or linked.get("author", [])
    tags = _all(said, TAGS[:1]) or _listed(_all(said, TAGS)) or _listed(linked.get("keywords", []))
    head_title = " ".join((tree.findtext("head/title") or "").split())[:MAX_CHARS]
    language = _LANGUAGE.match((tree.get("lang") or "").strip())
    return Metadata(
        title=_first(_all(said, TITLES), linked.get("headline"), [head_title]),
        published=published,
        precision=precision,
        source=_first(_all(said, SITES), linked.get("publisher")),
        authors=tuple(dict.fromkeys(authors))[:MAX_NAMES],
        tags=tuple(dict.fromkeys(tags))[:MAX_NAMES],
        language=language[0].lower() if language else "",
        url=_canonical(telling["link"]) or _first(said.get("og:url")),
        base=next(((element.get("href") or "").strip()[:2_000] for element in telling["base"]), ""),
    )


def _first(*values: list[str] | None) -> str:
    """Return the first value of several lists."""
    return next((value for found in values for value in found or ()), "")


def _all(said: dict[str, list[str]], names: Sequence[str]) -> list[str]:
    """Return the values of the first of those meta elements that the page has."""
    return next((said[name] for name in names if name in said), [])


def _listed(values: list[str]) -> list[str]:
    """Return the parts of values that are lists in one line."""
    return [part for value in values for part in map(str.strip, value.split(",")) if part]


def _metas(elements: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Return the values of each meta element by its property or name."""
    said: dict[str, list[str]] = {}
    for element in elements:
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        value = " ".join((element.get("content") or "").split())
        if name and value and len(value) <= MAX_CHARS:
            said.setdefault(name, []).append(value)
    return said


def _canonical(links: Iterable[etree._Element]) -> str:
    for element in links:
        address = (element.get("href") or "").strip()
        if (element.get("rel") or "").lower() == "canonical" and address.startswith(("http://", "https://")):
            return address[:2_000]
    return ""


def _json_ld(scripts: Iterable[etree._Element]) -> dict[str, list[str]]:
    """Return the headline, time, authors, publisher and keywords of the first article that JSON-LD describes."""
    for element in scripts:
        if "ld+json" not in (element.get("type") or ""):
            continue
        text = (element.text or "").strip().removeprefix("//").strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()
        if len(text) > MAX_JSON_CHARS:
            continue
        try:
            thing = json.loads(text, strict=False)  # line breaks within values are common
        except (ValueError, RecursionError):
            continue  # not JSON: nothing is said
        for part in _parts(thing):
            kind = part.get("@type")
            if any("Article" in str(name) or name == "BlogPosting" for name in (kind if isinstance(kind, list) else [kind])):
                return {name: _names(part.get(name)) for name in LINKED}
    return {}


def _parts(thing: object) -> Iterator[dict[str, object]]:
    """Yield the objects in JSON, outer ones first."""
    todo = deque([thing])
    for _ in range(MAX_JSON_PARTS):
        if not todo:
            return
        part = todo.popleft()
        if isinstance(part, dict):
            yield part
            todo += [value for value in part.values() if isinstance(value, dict | list)]
        elif isinstance(part, list):
            todo += part[:MAX_JSON_PARTS]


def _names(value: object) -> list[str]:
    """Return a value as texts: itself, its name, or those of several."""
    if isinstance(value, list):
        return [name for part in value[:MAX_NAMES] if not isinstance(part, list) for name in _names(part)]
    if isinstance(value, dict):
        value = value.get("name")
    text = " ".join(value.split())[:MAX_CHARS] if isinstance(value, str) else ""
    return [text] if text else []
