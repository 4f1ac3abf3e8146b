"""A pack of a site with rules learnt later: its own stay, new ones come after them.

Called by `cleaners.learning.choice`, and by `flows.learning.proposals` when a person accepts rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import count
from typing import Any, TypeVar

from msgspec.structs import replace

from cleaners.learning.known_templates import first_and_last
from cleaners.rules.layout import Layout
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import MAX_TEMPLATES, PageTemplate

Part = TypeVar("Part", Rule, Layout)


def merged(old: Pack, new: Pack) -> Pack:
    """Return a pack with the parts of two packs of one site; a new part gets a number behind its id where that is taken.

    A template of both, by its id and its signs, is one: seen from its first day to its last. A pack has MAX_TEMPLATES; the
    parts for new templates beyond them are left out.
    """
    of_old = {template.id: template for template in old.template}
    again = {template.id: template for template in new.template if _has_signs_of(template, of_old.get(template.id))}
    added = [template for template in new.template if template.id not in again]
    kept = {*again, *(template.id for template in added[: max(0, MAX_TEMPLATES - len(old.template))])}
    taken = {*(part.id for part in old.parts), *of_old}
    names = {name: name for name in again}
    names |= {template.id: take_free(template.id, taken) for template in added if template.id in kept}
    return replace(
        old,
        format=max(old.format, new.format),
        hosts=_joined(old.hosts, new.hosts),
        **_signs(old, new),
        time=(*old.time, *(replace(time, id=take_free(time.id, taken)) for time in new.time)),
        source=(*old.source, *(replace(source, id=take_free(source.id, taken)) for source in new.source)),
        template=(
            *(_seen_also(template, again.get(template.id)) for template in old.template),
            *(replace(template, id=names[template.id]) for template in added if template.id in kept),
        ),
        rule=(*old.rule, *(_renamed(rule, taken, names) for rule in new.rule if _is_for(rule, kept))),
        layout=(*old.layout, *(_renamed(layout, taken, names) for layout in new.layout if _is_for(layout, kept))),
    )


def _has_signs_of(template: PageTemplate, other: PageTemplate | None) -> bool:
    return other is not None and (template.signs, template.signs_needed) == (other.signs, other.signs_needed)


def _seen_also(template: PageTemplate, again: PageTemplate | None) -> PageTemplate:
    """Return a template with the days on which it was seen again."""
    return template if again is None else replace(template, seen=first_and_last((*template.seen, *again.seen)))


def _signs(old: Pack, new: Pack) -> dict[str, Any]:
    """Return the signs of the pages of both packs; where the packs need other numbers of them, those learnt last."""
    if old.signs and new.signs and old.signs_needed != new.signs_needed:
        return {"signs": new.signs, "signs_needed": new.signs_needed, "names": new.names}
    names, signs = _joined(old.names, new.names), _joined(old.signs, new.signs)
    return {"signs": signs, "signs_needed": new.signs_needed if new.signs else old.signs_needed, "names": names}


def _renamed(part: Part, taken: set[str], names: dict[str, str]) -> Part:
    """Return a rule or layout under an id that is free, confined to the same templates under their new ids."""
    confined = tuple(names[name] for name in part.template if name in names)
    return replace(part, id=take_free(part.id, taken), template=confined)


def _is_for(part: Rule | Layout, templates: Set[str]) -> bool:
    """Return whether a rule or layout is for pages of any template, or of one of some."""
    return not part.template or not templates.isdisjoint(part.template)


def take_free(name: str, taken: set[str]) -> str:
    """Return a name, with a number behind it where it is one of `taken`, and add it to these."""
    free = name if name not in taken else next(f"{name}-{i}" for i in count(2) if f"{name}-{i}" not in taken)
    taken.add(free)
    return free


def _joined(old: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def only(pack: Pack, ids: Set[str]) -> Pack:
    """Return a pack with the parts and templates of some ids, and with the templates that these name."""
    rules = tuple(rule for rule in pack.rule if rule.id in ids)
    layouts = tuple(layout for layout in pack.layout if layout.id in ids)
    times = tuple(time for time in pack.time if time.id in ids)
    sources = tuple(source for source in pack.source if source.id in ids)
    kept = ids | _named_in((*rules, *layouts))
    templates = tuple(template for template in pack.template if template.id in kept)
    return replace(pack, rule=rules, layout=layouts, time=times, source=sources, template=templates)


def without(pack: Pack, ids: Set[str]) -> Pack:
    """Return a pack without the parts and templates of some ids, and without templates that only these name.

    A template that another rule or layout names stays.
    """
    rules = tuple(rule for rule in pack.rule if rule.id not in ids)
    layouts = tuple(layout for layout in pack.layout if layout.id not in ids)
    times = tuple(time for time in pack.time if time.id not in ids)
    sources = tuple(source for source in pack.source if source.id not in ids)
    named = _named_in((*rules, *layouts))
    gone = (ids | _named_in((*pack.rule, *pack.layout))) - named
    templates = tuple(template for template in pack.template if template.id not in gone)
    return replace(pack, rule=rules, layout=layouts, time=times, source=sources, template=templates)


def _named_in(parts: Iterable[Rule | Layout]) -> frozenset[str]:
    """Return the ids of the templates that some rules and layouts name."""
    return frozenset(name for part in parts for name in part.template)
