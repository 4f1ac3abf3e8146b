"""Render an HTML page as lines of text, each with what its place in the page says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from cleaners.document.page import Hint

if TYPE_CHECKING:
    from cleaners.html.selectors import Around, Selectors

# Elements within a line; every other begins and ends one, whatever its name. The parser takes some that are empty for open,
# and what follows them for theirs.
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "embed", "font", "i", "img",
    "input", "ins", "kbd", "map", "mark", "nobr", "q", "ruby", "rb", "rt", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "track", "tt", "u", "var", "wbr",
))  # fmt: skip
# Elements whose text nobody sees.
UNSEEN = frozenset((
    "area", "audio", "canvas", "head", "iframe", "link", "meta", "noembed", "noframes", "noscript", "object", "param", "rp",
    "script", "select", "style", "template", "textarea", "title", "video",
))  # fmt: skip
# Drawings and formulas, whose text is none of the page's, up to the elements that end them (HTML Standard, section 13.2.6.5).
DRAWINGS = ("svg", "math")
AFTER_DRAWINGS = frozenset((
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "foreignobject", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "li", "listing", "menu", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong",
    "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
))  # fmt: skip
# Elements that say what a line is; the lines of others are what the nearest of these around them is.
TELLING = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "blockquote", "pre", "figcaption", "address",
    "label", "button",
))  # fmt: skip
WHOLE = ("body", "html", "article", "main")  # elements that stand beside nothing, whatever their names
# Elements that stand beside the text of a page, and words in classes and ids that say the same, by the part they make.
BESIDE = {"nav": "frame", "footer": "frame", "form": "frame", "button": "frame", "aside": "list"}
PARTS = {
    "comments": "comments? disqus talkback replies",
    "frame": "nav navbar navigation menu footer foot breadcrumbs? share sharing social newsletter subscribe advert(?:isement)? "
    "ads? cookie popup modal taglist login signup toolbar promo sponsored",
    "list": "sidebar related recommend(?:ed|ations?)? widget trending popular outbrain taboola rail",
}
_NAMED = {
    part: re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?:$|[\s_-])", re.IGNORECASE) for part, words in PARTS.items()
}
MAX_BESIDE_SHARE = 0.4  # a part that holds more of a page's prose than this is not beside the text, whatever its name
MIN_PROSE_CHARS = 60
LARGE_CHARS = 100_000  # an attribute that is longer is left out: what reads the tree reads attributes again and again
MAX_LINK_CHARS = 2_000
MAX_TIME_CHARS = 40
MAX_NAME_CHARS = 500  # of a class or an id
MAX_REMEMBERED = 4_096  # names, class and id together, with the part that they tell


class _Drawn(msgspec.Struct, frozen=True, gc=False):
    """A line as it is drawn: text, element, number of linked characters, first link, time, part, and the rules that take it."""

    text: str
    tag: str
    linked: int
    link: str
    time: str
    part: int
    rules: tuple[str, ...]


# An element that is open: those in it that are still to be drawn, whether it ends a line, the text after it, and what holds in
# it: the tag and the part that it belongs to, its link, the rules that take it, and the selectors' account of the elements.
_Open = tuple[Iterator[etree._Element], bool, str | None, str, int, str, tuple[str, ...], "Around | None"]


def render(tree: etree._Element, selectors: Selectors | None = None) -> list[tuple[str, Hint]]:
    """Return the lines of a page that can be seen, white space folded, each with its hint."""
    hidden: list[etree._Element] = []
    drawn, kinds = _draw(tree, selectors, hidden)
    if hide_a_story(hidden, tree):
        drawn, kinds = _draw(tree, selectors, None)
    prose = [line for line in drawn if len(line.text) >= MIN_PROSE_CHARS and line.linked * 2 < len(line.text)]
    held: Counter[int] = Counter()
    for line in prose:
        held[line.part] += len(line.text)
    most = MAX_BESIDE_SHARE * sum(held.values())
    lines = []
    for line in drawn:
        part = kinds[line.part - 1] if line.part and held[line.part] <= most else ""
        lines.append(
            (
                line.text,
                Hint(line.tag, min(1.0, line.linked / len(line.text)), part, link=line.link, time=line.time, rules=line.rules),
            )
        )
    return lines


def _draw(
    tree: etree._Element, selectors: Selectors | None, hidden: list[etree._Element] | None
) -> tuple[list[_Drawn], list[str]]:
    """Return the lines of a page in order, and what the parts beside the text are, the first as number 1.

    What is hidden is left out and added to `hidden`, unless that is None. A stack of open elements instead of recursion, as
    pages may be nested without end.
    """
    drawn: list[_Drawn] = []
    words: list[str] = []
    linked = 0
    first_link = time = ""
    kinds: list[str] = []

    def say(text: str, tag: str, link: str) -> None:
        nonlocal linked, first_link
        if tag in DRAWINGS or not (words or text.strip()):
            return
        words.append(text)
        if link and not text.isspace():
            linked += len(text.strip())
            first_link = first_link or link

    def end_line(tag: str, part: int, rules: tuple[str, ...]) -> None:
        nonlocal linked, first_link, time
        if words:
            text = " ".join("".join(words).split())
            if text:
                drawn.append(_Drawn(text, tag, linked, first_link, time, part, rules))
            words.clear()
            linked, first_link = 0, ""
        time = ""

    body = tree.find("body")
    first = tree if body is None else body
    opened: list[_Open] = [(iter((first,)), False, "", "", 0, "", (), selectors.around(first) if selectors else None)]
    while opened:
        within, ends_line, tail, tag, part, link, rules, around = opened[-1]
        for element in within:  # goes on behind the last one that holds others
            name = element.tag
            after = element.tail if element is not first else None  # what follows the body is none of the page's
            if not isinstance(name, str) or (name in UNSEEN and not _is_shadow(element)):
                end_line(tag, part, rules)
            elif hidden is not None and is_hidden(element):
                hidden.append(element)
                end_line(tag, part, rules)
            else:
                own_tag = "" if tag in DRAWINGS and name in AFTER_DRAWINGS else tag
                own_part, own_link, own_rules, own_around = part, link, rules, around
                taken: tuple[str, ...] = ()
                if selectors and around:
                    taken, own_around = selectors.rules_of(element, around)
                is_block = name not in INLINE
                if is_block:
                    end_line(own_tag, part, rules)
                    own_rules = (*rules, *taken)
                    if name in TELLING or name in DRAWINGS:
                        own_tag = name
                    if not part and (kind := _part_of(element, name)):
                        kinds.append(kind)
                        own_part = len(kinds)
                elif name == "time":
                    time = time or (element.get("datetime") or "")[:MAX_TIME_CHARS]
                elif name == "a":
                    own_link = (element.get("href") or "")[:MAX_LINK_CHARS].strip() or "#"
                if text := element.text:
                    say(text, own_tag, own_link)
                if len(element):
                    opened.append((iter(element), is_block, after, own_tag, own_part, own_link, own_rules, own_around))
                    break
                if is_block:
                    end_line(own_tag, own_part, own_rules)
            if after:
                say(after, tag, link)
        else:
            opened.pop()
            if ends_line:
                end_line(tag, part, rules)
            if tail:
                say(tail, opened[-1][3], opened[-1][5])
    end_line("", 0, ())
    return drawn, kinds


def _is_shadow(element: etree._Element) -> bool:
    """Say whether an element is a template that is shown where it stands (HTML Standard, section 4.12.3)."""
    return element.tag == "template" and element.get("shadowrootmode") is not None


def _part_of(element: etree._Element, name: str) -> str:
    """Return the part beside the text that an element makes, "" for none."""
    if name in BESIDE:
        return BESIDE[name]
    classes, own_id = element.get("class"), element.get("id")
    if not (classes or own_id) or name in WHOLE:
        return ""
    return _part_named(f"{(classes or '')[:MAX_NAME_CHARS]} {(own_id or '')[:MAX_NAME_CHARS]}")


@lru_cache(maxsize=MAX_REMEMBERED)
def _part_named(named: str) -> str:
    """Return the part that an element of these names makes; the elements of a site have few different names."""
    return next((part for part, words in _NAMED.items() if words.search(named)), "")


MAX_HIDDEN_SHARE = 0.4  # of a page's text; a page that hides more shows it later, as soft paywalls do
MAX_STYLE_CHARS = 500
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_COUNT_CHARS = etree.XPath("string-length()")


def is_hidden(element: etree._Element) -> bool:
    """Say whether an element is not shown at first."""
    style = element.get("style")
    if style is not None and _HIDING.search(style[:MAX_STYLE_CHARS]):
        return True
    return element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None)


def hide_a_story(hidden: Iterable[etree._Element], tree: etree._Element) -> bool:
    """Say whether so much of a page is in its `hidden` elements, none of them in another, that it is a story shown later."""
    chars = sum(map(_count_text, hidden))
    return chars > 0 and chars > MAX_HIDDEN_SHARE * _count_text(tree)


def _count_text(element: etree._Element) -> int:
    """Return how many characters of text, not of code, an element holds."""
    return int(_COUNT_CHARS(element)) - sum(len(code.text or "") for code in element.iter("script", "style"))
