"""Read what an HTML page says of itself in its head: Open Graph and other meta elements, and JSON-LD."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec
from lxml import etree

from cleaners import moment
from cleaners.page import Metadata

MAX_JSON_CHARS = 500_000
MAX_JSON_PARTS = 2_000  # of one script, looked at without recursion
MAX_CHARS = 400  # of one value
TITLES = ("og:title", "twitter:title", "dc.title", "headline")
TIMES = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.created", "parsely-pub-date",
    "sailthru.date", "publish-date", "publication_date", "date", "pubdate",
)  # fmt: skip
SITES = ("og:site_name", "application-name", "publisher")
AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author")


def metadata(tree: etree._Element) -> Metadata:
    """Return what the head of a page says of its story; what it does not say is empty."""
    said = _metas(tree)
    linked = _json_ld(tree)
    title = next((said[name] for name in TITLES if name in said), "") or linked.get("headline", "")
    head_title = tree.findtext("head/title") or ""
    times = [*(said[name] for name in TIMES if name in said), linked.get("datePublished", "")]
    published, precision = next((found for time in times if (found := moment.published(time))[0]), ("", ""))
    author = next((said[name] for name in AUTHORS if name in said and "://" not in said[name]), "") or linked.get("author", "")
    return Metadata(
        title=title or " ".join(head_title.split())[:MAX_CHARS],
        published=published,
        precision=precision,
        source=next((said[name] for name in SITES if name in said), "") or linked.get("publisher", ""),
        author=author,
        url=_canonical(tree) or said.get("og:url", ""),
        base=next(((element.get("href") or "").strip()[:2_000] for element in tree.iter("base")), ""),
    )


def _metas(tree: etree._Element) -> dict[str, str]:
    """Return the first value of each meta element by its property or name."""
    said: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        value = " ".join((element.get("content") or "").split())
        if name and value and len(value) <= MAX_CHARS:
            said.setdefault(name, value)
    return said


def _canonical(tree: etree._Element) -> str:
    for element in tree.iter("link"):
        address = (element.get("href") or "").strip()
        if (element.get("rel") or "").lower() == "canonical" and address.startswith(("http://", "https://")):
            return address[:2_000]
    return ""


def _json_ld(tree: etree._Element) -> dict[str, str]:
    """Return the headline, time, author and publisher of the first article that JSON-LD describes."""
    for element in tree.iter("script"):
        text = (element.text or "").strip().removeprefix("//").strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()
        if "ld+json" not in (element.get("type") or "") or len(text) > MAX_JSON_CHARS:
            continue
        try:
            thing = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            continue  # not JSON: nothing is said
        for part in _parts(thing):
            kind = part.get("@type")
            if any("Article" in str(name) or name == "BlogPosting" for name in (kind if isinstance(kind, list) else [kind])):
                values = {name: _name(part.get(name)) for name in ("headline", "datePublished", "author", "publisher")}
                return {name: value for name, value in values.items() if value}
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


def _name(value: object) -> str:
    """Return a value as text: itself, its name, or those of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:10])))[:MAX_CHARS]
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split())[:MAX_CHARS] if isinstance(value, str) else ""
