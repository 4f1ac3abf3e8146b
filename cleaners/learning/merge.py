"""A pack of a site with rules learnt later: its own stay, new ones come after them.

Called by `cleaners.learning.choice`, and by `flows.learning.proposals` when a person accepts rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import count
from typing import TypeVar

from msgspec.structs import replace

from cleaners.rules.layout import Layout
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import MAX_TEMPLATES

Part = TypeVar("Part", Rule, Layout)


def merged(old: Pack, new: Pack) -> Pack:
    """Return a pack with the parts of two packs of one site; a new part gets a number behind its id where that is taken.

    A pack has MAX_TEMPLATES; the parts for new templates beyond them are left out.
    """
    kept = {template.id for template in new.template[: max(0, MAX_TEMPLATES - len(old.template))]}
    new = replace(
        new,
        template=tuple(template for template in new.template if template.id in kept),
        rule=tuple(rule for rule in new.rule if _is_for(rule, kept)),
        layout=tuple(layout for layout in new.layout if _is_for(layout, kept)),
    )
    taken = {*(rule.id for rule in old.rule), *(layout.id for layout in old.layout), *(one.id for one in old.template)}
    names = {template.id: take_free(template.id, taken) for template in new.template}
    templates = [replace(template, id=names[template.id]) for template in new.template]
    rules = [_renamed(rule, taken, names) for rule in new.rule]
    layouts = [_renamed(layout, taken, names) for layout in new.layout]
    return replace(
        old,
        format=max(old.format, new.format),
        hosts=_joined(old.hosts, new.hosts),
        signs=_joined(old.signs, new.signs),
        template=(*old.template, *templates),
        rule=(*old.rule, *rules),
        layout=(*old.layout, *layouts),
    )


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


def without(pack: Pack, ids: Set[str]) -> Pack:
    """Return a pack without the rules and layouts of some ids, and without the templates that no other part names."""
    rules = tuple(rule for rule in pack.rule if rule.id not in ids)
    layouts = tuple(layout for layout in pack.layout if layout.id not in ids)
    named = {name for rule in rules for name in rule.template} | {name for layout in layouts for name in layout.template}
    templates = tuple(template for template in pack.template if template.id in named)
    return replace(pack, rule=rules, layout=layouts, template=templates)
