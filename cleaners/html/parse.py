"""Parse HTML into an lxml tree, and refuse markup that costs parsers far more than its size.

Called by `cleaners.html.reader` and `cleaners.examples`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree, html

from cleaners.errors import BadPage

MAX_ATTRIBUTES = 2_000  # of an element: parsers compare each with all before it
MAX_ATTRIBUTE_CHARS = 100_000  # longer ones are dropped: readers of the tree read attributes again and again
MAX_BLANKS = 1_000  # before a value; behind more, any stretch may be one
MAX_TAGS = 1_000_000  # of a page: each may be an element or a line, at nearly a kilobyte
MAX_REOPENED = 400_000  # elements, at half a kilobyte each
# Tags after the HTML Standard (section 13.2.5): no blank is needed after a value in quotes, and a name may begin with "=".
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_ATTRIBUTES = rf"(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+(?!{_ATTRIBUTE})"
# Elements whose text holds no elements.
_CODE = "|".join(
    rf"<{name}(?=[\s/>]){_ATTRIBUTES}(?:[\s/]*+>(?:[^<]++|<(?!/{name}[\s/>]))*+)?+"
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
)
# A page up to its first element with too many attributes; reads every character once.
_FEW_ATTRIBUTES = re.compile(
    rf"""(?:
      [^<]++
      | </[a-z][^\s/>]*+>
      | <!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)                                # a comment
      | <(?:[!?]|/(?![a-z]))[^>]*+                                        # a declaration or a bogus comment
      | (?=<[stxin])(?:{_CODE})
      | </?[a-z][^\s/>]*+{_ATTRIBUTES}
      | <(?![a-z/!?])
    )*+""",
    re.IGNORECASE | re.VERBOSE,
)
# The formatting elements of the HTML Standard (section 13.2.4.3) that may be open twice.
FORMATTING = ("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u")
_FORMATTING = re.compile(rf"<(/?)({'|'.join(FORMATTING)})(?=[\s/>])", re.IGNORECASE)


def parse_html(text: str) -> etree._Element:
    """Return the tree of a page, whatever its faults, without comments; fetches nothing and follows no entity.

    Raises BadPage with the reason `html` for a page without an element, with endless attributes, or with more than 2,048
    nested elements, where the parser stops, and with the reason `too-large` for one with more than MAX_TAGS.
    """
    if (tags := text.count("<")) > MAX_TAGS:
        raise BadPage("too-large", f"the page has {tags:,} tags; a page may have {MAX_TAGS:,}")
    refuse_endless_tags(text)
    parser = _new_parser()
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise BadPage("html", "the page has no element") from None
    stopped = next((error.message for error in parser.error_log if error.type_name == "ERR_RESOURCE_LIMIT"), "")
    if stopped:
        raise BadPage("html", f"the parser stopped: {stopped[:200]}")
    if may_have_long_attributes(text):
        _drop_long_attributes(tree)
    _join_body(tree)
    return tree


def refuse_endless_tags(text: str) -> None:
    """Raise BadPage with the reason `html` for a page with an element of more than MAX_ATTRIBUTES."""
    few = _FEW_ATTRIBUTES.match(text)
    if few is None or few.end() < len(text):
        raise BadPage("html", f"an element has more than {MAX_ATTRIBUTES} attributes")


def reopens_formatting(text: str, tree: etree._Element) -> bool:
    """Return whether a parser after the HTML Standard may make a multitude of elements out of few.

    It reopens formatting that was left open in each block (section 13.2.4.3). `tree` is the tree of libxml2, which does not.
    """
    max_open = MAX_REOPENED // max(1, text.count("<"))
    if sum(1 for _ in tree.iter(*FORMATTING)) <= max_open:
        return False
    still_open: Counter[str] = Counter()
    for closes, name in _FORMATTING.findall(text):
        if not closes:
            still_open[name] += 1
        elif still_open[name]:
            still_open[name] -= 1
        if still_open.total() > max_open:
            return True
    return False


def _new_parser() -> html.HTMLParser:
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False, no_network=True,
        huge_tree=True,
    )  # fmt: skip
    # One class for all elements, looked up in C: lxml.html calls a Python function for each.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser


def may_have_long_attributes(text: str) -> bool:
    """Return whether a value in a page's markup may be longer than MAX_ATTRIBUTE_CHARS; saves a look at each attribute."""
    for quote in "\"'":
        for start, _ in _long_runs(text, quote, MAX_ATTRIBUTE_CHARS):
            if start and text[max(0, start - MAX_BLANKS) : start - 1].rstrip()[-1:] in ("=", ""):
                return True
    runs = _long_runs(text, " ", MAX_ATTRIBUTE_CHARS)  # a value without quotes holds no blank, and no end of a tag
    return any(len(part) > MAX_ATTRIBUTE_CHARS for start, end in runs for part in text[start:end].split(">"))


def _long_runs(text: str, sign: str, length: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the stretches of more than `length` characters without a sign; looks at few of their characters."""
    step = length // 2  # one of the blocks of so many characters is without the sign, too
    end = 0
    for block in range(0, len(text) - step + 1, step):
        if block >= end and text.find(sign, block, block + step) < 0:
            start = text.rfind(sign, 0, block) + 1
            end = text.find(sign, block)
            end = len(text) if end < 0 else end
            if end - start > length:
                yield start, end


def _drop_long_attributes(tree: etree._Element) -> None:
    for element in tree.iter():
        for name, value in element.items():
            if len(value) > MAX_ATTRIBUTE_CHARS:
                del element.attrib[name]


def _join_body(tree: etree._Element) -> None:
    """Move elements after a page's body, and those of a second body, into the first, as browsers do."""
    body = tree.find("body")
    if body is None:
        return
    for other in [*(child for child in tree if child is not body and child.tag != "head"), *tree.itersiblings()]:
        if isinstance(other.tag, str):
            if tree.tail:
                tree.tail = None
            body.append(other)
