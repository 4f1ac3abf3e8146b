"""Signs of the type of an HTML page: the types that its head or markup declares, and how many elements of each kind it has.

Called by `cleaners.html.reader`; read by `cleaners.segmentation.page_form`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter

from lxml import etree

MAX_TYPES = 60  # different ones
MAX_SCRIPT_CHARS = 500_000
TYPE, GRAPH, ELEMENT = "type:", "og:", "element:"  # how the names of signs begin
ELEMENTS = frozenset((
    "a", "article", "blockquote", "button", "code", "figure", "form", "h1", "h2", "h3", "iframe", "img", "input", "li", "p",
    "pre", "section", "select", "table", "textarea", "time", "tr",
))  # fmt: skip
_TAG = attrgetter("tag")
_ITEM_TYPES = etree.XPath("//@itemtype")
_JSON_TYPE = re.compile(r'"@type"\s*:\s*(?:"([^"]{1,200})"|\[([^\]]{1,400})\])')
_NAME = re.compile(r"[A-Za-z]{2,40}")


def page_signs(tree: etree._Element) -> dict[str, int]:
    """Return the number of each sign of a page: `type:NewsArticle` of schema.org, `og:article` of Open Graph, `element:p`."""
    tags = Counter(map(_TAG, tree.iter("*")))
    signs = {f"{ELEMENT}{tag}": count for tag, count in tags.items() if tag in ELEMENTS}
    types = Counter([*_types_in_scripts(tree), *_last_names(_ITEM_TYPES(tree))])
    signs |= {f"{TYPE}{name}": types[name] for name in list(types)[:MAX_TYPES]}
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").strip().lower() == "og:type":
            return signs | {f"{GRAPH}{name.lower()}": 1 for name in _NAME.findall(meta.get("content") or "")[:1]}
    return signs


def _types_in_scripts(tree: etree._Element) -> Iterator[str]:
    """Yield the types of objects in JSON-LD, also in scripts that are no sound JSON."""
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "") and len(text) <= MAX_SCRIPT_CHARS:
            for lone, several in _JSON_TYPE.findall(text):
                yield from _last_names([lone] if lone else several.split(","))


def _last_names(types: list[str]) -> Iterator[str]:
    """Yield the names of types without the address of their vocabulary."""
    for name in types:
        if found := _NAME.fullmatch(name.strip(" \t\r\n\"'").rsplit("/", 1)[-1].rsplit(":", 1)[-1]):
            yield found[0]
