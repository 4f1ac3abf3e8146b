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


class _Part(NamedTuple):
    """A compound of a selector: its tests, its bit, that of the part before it (0 for none), and the rule if it is the last."""

    tests: tuple[Test, ...]
    bit: int
    before: int
    is_child: bool
    rule: str


class Around(NamedTuple):
    """Which parts of selectors the elements around an element fit, as bits: all of them together, and its parent."""

    any: int = 0
    parent: int = 0


class Selectors:
    """The selectors of some rules, by what each of their parts asks for.

    What fits is carried from element to element on the way down, so that a page costs its elements, however deep it is.
    """

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        """Compile (selector, id of its rule); raises ValueError for what is no selector, or one that is not for packs."""
        self._parts: dict[str, list[_Part]] = defaultdict(list)
        bit = 1
        for text, rule in rules:
            for tree in _parsed(text):
                compounds = _compounds(tree, text)
                before = 0
                for number, (tests, key, is_child) in enumerate(compounds, 1):
                    last = rule if number == len(compounds) else ""
                    self._parts[key].append(_Part(tests, bit, before, is_child, last))
                    before, bit = bit, bit << 1

    def __bool__(self) -> bool:
        return bool(self._parts)

    def rules_of(self, element: etree._Element, around: Around) -> tuple[tuple[str, ...], Around]:
        """Return the ids of the rules that take an element, and what is around the elements in it."""
        names = [f".{name}" for name in (element.get("class") or "").split()]
        keys = ("", element.tag, f"#{element.get('id')}", *dict.fromkeys(names))
        fits = 0
        rules: list[str] = []
        for part in (part for key in keys for part in self._parts.get(key, ())):
            is_placed = not part.before or part.before & (around.parent if part.is_child else around.any)
            if is_placed and all(test(element) for test in part.tests):
                fits |= part.bit
                if part.rule:
                    rules.append(part.rule)
        return tuple(dict.fromkeys(rules)), Around(around.any | fits, fits)

    def around(self, element: etree._Element) -> Around:
        """Return what is around an element."""
        around = Around()
        for outer in reversed([*element.iterancestors()]):
            around = self.rules_of(outer, around)[1]
        return around


def _parsed(text: str) -> list[css.Selector]:
    try:
        return css.parse(text)
    except css.SelectorError as error:
        raise ValueError(f"css: {text!r} is no selector: {error}") from None


def _compounds(selector: css.Selector, text: str) -> list[tuple[tuple[Test, ...], str, bool]]:
    """Return the compounds of a selector: their tests, what they are found by, whether each is the one before's child."""
    if selector.pseudo_element is not None:
        raise ValueError(f"css: {text!r} names a part of an element, which has no text of its own")
    compounds: list[tuple[tuple[Test, ...], str, bool]] = []
    tree = selector.parsed_tree
    while isinstance(tree, css.CombinedSelector):
        if tree.combinator not in (" ", ">"):
            raise ValueError(
                f"css: {text!r} has {tree.combinator!r}; a pack may ask for elements in elements, and for children"
            )
        compounds.append((*_tests(tree.subselector, text), tree.combinator == ">"))
        tree = tree.selector
    if len(compounds) >= MAX_PARTS:
        raise ValueError(f"css: {text!r} has more than {MAX_PARTS} parts")
    return [(*_tests(tree, text), False), *reversed(compounds)]


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
