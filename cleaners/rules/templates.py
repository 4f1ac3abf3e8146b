"""Find the templates of a page, and confine the rules and layouts of a pack to them. Called by `cleaners.rules.registry`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.rules.layout import Layout
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import PageTemplate
from cleaners.text.normalize import line_key, lookup_key


class TemplateSigns:
    """The templates of some packs, by the look-up keys of their signs."""

    def __init__(self, templates: Iterable[PageTemplate]) -> None:
        self._of_key: dict[str, list[PageTemplate]] = defaultdict(list)
        for template in templates:
            for key in dict.fromkeys(map(lookup_key, template.signs)):
                self._of_key[key].append(template)

    def on(self, lines: Sequence[Line]) -> frozenset[str]:
        """Return the ids of the templates that have as many different signs among some lines as it takes."""
        if not self._of_key:
            return frozenset()
        found: dict[str, int] = defaultdict(int)
        needed: dict[str, int] = {}
        for key in self._of_key.keys() & {line_key(line.text) for line in lines}:
            for template in self._of_key[key]:
                found[template.id] += 1
                needed[template.id] = template.signs_needed
        return frozenset(name for name, count in found.items() if count >= needed[name])


def confine(pack: Pack, templates: frozenset[str]) -> Pack:
    """Return a pack without the rules and layouts of other templates than some.

    A rule or layout that names no template applies to pages of all.
    """

    def applies(part: Rule | Layout) -> bool:
        return not part.template or not templates.isdisjoint(part.template)

    return replace(pack, rule=tuple(filter(applies, pack.rule)), layout=tuple(filter(applies, pack.layout)))
