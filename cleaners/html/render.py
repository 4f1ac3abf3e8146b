"""Render an HTML page as lines of visible text, each with a hint of the elements around it.

Called by `cleaners.html.reader`, `cleaners.html.extractors` and `cleaners.examples`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from cleaners.document.page import NOTHING_AROUND, Around, Hint, PagePart
from cleaners.html.boxes import Boxes
from cleaners.html.galleries import is_next_picture
from cleaners.html.hidden import hides_story
from cleaners.html.looks import INLINE, Look, look_of
from cleaners.html.names import all_names
from cleaners.html.page_parts import part_of
from cleaners.html.signup_boxes import signup_boxes
from cleaners.html.tables import CELLS, is_data_table

# Elements with invisible text.
UNSEEN = frozenset((
    "area", "audio", "canvas", "head", "iframe", "link", "meta", "noembed", "noframes", "noscript", "object", "param", "rp",
    "rt", "script", "select", "style", "template", "textarea", "title", "video",
))  # fmt: skip
RUBY = ("rp", "rt")  # how to read the text before them, within a line
# Drawings and formulas, whose text is left out, up to the elements that end them (HTML Standard, section 13.2.6.5).
DRAWINGS = ("svg", "math")
AFTER_DRAWINGS = frozenset((
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "foreignobject", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "li", "listing", "menu", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong",
    "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
))  # fmt: skip
# Elements that give a line its tag: the nearest one around it does.
LINE_TAGS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "blockquote", "pre", "figcaption", "address",
    "caption", "label", "button",
))  # fmt: skip
LISTS = ("ul", "ol", "menu", "dl")
ROW = "tr"  # of a table of data, which is one line
_CELL = "\0"  # before each cell of a row; no tree holds it
MAX_BESIDE_SHARE = 0.4  # of a page's prose; a part with more is not beside the text, whatever its name
MIN_PROSE_CHARS = 60
MAX_LINK_CHARS = 2_000
MAX_TIME_CHARS = 40


class _RenderedLine(NamedTuple):
    """A line of text; `linked` counts its characters in links.

    `part` numbers the part beside the text and `group` the list that holds it, 0 for none. `around` are the elements around its
    first word.
    """

    text: str
    tag: str
    linked: int
    link: str
    time: str
    part: int
    group: int
    rules: tuple[str, ...]
    around: _Around


# The elements around a word, with the fields of `Around`.
_Around = tuple[tuple[str, ...], int, int, int, int]
# An open element: its children that are still to render, whether it ends a line, the text after it, and for the text in it the
# tag, the numbers of the part and the list, whether its table is one of data, the link, the rules that remove it, and the
# elements around. A plain tuple, as pages have thousands.
_Open = tuple[Iterator[etree._Element], bool, str | None, str, int, int, bool, str, tuple[str, ...], _Around]


def render(tree: etree._Element, removed: Mapping[etree._Element, tuple[str, ...]] | None = None) -> list[tuple[str, Hint]]:
    """Return the visible lines of a page, white space folded, each with its hint.

    `removed` gives the rules that remove an element.
    """
    hidden: list[etree._Element] = []
    rendered, parts, boxes = _render(tree, removed or {}, hidden)
    if hides_story(hidden, tree):
        rendered, parts, boxes = _render(tree, removed or {}, None)
    prose_chars: Counter[int] = Counter()
    for text, _, chars, _, _, number, *_ in rendered:
        if (length := len(text)) >= MIN_PROSE_CHARS and chars * 2 < length:
            prose_chars[number] += length
    whole = sum(prose_chars.values())
    boxed = boxes if any(prose_chars[part] for part in prose_chars if part not in boxes) else set()
    max_beside = MAX_BESIDE_SHARE * (whole - sum(prose_chars[part] for part in boxed))
    shown: dict[int, PagePart] = {0: ""}
    for number, part in enumerate(parts, 1):
        shown[number] = part if number in boxed or prose_chars[number] <= max_beside else ""
    lines = []
    for text, tag, chars, link, time, number, group, rules, around in rendered:
        linked = min(1.0, chars / len(text)) if chars else 0.0
        # tag, linked, page_part, main, link, time, rules, group, boxed, around: by place, as pages have thousands of lines
        hint = Hint(tag, linked, shown[number], False, link, time, rules, group, number in boxed, Around._make(around))
        lines.append((text, hint))
    return lines


def _render(
    tree: etree._Element, removed: Mapping[etree._Element, tuple[str, ...]], hidden: list[etree._Element] | None
) -> tuple[list[_RenderedLine], list[PagePart], set[int]]:
    """Return the lines of a page in order, its parts beside the text, the first as number 1, and those that are boxes.

    Hidden elements are left out and added to `hidden`, unless that is None. Uses a stack, as pages may be nested without end.
    """
    lines: list[_RenderedLine] = []
    words: list[str] = []
    linked = lists = blocks = 0
    first_link = time = ""
    first_around: _Around = NOTHING_AROUND
    kinds: dict[tuple[str, str], int] = {}
    parts: list[PagePart] = []
    boxed: set[int] = set()

    def add_text(text: str, link: str, around: _Around) -> None:
        nonlocal linked, first_link, first_around
        is_blank = text.isspace()
        if not words:
            if is_blank:
                return
            first_around = around
        words.append(text)
        if link and not is_blank:
            linked += len(text.strip())
            first_link = first_link or link

    def end_line(tag: str, part: int, group: int, rules: tuple[str, ...]) -> None:
        nonlocal linked, first_link, time
        if words:
            text = _folded("".join(words))
            if text:
                lines.append(_RenderedLine(text, tag, linked, first_link, time, part, group, rules, first_around))
            words.clear()
            linked, first_link = 0, ""
        time = ""

    body, signups, boxes = tree.find("body"), signup_boxes(tree), Boxes(tree)
    first = tree if body is None else body
    stack: list[_Open] = [(iter((first,)), False, "", "", 0, 0, False, "", (), NOTHING_AROUND)]
    while stack:
        children, ends_line, tail, tag, part, group, is_data, link, rules, around = stack[-1]
        in_row, in_drawing = tag == ROW, tag in DRAWINGS
        for element in children:  # goes on behind the last child that has children
            name = element.tag
            after = element.tail if element is not first else None  # text after the body is not the page's
            is_block = name not in INLINE
            if in_row and is_block:
                words.append(_CELL if name in CELLS else " ")
            if (name in UNSEEN and not _is_shadow(element)) or not isinstance(name, str):
                if name not in RUBY and not in_row:
                    end_line(tag, part, group, rules)
            elif (look := look_of(element)).is_hidden and hidden is not None and not is_next_picture(element):
                hidden.append(element)
                if is_block and not in_row:
                    end_line(tag, part, group, rules)
            else:
                own_tag = "" if in_drawing and name in AFTER_DRAWINGS else tag
                own_part, own_group, own_is_data, own_link, own_rules, own_around = part, group, is_data, link, rules, around
                if look.names or is_block:
                    names = all_names(around[0], look.names) if look.names else around[0]
                    if is_block:
                        blocks += 1
                        kind = kinds.setdefault(look.kind, len(kinds) + 1)
                        own_around = (names, blocks, around[1], around[2], kind)
                    else:
                        own_around = (names, *around[1:])
                if is_block and not in_row:
                    if words or time:
                        end_line(own_tag, part, group, rules)
                    if removed:
                        own_rules = (*rules, *removed.get(element, ()))
                    if name in LINE_TAGS or name in DRAWINGS or (name == ROW and is_data):
                        own_tag = name
                    if look.box and part not in boxed and boxes.is_beside(element, look.box):
                        parts.append(look.box)
                        own_part = len(parts)
                        boxed.add(own_part)
                    elif not part and (beside := _part_of(element, look, signups)):
                        parts.append(beside)
                        own_part = len(parts)
                    if name in LISTS:
                        own_group = lists = lists + 1
                    elif name == "table":
                        own_is_data = is_data_table(element)
                elif name == "a":
                    own_link = element.get("href", "")[:MAX_LINK_CHARS].strip() or "#"
                elif name == "time":
                    time = time or element.get("datetime", "")[:MAX_TIME_CHARS]
                if (text := element.text) and own_tag not in DRAWINGS:
                    add_text(text, own_link, own_around)
                if len(element):
                    own = (own_tag, own_part, own_group, own_is_data, own_link, own_rules, own_around)
                    stack.append((iter(element), is_block, after, *own))
                    break
                if is_block and not in_row and (words or time):
                    end_line(own_tag, own_part, own_group, own_rules)
            if after and not in_drawing:
                add_text(f" {after}" if in_row and is_block else after, link, around)
        else:
            stack.pop()
            outer = stack[-1][3] if stack else ""
            if ends_line and outer != ROW and (words or time):
                end_line(tag, part, group, rules)
            if tail and outer not in DRAWINGS:
                add_text(f" {tail}" if ends_line and outer == ROW else tail, stack[-1][7], stack[-1][9])
    end_line("", 0, 0, ())
    return lines, parts, boxed


def _part_of(element: etree._Element, look: Look, signups: Container[etree._Element]) -> PagePart:
    """Return the part beside the text that an element makes, "" for none."""
    if element in signups:
        return "frame"
    return part_of(element, element.tag) if element.tag == "aside" else look.part


def _folded(text: str) -> str:
    """Return a line with its white space folded, and the cells of a row a tab apart."""
    if _CELL in text:
        return "\t".join([" ".join(cell.split()) for cell in text.split(_CELL)]).strip("\t")
    return " ".join(text.split())


def _is_shadow(element: etree._Element) -> bool:
    """Return whether an element is a template that is shown in its place (HTML Standard, section 4.12.3)."""
    return element.tag == "template" and element.get("shadowrootmode") is not None
