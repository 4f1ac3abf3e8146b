"""The CSS selectors of all packs, compiled when a page has an element that one of them may match.

Made by `cleaners.rules.registry`, applied by `cleaners.html.reader`. Most pages hold no id and no class that a pack names, and
are passed over without the matcher of `selectors`; it takes three times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from cleaners.html.selectors import Selectors

_SIMPLE = re.compile(r"[\w .#>-]+", re.ASCII)
_NAME = re.compile(r"[.#][\w-]+", re.ASCII)
_IDS, _CLASSES = (etree.XPath(f"//@{name}", smart_strings=False) for name in ("id", "class"))


class PageSelectors:
    """Selectors of rules, given as (selector, rule id) pairs."""

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        self._rules = tuple(rules)
        names = [_name_of(selector) for selector, _ in self._rules]
        self._are_named = all(names)
        self._ids, self._classes = (frozenset(name[1:] for name in names if name.startswith(mark)) for mark in "#.")

    def match(self, tree: etree._Element) -> dict[etree._Element, tuple[str, ...]]:
        """Return the elements of a page that rules remove, each with the ids of the rules."""
        return self._compiled.match(tree) if self._may_match(tree) else {}

    def _may_match(self, tree: etree._Element) -> bool:
        """Return whether an element of a page has an id or a class that a selector asks for."""
        if not self._are_named:
            return True
        if self._ids and not self._ids.isdisjoint(_IDS(tree)):
            return True
        return bool(self._classes) and not self._classes.isdisjoint(" ".join(_CLASSES(tree)).split())

    @cached_property
    def _compiled(self) -> Selectors:
        from cleaners.html.selectors import Selectors  # takes a tenth of a second to import

        return Selectors(self._rules)


def _name_of(selector: str) -> str:
    """Return an id or a class that every element matching a selector has, "" when there may be none.

    >>> _name_of("div #notice > p.box"), _name_of("p"), _name_of("#a, p")
    ('.box', '', '')
    """
    names = _NAME.findall(re.split(r"[ >]", selector)[-1]) if _SIMPLE.fullmatch(selector) else []
    return names[0] if names else ""
