"""CSS selectors of packs: find the elements of an HTML page whose lines rules remove.

Compiled by `cleaners.html.page_selectors` for pages that they may match; other pages do not import it.
soupsieve tests an element, as a Beautiful Soup tag, against one compound (`p.a[lang]`). Where the element stands is followed
here, in one walk: `select` needs a tag for every element of a page, which takes ten times as long, and before soupsieve 4.0
its time grows with the depth of a page to the power of the blanks in a selector.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import soupsieve
from bs4 import Tag
from lxml import etree

MAX_COMPOUNDS = 8  # of one selector
MAX_REMEMBERED = 16_384  # tests of one element each
MAX_REMEMBERED_CHARS = 500  # of such an element
_NAME = r"(?:[\w-]|\\[^\w\s])++"
_VALUE = rf"""(?:{_NAME}|"(?:[^"\\\r\n\f]|\\[^\w\s])*+"|'(?:[^'\\\r\n\f]|\\[^\w\s])*+')"""
_MATCHES_NONE = r"""[~^$*]=\s*+(?:""|'')"""  # by the standard; soupsieve before 3.0 takes it to match all
_ATTRIBUTE = rf"\[\s*+({_NAME})\s*+(?:(?!{_MATCHES_NONE})[~|^$*]?=\s*+{_VALUE}\s*+)?\]"
_STEP = re.compile(rf"(\s*+[>,]\s*+|\s++)((?![\s>,])(?:\*|{_NAME})?(?:[.#]{_NAME}|{_ATTRIBUTE})*+)")
_PART = re.compile(rf"([.#]?)({_NAME})|{_ATTRIBUTE}")
_ESCAPE = re.compile(r"\\(.)")


class _Compound(NamedTuple):
    """A compound of a selector and the attributes that it tests; `rule` is "" for all but the last one.

    Its bit stands for it among the compounds that elements match; `before` is the bit of the one before it, 0 for the first.
    """

    sieve: soupsieve.SoupSieve
    attributes: tuple[str, ...]
    bit: int
    before: int
    is_child: bool
    rule: str


class Selectors:
    """The selectors of some rules, compiled; a compound is filed under a name that every element matching it has."""

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        """Compile (selector, rule id) pairs. Raises ValueError for a selector that a pack may not have."""
        self._filed: dict[str, list[_Compound]] = defaultdict(list)
        bit = 1
        for text, rule in rules:
            for (combinator, compound), (following, _) in pairwise([*_split(text), (",", "")]):
                before = 0 if combinator == "," else bit >> 1
                last = rule if following == "," else ""
                sieve, attributes = _compile(compound, text), _attributes(compound)
                self._filed[_key(compound)].append(_Compound(sieve, attributes, bit, before, combinator == ">", last))
                bit <<= 1

    def match(self, tree: etree._Element) -> dict[etree._Element, tuple[str, ...]]:
        """Return the elements of a page that rules remove, each with the ids of the rules."""
        matches = {}
        # The compounds matched by an element or one around it, and by the element itself.
        matched: dict[etree._Element | None, tuple[int, int]] = {None: (0, 0)}
        for element in tree.iter("*"):
            around, parent = matched[element.getparent()]
            bits = 0
            rules = []
            for compound in self._candidates(element):
                is_placed = not compound.before or compound.before & (parent if compound.is_child else around)
                if is_placed and _is_match(compound, element):
                    bits |= compound.bit
                    if compound.rule:
                        rules.append(compound.rule)
            matched[element] = (around | bits, bits)
            if rules:
                matches[element] = tuple(dict.fromkeys(rules))
        return matches

    def _candidates(self, element: etree._Element) -> list[_Compound]:
        """Return the compounds filed under an element's id, classes and tag, and those under no name."""
        names = ["", element.tag, f"#{element.get('id')}"]
        if classes := element.get("class"):
            names += dict.fromkeys([f".{name}" for name in classes.split()])
        return [compound for name in names if name in self._filed for compound in self._filed[name]]


def _is_match(compound: _Compound, element: etree._Element) -> bool:
    """Return whether an element matches a compound, wherever it stands."""
    attributes = tuple([(name, value) for name in compound.attributes if (value := element.get(name)) is not None])
    size = len(element.tag) + sum([len(value) for _, value in attributes])
    test = _test if size <= MAX_REMEMBERED_CHARS else _test.__wrapped__
    return test(compound.sieve, element.tag, attributes)


@lru_cache(maxsize=MAX_REMEMBERED)  # saves 15 microseconds an element; those of a site look alike
def _test(sieve: soupsieve.SoupSieve, tag: str, attributes: tuple[tuple[str, str], ...]) -> bool:
    return sieve.match(Tag(name=tag, attrs=dict(attributes)))


def _split(text: str) -> list[tuple[str, str]]:
    """Return the compounds of a list of selectors, each with the combinator before it: "," begins a selector.

    Raises ValueError for anything but tags, classes, ids and attributes, in elements and in parents.
    """
    source = f",{text.strip()}"
    steps: list[tuple[str, str]] = []
    end = length = 0
    for step in _STEP.finditer(source):
        if step.start() > end:
            break
        steps.append((step[1].strip(), step[2]))
        length = 1 if steps[-1][0] == "," else length + 1
        if length > MAX_COMPOUNDS:
            raise ValueError(f"css: {text!r} has more than {MAX_COMPOUNDS} parts")
        end = step.end()
    if end < len(source):
        raise ValueError(
            f"css: {text!r} cannot be read from {source[max(1, end) :][:40]!r} on; a pack may ask for tags, classes, ids and "
            "attributes, for elements in elements, and for children"
        )
    return steps


def _compile(compound: str, text: str) -> soupsieve.SoupSieve:
    try:
        return soupsieve.compile(compound)
    except (soupsieve.SelectorSyntaxError, ValueError) as error:
        raise ValueError(f"css: {text!r} is no selector: {str(error).splitlines()[0]}") from None


def _key(compound: str) -> str:
    """Return a name that every element matching a compound has: its id, else a class, else its tag, "" for none."""
    names = [_ESCAPE.sub(r"\1", mark + name) for mark, name, _ in _PART.findall(compound) if name]
    return next((name for mark in "#." for name in names if name.startswith(mark)), names[0].lower() if names else "")


def _attributes(compound: str) -> tuple[str, ...]:
    """Return the names of the attributes that a compound tests."""
    names = [mark or _ESCAPE.sub(r"\1", name).lower() for mark, _, name in _PART.findall(compound)]
    return tuple(sorted({{"#": "id", ".": "class"}.get(name, name) for name in names} - {""}))
