"""CSS selectors of packs: which elements of an HTML page rules take, found in one look at each element."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from cssselect import parser as css
from lxml import etree

MAX_PARTS = 8  # compounds of one selector

Test = Callable[[etree._Element], bool]
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "exists": lambda has, _: True,
    "=": lambda has, value: has == value,
    "^=": lambda has, value: value != "" and has.startswith(value),
    "$=": lambda has, value: value != "" and has.endswith(value),
    "*=": lambda has, value: value != "" and value in has,
    "~=": lambda has, value: value in has.split(),
    "|=": lambda has, value: has == value or has.startswith(f"{value}-"),
}


class _Selector(NamedTuple):
    """A selector from its end: for each part the tests of its element, and whether it is the parent of the part before."""

    parts: tuple[tuple[tuple[Test, ...], bool], ...]
    rule: str


class Selectors:
    """The selectors of some rules, by what their last part asks for."""

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        """Compile (selector, id of its rule); raises ValueError for what is no selector, or one that is not for packs."""
        self._found: dict[str, list[_Selector]] = defaultdict(list)
        for text, rule in rules:
            for tree in _parsed(text):
                parts, key = _parts(tree, text)
                self._found[key].append(_Selector(parts, rule))

    def __bool__(self) -> bool:
        return bool(self._found)

    def rules_of(self, element: etree._Element) -> tuple[str, ...]:
        """Return the ids of the rules that take an element."""
        names = [f".{name}" for name in (element.get("class") or "").split()]
        keys = ("", element.tag, f"#{element.get('id')}", *dict.fromkeys(names))
        found = (selector for key in keys for selector in self._found.get(key, ()))
        return tuple(dict.fromkeys(selector.rule for selector in found if _matches(selector.parts, element)))


def _parsed(text: str) -> list[css.Selector]:
    try:
        return css.parse(text)
    except css.SelectorError as error:
        raise ValueError(f"css: {text!r} is no selector: {error}") from None


def _parts(selector: css.Selector, text: str) -> tuple[tuple[tuple[tuple[Test, ...], bool], ...], str]:
    """Return the parts of a selector from its end, and what its last part is found by."""
    if selector.pseudo_element is not None:
        raise ValueError(f"css: {text!r} names a part of an element, which has no text of its own")
    parts: list[tuple[tuple[Test, ...], bool]] = []
    keys: list[str] = []
    tree, is_parent = selector.parsed_tree, False
    while isinstance(tree, css.CombinedSelector):
        if tree.combinator not in (" ", ">"):
            raise ValueError(
                f"css: {text!r} has {tree.combinator!r}; a pack may ask for elements in elements, and for children"
            )
        tests, found_by = _tests(tree.subselector, text)
        parts.append((tests, is_parent))
        keys.append(found_by)
        is_parent, tree = tree.combinator == ">", tree.selector
    tests, found_by = _tests(tree, text)
    if len(parts) >= MAX_PARTS:
        raise ValueError(f"css: {text!r} has more than {MAX_PARTS} parts")
    return (*parts, (tests, is_parent)), [*keys, found_by][0]


def _tests(tree: object, text: str) -> tuple[tuple[Test, ...], str]:
    """Return the tests of one compound, and what it is found by: its id, a class, its tag, or "" for any element."""
    tests: list[Test] = []
    key = ""
    while not isinstance(tree, css.Element):
        if isinstance(tree, css.Class):
            key = key or f".{tree.class_name}"
            tests.append(_has_class(tree.class_name))
        elif isinstance(tree, css.Hash):
            key = f"#{tree.id}"
            tests.append(_compares("id", "=", tree.id))
        elif isinstance(tree, css.Attrib) and tree.operator in _OPERATORS and tree.namespace is None and tree.flag is None:
            tests.append(_compares(tree.attrib, tree.operator, (tree.value.value or "") if tree.value else ""))
        else:
            raise ValueError(f"css: {text!r} asks for more than tags, classes, ids and attributes")
        tree = tree.selector
    if tree.namespace is not None:
        raise ValueError(f"css: {text!r} names a namespace, which HTML has not")
    if tree.element is not None:
        tests.append(_has_tag(tree.element.lower()))
    return tuple(tests), key or (tree.element or "").lower()


def _has_class(name: str) -> Test:
    return lambda element: name in (element.get("class") or "").split()


def _has_tag(name: str) -> Test:
    return lambda element: element.tag == name


def _compares(name: str, operator: str, value: str) -> Test:
    def test(element: etree._Element) -> bool:
        has = element.get(name)
        return has is not None and _OPERATORS[operator](has, value)

    return test


def _matches(parts: tuple[tuple[tuple[Test, ...], bool], ...], element: etree._Element) -> bool:
    """Say whether an element and those around it are what a selector asks for.

    Between descendants the nearest element that fits leaves most for the rest, so nothing is tried twice.
    """
    at = 0
    near: etree._Element | None = element
    while at < len(parts):
        length = 1  # of a run of parts, each the parent of the one before
        while at + length < len(parts) and parts[at + length][1]:
            length += 1
        run = parts[at : at + length]
        while near is not None and not _is_run(run, near):
            near = near.getparent() if at else None  # the last part is the element itself
        if near is None:
            return False
        for _ in run:
            near = near.getparent() if near is not None else None
        at += length
    return True


def _is_run(run: tuple[tuple[tuple[Test, ...], bool], ...], element: etree._Element | None) -> bool:
    for tests, _ in run:
        if element is None or not all(test(element) for test in tests):
            return False
        element = element.getparent()
    return True
