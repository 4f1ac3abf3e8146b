"""Tell markup that costs parsers far more than its size: endless attributes, and formatting that is opened again and again."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree, html

from cleaners.errors import BadPage
from cleaners.html.render import LARGE_CHARS

if TYPE_CHECKING:
    pass

MAX_ATTRIBUTES = 2_000  # of an element: parsers compare each with all before it
MAX_OPENED_AGAIN = 400_000  # elements, at half a kilobyte each
# As the HTML Standard reads tags (section 13.2.5): no blank is needed after a value in quotes, and a name may begin with "=".
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_ATTRIBUTES = rf"(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+(?!{_ATTRIBUTE})"
# Elements whose text holds no elements.
_CODE = "|".join(
    rf"<{name}(?=[\s/>]){_ATTRIBUTES}(?:[\s/]*+>(?:[^<]++|<(?!/{name}[\s/>]))*+)?+"
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
)
# A page up to its first element with more; every character is looked at once.
_FEW_ATTRIBUTES = re.compile(
    rf"""(?:
      [^<]++
      | </[a-z][^\s/>]*+>
      | <!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)                                # a comment
      | <(?:[!?]|/(?![a-z]))[^>]*+                                        # a declaration, and what is read as one
      | (?=<[stxin])(?:{_CODE})
      | </?[a-z][^\s/>]*+{_ATTRIBUTES}
      | <(?![a-z/!?])
    )*+""",
    re.IGNORECASE | re.VERBOSE,
)
# Those of the HTML Standard (section 13.2.4.3) but for the ones that may not be open twice.
FORMATTING = ("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u")
_FORMATTING = re.compile(rf"<(/?)({'|'.join(FORMATTING)})(?=[\s/>])", re.IGNORECASE)


def refuse_endless_tags(text: str) -> None:
    """Raise BadPage with the reason `html` for a page with an element of more than MAX_ATTRIBUTES."""
    few = _FEW_ATTRIBUTES.match(text)
    if few is None or few.end() < len(text):
        raise BadPage("html", f"an element has more than {MAX_ATTRIBUTES} attributes")


def opens_again_and_again(text: str, tree: etree._Element) -> bool:
    """Say whether a parser by the HTML Standard may make a multitude of elements out of few; `tree` is one of libxml2.

    It opens formatting that was left open anew in each block (section 13.2.4.3 of the Standard).
    """
    most = MAX_OPENED_AGAIN // max(1, text.count("<"))  # may be open at once
    if sum(1 for _ in tree.iter(*FORMATTING)) <= most:
        return False
    still_open: Counter[str] = Counter()
    for closes, name in _FORMATTING.findall(text):
        if not closes:
            still_open[name] += 1
        elif still_open[name]:
            still_open[name] -= 1
        if still_open.total() > most:
            return True
    return False


def parse_html(text: str) -> etree._Element:
    """Return the tree of a page, whatever its faults, without comments; nothing is fetched and no entity followed.

    Raises BadPage with the reason `html` for a page that has no element, or one with endless attributes, or of which the parser
    left a part out: it stops at 2,048 nested elements.
    """
    refuse_endless_tags(text)
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False, no_network=True,
        huge_tree=True,
    )  # fmt: skip
    # One class for all elements, looked up in C: lxml.html asks a Python function for each.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise BadPage("html", "the page has no element") from None
    stopped = next((error.message for error in parser.error_log if error.type_name == "ERR_RESOURCE_LIMIT"), "")
    if stopped:
        raise BadPage("html", f"the parser stopped: {stopped[:200]}")
    if len(text) > LARGE_CHARS:
        for element in tree.iter():
            for name, value in element.items():
                if len(value) > LARGE_CHARS:
                    del element.attrib[name]
    _join_body(tree)
    return tree


def _join_body(tree: etree._Element) -> None:
    """Move what stands after the end of a page's body, or in a second one, into it, as browsers do."""
    body = tree.find("body")
    if body is None:
        return
    for other in [*(child for child in tree if child is not body and child.tag != "head"), *tree.itersiblings()]:
        if isinstance(other.tag, str):
            if tree.tail:
                tree.tail = None
            body.append(other)
