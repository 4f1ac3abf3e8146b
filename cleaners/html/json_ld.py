"""Read the story of a page out of its JSON-LD (schema.org): an article, in any nesting, else the page itself.

Called by `cleaners.html.metadata`.
"""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaners.document.page import MAX_NAMES
from cleaners.text.flattened.escapes import unescaped

MAX_JSON_CHARS = 500_000
MAX_JSON_PARTS = 2_000  # of one script, read without recursion
MAX_CHARS = 400  # of one value
MAX_NESTED = 3  # objects as the name of an object
STORY_TYPES = frozenset((
    "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report", "Recipe", "HowTo", "Reportage",
))  # fmt: skip
COMPANY_TYPES = ("Organization", "Corporation", "Company", "Brand", "WebSite")  # the endings of their names
# The properties that lead from a story to other works: to those that it lists, cites or is a part of, and to its comments.
OTHER_WORKS = frozenset((
    "itemlistelement", "haspart", "ispartof", "comment", "review", "mentions", "about", "citation", "isbasedon", "relatedlink",
    "subjectof", "liveblogupdate", "video", "image", "workexample", "translationofwork", "sharedcontent",
))  # fmt: skip
_OPENING_MARKS, _CLOSING_MARKS = ("//", "<!--", "<![CDATA["), (";", "-->", "]]>", "//")
_LATE_COMMA = re.compile(r",(?=\s*[}\]])")
JsonObject = Mapping[str, object]


class JsonLdStory(NamedTuple):
    """The values of a story, as JSON-LD words them; `companies` are those authors that it calls organisations."""

    titles: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def json_ld_story(scripts: Iterable[str], addresses: Collection[str] = ()) -> JsonLdStory:
    """Return the story that the texts of JSON-LD scripts describe; `addresses` are those that the page gives as its own.

    Of several articles, the one with the address of the page is its story, else the first one. The description of the page
    fills the gaps.
    """
    objects: list[JsonObject] = []
    named: dict[str, JsonObject] = {}
    for script in scripts:
        for item, is_other in _objects(_parsed(script)):
            if "@id" in item and len(item) > len(named.get(str(item["@id"]), {"@id": ""})):
                named[str(item["@id"])] = item
            if not is_other:
                objects.append(item)
    articles = [item for item in objects if any("Article" in kind or kind in STORY_TYPES for kind in _types(item))]
    pages = [item for item in objects if any(kind.endswith("WebPage") or kind == "ItemPage" for kind in _types(item))]
    known = {_plain_address(address) for address in addresses}
    own = next((item for item in articles if not known.isdisjoint(_addresses(item))), articles[0] if articles else None)
    works = [*([own] if own is not None else ()), *pages[:1]]
    authors = _first_of(works, ("author", "creator"))
    people = [author for author in authors if not _is_company(author, named)]
    companies = [author for author in authors if _is_company(author, named)]
    return JsonLdStory(
        titles=texts([item.get("headline") or item.get("name") for item in works[: own is not None]]),
        published=texts(_first_of(works, ("datePublished",)) or _first_of(works, ("dateCreated",))),
        updated=texts(_first_of(works, ("dateModified",))),
        authors=texts(people, named),
        companies=texts(companies, named),
        publishers=texts(_first_of(works, ("publisher", "sourceOrganization")), named),
        keywords=texts(_first_of(works[: own is not None], ("keywords",)), named),
    )


def texts(value: object, named: Mapping[str, JsonObject] | None = None, depth: int = 0) -> tuple[str, ...]:
    """Return the texts of a value: a string itself, the name of an object, and those of each item of a list.

    `named` holds the objects of the page by their `@id`, to which others refer.
    """
    if isinstance(value, list):
        inner = value[:MAX_NAMES] if depth < MAX_NESTED else []
        return tuple(text for item in inner for text in texts(item, named, depth + 1))
    for _ in range(MAX_NESTED):
        if not isinstance(value, dict):
            break
        value = _name(value) or _name((named or {}).get(str(value.get("@id")), {}))
        if isinstance(value, list):
            return texts(value, named, depth + 1) if depth < MAX_NESTED else ()
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    text = " ".join(unescaped(value).split())[:MAX_CHARS] if isinstance(value, str) else ""
    return (text,) if text else ()


def _name(item: JsonObject) -> object:
    """Return the name of an object, in one part or in two, or its literal value."""
    name = item.get("name") or item.get("@value")
    parts = [item.get("givenName"), item.get("familyName")]
    return name or " ".join([part for part in parts if isinstance(part, str)])


def _first_of(works: Sequence[JsonObject], names: Sequence[str]) -> list[object]:
    """Return the values of the first of some properties that one of the works has, as a flat list."""
    for item in works:
        for name in names:
            if value := item.get(name):
                return _flat(value)
    return []


def _flat(value: object, depth: int = 0) -> list[object]:
    """Return a value, or those of a list in a list."""
    if not isinstance(value, list):
        return [value]
    return [part for inner in value[:MAX_NAMES] for part in _flat(inner, depth + 1)] if depth < MAX_NESTED else []


def _is_company(author: object, named: Mapping[str, JsonObject]) -> bool:
    """Return whether an author is an organisation, by its type or that of the object to which it refers."""
    if not isinstance(author, dict):
        return False
    return any(kind.endswith(COMPANY_TYPES) for kind in _types(author) or _types(named.get(str(author.get("@id")), {})))


def _types(item: JsonObject) -> list[str]:
    """Return the types of an object without the address of their vocabulary."""
    kind = item.get("@type")
    return [re.split(r"[/#:]", str(name))[-1] for name in (kind if isinstance(kind, list) else [kind] if kind else [])]


def _addresses(item: JsonObject) -> set[str]:
    """Return the addresses of a work."""
    values = [item.get("url"), item.get("@id"), item.get("mainEntityOfPage")]
    values += [value.get(name) for value in values if isinstance(value, dict) for name in ("@id", "url")]
    return {_plain_address(value) for value in values if isinstance(value, str)}


def _plain_address(address: str) -> str:
    """Return an address without its scheme, its fragment and the slash at its end."""
    return address.strip().partition("#")[0].rstrip("/").partition("//")[2]


def _parsed(script: str) -> object:
    """Return the value of a script, None where it is no JSON; marks of comments and late commas are common."""
    if len(script) > MAX_JSON_CHARS:
        return None
    text = script.strip()
    for mark in _OPENING_MARKS:
        text = text.removeprefix(mark).lstrip()
    for mark in _CLOSING_MARKS:
        text = text.removesuffix(mark).rstrip()
    for candidate in (text, _LATE_COMMA.sub("", text), html.unescape(text)):
        try:
            return json.loads(candidate, strict=False)  # line breaks within values are common
        except (ValueError, RecursionError):
            continue
    return None


def _objects(data: object) -> Iterator[tuple[JsonObject, bool]]:
    """Yield the objects in JSON, outer ones first, each with whether it is a work beside the story."""
    queue: deque[tuple[object, bool]] = deque([(data, False)])
    for _ in range(MAX_JSON_PARTS):
        if not queue:
            return
        part, is_other = queue.popleft()
        if isinstance(part, dict):
            yield part, is_other
            queue += [
                (value, is_other or name.lower() in OTHER_WORKS)
                for name, value in part.items()
                if isinstance(value, dict | list)
            ]
        elif isinstance(part, list):
            queue += [(inner, is_other) for inner in part[:MAX_JSON_PARTS]]
