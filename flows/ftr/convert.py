"""Make the pack of a site out of its site file, with the examples of each rule out of pages of the site.

Called by the command `dehusk rules import ftr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from cleaners import BadPage
from cleaners.document.encoding import decode_html
from cleaners.examples import check_part
from cleaners.html.metadata import metadata
from cleaners.html.parse import parse_html
from cleaners.html.render import render
from cleaners.html.selectors import Selectors
from cleaners.rules.model import Pack, Rule
from cleaners.text.line_shape import is_prose
from flows.ftr.site_file import Directive, SiteFile
from flows.ftr.xpath import selectors_of, selectors_of_name

MAX_EXAMPLE_CHARS = 200
MAX_AROUND = 20  # elements around that of an example
BY_ITSELF = ("title", "author", "date", "body")  # found without a rule
ABOUT_TEXT = ("strip", "strip_id_or_class")
_TEXTS = etree.XPath("descendant::text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")
_SLUG = re.compile(r"[^a-z0-9]+")


class SitePage(NamedTuple):
    """A page of a site: its tree, the host of its address, "" if it tells none."""

    tree: etree._Element
    host: str


class NotTaken(NamedTuple):
    """A directive that became no rule, with the reason."""

    directive: Directive
    reason: str


def site_page(html: bytes) -> SitePage:
    """Return a page; raises BadPage when it is none."""
    tree = parse_html(decode_html(html, ""))
    return SitePage(tree, (urlsplit(metadata(tree).url).hostname or "").removeprefix("www."))


def pack_of(site: SiteFile, pages: Sequence[SitePage]) -> tuple[Pack, list[NotTaken]]:
    """Return the pack of a site, and the directives that became none of its rules.

    Pages that tell an address of another site are passed over.
    """
    own = [page.tree for page in pages if page.host in ("", site.host) or page.host.endswith(f".{site.host}")]
    name = _SLUG.sub("-", site.host).strip("-")
    rules: dict[str, Rule] = {}
    left: list[NotTaken] = []
    for directive in site.directives:
        try:
            rule = _rule_of(directive, name, own)
        except ValueError as reason:
            left.append(NotTaken(directive, str(reason)))
            continue
        number = 2
        rule_id = rule.id
        while rule_id in rules:
            rule_id = f"{rule.id}-{number}"
            number += 1
        rules[rule_id] = Rule(id=rule_id, kind=rule.kind, css=rule.css, remove=rule.remove, keep=rule.keep)
    return Pack(name=name, title=site.host, hosts=(site.host,), rule=tuple(rules.values())), left


def _rule_of(directive: Directive, pack: str, trees: Sequence[etree._Element]) -> Rule:
    """Return the rule of a directive; raises ValueError with the reason for one that becomes none."""
    if directive.name in BY_ITSELF:
        raise ValueError("dehusk finds it by itself, and packs have no rule for it")
    if directive.name not in ABOUT_TEXT:
        raise ValueError("it says nothing of the text that a page shows")
    is_path = directive.name == "strip"
    css = tuple(selectors_of(directive.value) if is_path else selectors_of_name(directive.value.strip("'\"")))
    selectors = Selectors((selector, directive.name) for selector in css)
    removed, kept = "", ""
    for tree in trees:
        matched = selectors.match(tree)
        removed = removed or next(_examples(matched), "")
        kept = kept or _prose_beside(tree, dict.fromkeys(matched, (directive.name,)))
    if not removed:
        raise ValueError("it takes nothing on the pages given")
    if not kept:
        raise ValueError("it leaves no prose on the pages given")
    slug = _SLUG.sub("-", directive.value.lower()).strip("-")[:40].strip("-") or "element"
    rule = Rule(id=f"{pack}.{slug}", kind="structure", css=css, remove=(removed,), keep=(kept,))
    rule.check()
    if fault := next(check_part(rule), ""):
        raise ValueError(f"its examples fail: {fault}")
    return rule


def _examples(matched: dict[etree._Element, tuple[str, ...]]) -> Iterator[str]:
    """Yield the elements that show some text as HTML of their own, in the elements around them."""
    for element in matched:
        text = " ".join(" ".join(_TEXTS(element)).split())[:MAX_EXAMPLE_CHARS]
        inner = escape(text, quote=False)
        around = (outer for outer in element.iterancestors() if outer.tag not in ("body", "html"))
        for one in (element, *islice(around, MAX_AROUND)):
            given = ((name, value) for name, value in one.attrib.items() if len(value) <= MAX_EXAMPLE_CHARS)
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in given)
            inner = f"<{one.tag}{attributes}>{inner}</{one.tag}>"
        if text and _shows(inner):
            yield inner


def _shows(html: str) -> bool:
    try:
        return bool(render(parse_html(f"<body>{html}")))
    except BadPage:
        return False


def _prose_beside(tree: etree._Element, removed: dict[etree._Element, tuple[str, ...]]) -> str:
    """Return the first paragraph of a page that is not removed as HTML, "" for none."""
    for text, hint in render(tree, removed):
        if not hint.rules and is_prose(text):
            return f"<p>{escape(text[:MAX_EXAMPLE_CHARS], quote=False)}</p>"
    return ""
