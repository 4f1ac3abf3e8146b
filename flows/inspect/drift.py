"""Detect drift of sites: more pages than before without a known layout, without the signs of their site, or without a template.

Called by `flows.execution.results`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from cleaners import Library
from cleaners.rules.model import Pack
from cleaners.rules.page_template import PageTemplate
from flows.inspect.least_rise import Groups, Share, least_rise
from flows.output.manifest import Manifest, manifest_names, readable_manifests
from flows.output.metrics import Counts
from flows.output.site_months import EARLIER, UNDATED, MonthCounts, Months, SiteMonths, in_order, joined_months

RUNS_COMPARED = 20
ERROR_RATE = 0.01  # of runs in which no site has changed, so many tell a change
LEAST_RISE = 0.01  # of a site's pages: learning finds no template on fewer than 4 pages of a sample of 400
Sign = Literal["layout", "signs", "template"]
# The pages of which a rising share is a sign of a change, and the words for them in a sentence.
SIGNS: Mapping[Sign, tuple[Callable[[MonthCounts], Share], str]] = {
    "layout": (lambda month: Share(month.unknown_layout, month.pages), "follow no known layout"),
    "signs": (lambda month: Share(month.lacks_signs, month.pages), "lack its signs and are known by their address alone"),
    "template": (lambda month: Share(month.templates[""], month.templated), "have none of its templates"),
}


class Drift(NamedTuple):
    """A change of a site that a person should look at, in a sentence, and the counters by month that were compared."""

    site: str
    sentence: str
    months: Months


class Rise(NamedTuple):
    """The rise of a share of a site's pages since a month, "" for this run, and its lower bound."""

    least: float
    before: Share
    since: Share
    month: str = ""


def find_drift(
    counts: Counts, out: Path, library: Library, own: Collection[str] = (), *, is_fresh: bool = False
) -> list[Drift]:
    """Return the changes of sites with packs that a run with these counters shows, in the order of the sites.

    The share since each month of capture is compared with that before, and the share of the run with that of earlier runs into
    `out`. Months of earlier runs count as far as the same rules cleaned their pages, back to the last run that cleaned all
    anew (`is_fresh`: this one). A rise is told where its lower bound (`flows.inspect.least_rise`) is LEAST_RISE or more, at an
    error of ERROR_RATE by the number of comparisons (Bonferroni). `own` are the sites that `dehusk learn` can learn again.

    Unreadable manifests are left out: they are a record for people, not a state.
    """
    earlier = list(readable_manifests([out / name for name in manifest_names(out)[-RUNS_COMPARED:]]))
    months = _months(counts, [] if is_fresh else earlier, library.digest)
    sites = [site for site in library.sites if counts.sites[site.name]]
    comparisons = sum(len(SIGNS) * max(1, len(months.get(site.name, ()))) + len(site.template) for site in sites)
    error = ERROR_RATE / max(1, comparisons)
    return [
        Drift(site.name, f"{sentence}; {_advice(is_own=site.name in own)}", of_site)
        for site in sites
        for of_site in [months.get(site.name, {})]
        for sentence in _sentences(site, counts, earlier, of_site, error)
    ]


def _months(counts: Counts, earlier: Sequence[Manifest], rules: str) -> SiteMonths:
    """Return the counters by month of a run and of those before it by the same rules, since all was cleaned anew."""
    months = counts.months
    for manifest in reversed(earlier):
        if manifest.rules == rules:
            months = joined_months(months, manifest.counts.months)
        if manifest.options.fresh:
            break
    return months


def _sentences(site: Pack, counts: Counts, earlier: Sequence[Manifest], months: Months, error: float) -> Iterator[str]:
    """Yield a sentence for each change of a site."""
    dated = [name for name in in_order(months) if name != UNDATED]
    for sign, (share_of, words) in SIGNS.items():
        rise = _by_month(dated, [share_of(months[name]) for name in dated], error) or _by_run(
            site.name, sign, counts, earlier, error
        )
        if rise is not None:
            when, before = (f" since {rise.month}", "before") if rise.month else ("", "in earlier runs")
            yield f"{rise.since.value:.0%} of the pages of {site.name}{when} {words}, against {rise.before.value:.0%} {before}"
    for template in site.template:
        rise = _gone(template, dated, months, error)
        if rise is not None:
            share = f"{1 - rise.before.value:.0%}"
            yield f"no page of {site.name} since {rise.month} has its template {template.id}, against {share} before"


def _advice(*, is_own: bool) -> str:
    if is_own:
        return "has the site changed? learn it again beside its pack: dehusk learn INPUT --to PACKS"
    return "has the site changed? dehusk explain PAGE shows a page line by line"


def _by_month(names: Sequence[str], shares: Sequence[Share], error: float) -> Rise | None:
    """Return the steepest rise of a share from the months before one to those since, None where none is sure enough."""
    before, whole, best = Groups(), Groups(), None
    for share in shares:
        whole.add(share)
    for name, share in zip(names[1:], shares, strict=False):
        before.add(share)
        since = Share(whole.pages - before.pages, whole.of - before.of)
        rise = Rise(least_rise(before, since, error), before.share, since, name)
        if rise.least >= max(LEAST_RISE, best.least if best is not None else 0):
            best = rise
    return best


def _by_run(site: str, sign: Sign, counts: Counts, earlier: Sequence[Manifest], error: float) -> Rise | None:
    """Return the rise of a share from earlier runs to one with these counters, None where it is not sure enough."""
    before = Groups()
    for manifest in earlier:
        before.add(_share_of_run(site, sign, manifest.counts))
    since = _share_of_run(site, sign, counts)
    least = least_rise(before, since, error)
    return Rise(least, before.share, since) if least >= LEAST_RISE else None


def _share_of_run(site: str, sign: Sign, counts: Counts) -> Share:
    """Return a share of a site's pages in a run; older manifests know unknown layouts alone."""
    if sign == "layout":
        return Share(counts.unknown_layout[site], counts.sites[site])
    share_of, _ = SIGNS[sign]
    return share_of(sum(counts.months.get(site, {}).values(), MonthCounts()))


def _gone(template: PageTemplate, names: Sequence[str], months: Months, error: float) -> Rise | None:
    """Return the rise of the share of pages without a template since the month after the last one with it.

    It is None while the template is seen, where its pack says that it was not seen after that month, or if it is not sure.
    """
    seen = [i for i, name in enumerate(names) if months[name].templates[template.id]]
    last = seen[-1] + 1 if seen else len(names)
    known = max(template.seen, default="")[: len("2025-07")]
    if last == len(names) or names[last - 1] == EARLIER or names[last - 1] <= known:
        return None
    templated = [months[name].templated for name in names]
    whole, without = sum(templated[:last]), sum(templated[last:])
    before = Groups()
    before.add(Share(whole - sum(months[name].templates[template.id] for name in names), whole))
    least = least_rise(before, Share(without, without), error)
    return Rise(least, before.share, Share(without, without), names[last]) if least >= LEAST_RISE else None
