"""Learn the pack of a site: rules found on most of its pages are kept where the others are read better with them.

`learn_site` is called by `flows.learning.site_task`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from cleaners.document.page import Page
from cleaners.learning.agreement import Agreement, SiteWords, agreement
from cleaners.learning.example_pages import ExamplePage, Read, example_pages
from cleaners.learning.field_gain import FieldGain, source_gain, time_gain
from cleaners.learning.known_templates import known_templates
from cleaners.learning.merge import merged
from cleaners.learning.proposal import GROUPS, Group, Proposal, propose
from cleaners.learning.settings import LearningSettings, shipped_settings
from cleaners.learning.site_pack import PackMaker
from cleaners.learning.site_pages import PageReading, SitePage, SitePages, read_with, site_page
from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import forget_rulesets
from cleaners.rules.model import EVERYWHERE, Pack
from cleaners.rules.page_template import PageTemplate
from cleaners.rules.registry import Library
from cleaners.rules.whole_lines import line_rule

MIN_PAGES = 10  # that differ, for a site to be learnt
FOLDS = 4
MAX_CHECKED = 30  # pages of a fold that are read to check a group
NO_TIME = datetime.max.replace(tzinfo=UTC)  # of pages captured at an unknown time
Packs = Sequence[tuple[str, bytes]]
# The groups that are judged by the fields that stories gain, each with its measure.
GAINS: dict[Group, Callable[[Iterable[Read]], FieldGain]] = {"times": time_gain, "sources": source_gain}


class GroupTrial(msgspec.Struct, frozen=True):
    """A group of rules as it was tried: the agreement of pages not learnt from, without it and with it, and the decision.

    Of the pages that were `checked`, `changed` are read differently with the group; `examples` are the most different ones.
    `gain` is that of forms of time or names of publishers.
    """

    group: Group
    without: Agreement
    with_it: Agreement
    is_accepted: bool
    checked: int
    changed: int
    examples: list[ExamplePage]
    gain: FieldGain = FieldGain(0, 0)


class LearntSite(msgspec.Struct, frozen=True):
    """The pack learnt of a site, the trials of its groups in order, and the agreement without it and with it.

    `pack` is None when nothing that was found reads pages better, or too few pages differ: `pages`, of those `given`. Beside a
    pack that the site has, it may hold templates alone; `known` are the templates of that one. `left_out` has the rules of the
    other groups, None without any.
    """

    pack: Pack | None
    trials: list[GroupTrial]
    before: Agreement
    after: Agreement
    pages: int
    given: int
    known: tuple[PageTemplate, ...] = ()
    left_out: Pack | None = None


class _Site(msgspec.Struct, frozen=True, eq=False):
    """The common ground of all folds of a site; `known` are the keys of lines that rules remove already."""

    name: str
    hosts: tuple[str, ...]
    words: SiteWords
    known: frozenset[str]
    any_site: Library
    old: Pack | None


class _Fold(msgspec.Struct, frozen=True, eq=False):
    """The rules that most of the pages propose, and the pages left, to check them on."""

    proposal: Proposal
    maker: PackMaker
    checked: list[SitePage]
    readings: list[PageReading]


def learn_site(
    name: str,
    pages: Sequence[Page],
    packs: Packs,
    *,
    hosts: Iterable[str] = (),
    old: Pack | None = None,
    settings: LearningSettings | None = None,
) -> LearntSite:
    """Return the pack that the pages of a site teach, in any order; `packs` are those for any site and for languages.

    `old` is the pack that the site has: its rules hold from the start, and new ones alone are learnt.

    The pages are parted by a digest of their texts. Groups of rules are learnt from all parts but one and tried on that one,
    one group after the other. A group stays where the pages agree better with their reading (`Agreement.better_by`), and
    hardly any prose is lost; forms of time and names of publishers stay where stories gain a field, and no page loses one.
    Then the groups that stay are learnt from all pages.
    """
    settings = settings or shipped_settings()
    ordered = [site_page(page) for page in _different(pages)]
    any_site = Library(packs)
    library = any_site.with_site(old) if old is not None else any_site
    whole = SitePages(ordered, [read_with(page, library) for page in ordered])
    words = SiteWords(whole, settings)
    before = agreement(whole.pages, whole.readings, words)
    if len(ordered) < MIN_PAGES:
        return LearntSite(None, [], before, before, len(ordered), len(pages))
    ruleset = library.ruleset(old)
    known = frozenset(known_lines(whole, ruleset, settings))
    site = _Site(name, tuple(hosts), words, known, any_site, old)
    folds = [_fold(whole, number, site, library, settings) for number in range(FOLDS)]
    trials, chosen, after = _choose(folds, site, settings)
    maker = PackMaker(name, hosts, whole, words, known, settings, old)
    proposal = propose(whole, words, library, settings)
    pack = maker.pack(proposal, chosen) or (maker.templates_alone(proposal) if old is not None else None)
    left_out = maker.pack(proposal, frozenset(GROUPS) - chosen)
    ends = (trials[0].without, after) if chosen else (before, before)
    return LearntSite(pack, trials, *ends, len(ordered), len(pages), known_templates(old), left_out)


def known_lines(whole: SitePages, ruleset: Ruleset, settings: LearningSettings) -> Iterator[str]:
    """Yield the keys of lines that are neither signs of the site nor new: rules remove them, or they give a time or a field."""
    times = ruleset.context.times
    for key, count in whole.counts.items():
        text, roles = whole.form(key), whole.roles[key]
        is_field = roles["field"] + roles["story"] > settings.field * count
        is_time = times.first(text) is not None or next(times.glued_starts(text), None) is not None
        if count > 1 and (is_field or is_time or line_rule(text, ruleset, EVERYWHERE) is not None):
            yield key


def _different(pages: Iterable[Page]) -> list[Page]:
    """Return the pages that differ in their texts, by the digests of these; of pages with one text that captured first."""
    found: dict[bytes, Page] = {}
    for page in sorted(pages, key=lambda page: (page.captured_at or NO_TIME, page.url, page.path)):
        found.setdefault(hashlib.sha256(page.text.encode("utf-8", "surrogatepass")).digest(), page)
    return [found[digest] for digest in sorted(found)]


def _fold(
    whole: SitePages,
    number: int,
    site: _Site,
    library: Library,
    settings: LearningSettings,
) -> _Fold:
    """Return the pages with one remainder as those checked on, and the rules learnt from all others."""
    learnt = whole.part(i for i in range(len(whole)) if i % FOLDS != number)
    checked = whole.part(range(number, len(whole), FOLDS))
    maker = PackMaker(site.name, site.hosts, learnt, site.words, site.known, settings, site.old)
    proposal = propose(learnt, site.words, library, settings)
    return _Fold(proposal, maker, checked.pages[:MAX_CHECKED], checked.readings[:MAX_CHECKED])


def _choose(
    folds: Sequence[_Fold], site: _Site, settings: LearningSettings
) -> tuple[list[GroupTrial], frozenset[Group], Agreement]:
    """Return the trials of the groups, the groups that stay, and the agreement with these."""
    readings = [fold.readings for fold in folds]
    best = _agreement_of(folds, readings, site)
    chosen: frozenset[Group] = frozenset()
    trials: list[GroupTrial] = []
    for group in GROUPS:
        tried_readings = [_read(fold, chosen | {group}, site) for fold in folds]
        tried = _agreement_of(folds, tried_readings, site)
        checked = [one for three in zip(folds, readings, tried_readings, strict=True) for one in _side_by_side(*three)]
        examples, changed = example_pages(checked)
        gain = GAINS[group](checked) if group in GAINS else FieldGain(0, 0)
        helps = gain.helps if group in GAINS else tried.better_by(best) > 0
        is_better = helps and tried.kept >= best.kept - settings.kept_loss
        trials.append(GroupTrial(group, best, tried, is_better, len(checked), changed, examples, gain))
        if is_better:
            chosen, best, readings = chosen | {group}, tried, tried_readings
    return trials, chosen, best


def _side_by_side(fold: _Fold, without: list[PageReading], with_it: list[PageReading]) -> Iterator[Read]:
    """Yield the pages that a fold is checked on with their readings without a group and with it."""
    return zip(fold.checked, without, with_it, strict=True)


def _read(fold: _Fold, groups: frozenset[Group], site: _Site) -> list[PageReading]:
    """Return the readings of the pages that a fold is checked on, with a pack of some groups."""
    pack = fold.maker.pack(fold.proposal, groups)
    if pack is None:
        return fold.readings
    library = site.any_site.with_site(merged(site.old, pack) if site.old is not None else pack)
    readings = [read_with(page, library) for page in fold.checked]
    forget_rulesets()
    return readings


def _agreement_of(folds: Sequence[_Fold], readings: Sequence[list[PageReading]], site: _Site) -> Agreement:
    """Return the mean agreement of all folds with readings of their pages."""
    found = [agreement(fold.checked, of_fold, site.words) for fold, of_fold in zip(folds, readings, strict=True)]
    mean = [sum(values) / len(found) for values in zip(*map(msgspec.structs.astuple, found), strict=True)]
    return Agreement(*mean)
