"""The templates of a site beside those that its pack has: known ones are found again on the pages, and others are new.

Called by `cleaners.learning.site_pack`, `cleaners.learning.merge` and `cleaners.learning.choice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cleaners.learning.site_pages import SitePages
from cleaners.learning.templates import signs_of
from cleaners.rules.layout import Layout
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import PageTemplate
from cleaners.rules.templates import TemplateSigns
from cleaners.text.normalize import NO_KEY, line_key

SIGNS_NEEDED = 2  # of a new template
Cluster = Sequence[int]  # the indices of pages of one template


class FoundTemplates(NamedTuple):
    """The template of each cluster of pages, None where none is told apart, and known templates that the pack must name now."""

    of_clusters: list[PageTemplate | None]
    beside: tuple[PageTemplate, ...] = ()

    def news(self, old: Pack | None, named: Iterable[str] = ()) -> tuple[PageTemplate, ...]:
        """Return the templates that `old` has not, or not seen on the same days, and those of the ids in `named`."""
        before = old.template if old is not None else ()
        found = dict.fromkeys((*self.beside, *(one for one in self.of_clusters if one is not None)))
        named = {*named}
        return tuple(template for template in found if template.id in named or template not in before)


def find_templates(
    pages: SitePages, clusters: Sequence[Cluster], known_lines: frozenset[str], name: str, old: Pack | None
) -> FoundTemplates:
    """Return the template of each cluster of pages: one of the pack `old` that more than half of them have, else a new one.

    `known_lines` are no signs of a new template; `name` is that of the pack. Where all pages are of one template, it needs
    no name, unless the pack names templates or the signs of the pack have left these pages.
    """
    known = known_templates(old)
    found = [_found_again(pages, cluster, known) for cluster in clusters]
    is_named = old is not None and bool(old.template)
    if not is_named and None not in found:  # the signs of the pack tell no templates apart
        known, found = (), [None] * len(clusters)
    if not known and len(clusters) < 2:
        return FoundTemplates(found)
    taken = {part.id for part in (*_parts(old), *known)}
    names = iter(_free_names(name, taken, len(clusters)))
    new = [template or _new(pages, cluster, known_lines, names) for template, cluster in zip(found, clusters, strict=True)]
    if not is_named and {*new} <= {*found, None}:  # too few lines tell the new pages apart
        return FoundTemplates([None] * len(clusters))
    again = {template.id for template in found if template is not None}
    return FoundTemplates(new, () if is_named else tuple(template for template in known if template.id not in again))


def known_templates(pack: Pack | None) -> tuple[PageTemplate, ...]:
    """Return the templates of a pack. A pack that names none has one all the same: that of the pages with its signs.

    The days of this one are those of the evidence in the pack; without signs enough to tell its pages there is none.
    """
    if pack is None or pack.template:
        return pack.template if pack is not None else ()
    signs = {key: sign for sign in pack.signs if (key := line_key(sign)) not in ("", NO_KEY)}
    if len(signs) < pack.signs_needed:
        return ()
    evidence = [part.evidence for part in _parts(pack) if part.evidence is not None]
    seen = first_and_last(day for one in evidence for day in (one.first, one.last))
    (name,) = _free_names(pack.name, {part.id for part in _parts(pack)}, 1)
    return (PageTemplate(id=name, signs=tuple(signs.values()), signs_needed=pack.signs_needed, seen=seen),)


def first_and_last(days: Iterable[str]) -> tuple[str, ...]:
    """Return the first and the last of some days, none where none is known; "" is no day."""
    known = [day for day in days if day]
    return (min(known), max(known)) if known else ()


def _found_again(pages: SitePages, cluster: Cluster, known: Sequence[PageTemplate]) -> PageTemplate | None:
    """Return the known template that more than half of some pages have, seen on their days as well; None for none."""
    signs = TemplateSigns(known)
    on = Counter(name for i in cluster for name in signs.on(pages.pages[i].lines))
    name = min(on, key=lambda name: (-on[name], name), default="")
    if 2 * on[name] <= len(cluster):
        return None
    template = next(template for template in known if template.id == name)
    return replace(template, seen=first_and_last((*template.seen, *pages.days(cluster))))


def _new(pages: SitePages, cluster: Cluster, known_lines: frozenset[str], names: Iterable[str]) -> PageTemplate | None:
    """Return a new template of some pages with its signs, None when too few lines tell it apart."""
    signs = signs_of(pages, cluster, known_lines)
    if len(signs) < SIGNS_NEEDED:
        return None
    seen = first_and_last(pages.days(cluster))
    return PageTemplate(id=next(iter(names)), signs=tuple(signs), signs_needed=SIGNS_NEEDED, seen=seen)


def _free_names(pack: str, taken: set[str], number: int) -> list[str]:
    """Return so many ids of templates that are not taken."""
    names = (f"{pack}.template-{i}" for i in range(1, len(taken) + number + 1))
    return [name for name in names if name not in taken][:number]


def _parts(pack: Pack | None) -> tuple[Rule | Layout, ...]:
    return (*pack.rule, *pack.layout) if pack is not None else ()
