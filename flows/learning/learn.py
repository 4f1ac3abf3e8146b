"""Learn the sites of inputs from end to end: gather, tell the sites apart, learn each, and write the proposals.

Called by the command `dehusk learn`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

from cleaners import BadPage
from cleaners.learning.choice import MIN_PAGES, LearntSite
from cleaners.learning.merge import take_free
from cleaners.learning.mixed_sites import tell_sites
from cleaners.learning.pack_text import pack_toml
from cleaners.learning.packs_of_groups import packs_of_groups
from cleaners.learning.settings import shipped_settings
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack
from flows.errors import UsageError
from flows.execution.engines import run_shards
from flows.execution.progress import SharedProgress
from flows.execution.run import Watch, unwatched
from flows.inputs.raw_page import page_of
from flows.learning.gather import Gathered, gather
from flows.learning.names import name_of_host, name_of_pages
from flows.learning.proposals import Proposals
from flows.learning.sample import MAX_SITES, SampledPage, SampleSizes
from flows.learning.site_task import LearnSettings, SiteResult, SiteTask, learn_shard, write_task
from flows.learning.working_folder import working_folder
from flows.options import RunOptions
from flows.output.manifest import ShardFailure
from flows.output.metrics import Counts
from flows.packs import read_packs
from flows.signals import is_stopping


@dataclass(slots=True)
class LearntSites:
    """The sites learnt, each by the name of its pack, and the rules proposed for them, and those that were left out.

    `few` counts the sites with fewer than MIN_PAGES pages, `dropped` those beyond the most sites that are learnt, `unreadable`
    pages by reason; `failed` are sites that could not be learnt, as when their process was ended twice.
    """

    sites: dict[str, LearntSite] = field(default_factory=dict)
    proposed: dict[str, Pack] = field(default_factory=dict)
    left_out: dict[str, Pack] = field(default_factory=dict)
    few: int = 0
    dropped: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)
    failed: list[ShardFailure] = field(default_factory=list)


def learn(
    inputs: Sequence[str],
    to: Path,
    options: RunOptions,
    site: str = "",
    most_sites: int = MAX_SITES,
    watch: Watch = unwatched,
) -> LearntSites:
    """Learn the sites of inputs, and write proposals into the folder `to`.

    With `site`, all pages without an address are of the site of that name; else they are told apart by their lines. Of more
    than `most_sites` hosts, those with the most pages are learnt.
    """
    proposals = Proposals(to)
    taken = names_of_packs(installed=options.installed_packs)
    if site in taken:
        raise UsageError(f"--site: there is a pack named {site} already; give your site another name")
    with working_folder(to) as work:
        gathered = gather(inputs, work, options, SampleSizes(sites=most_sites), watch)
        packs = general_packs(installed=options.installed_packs)
        above = Path(os.path.abspath(inputs[0])).name if len(inputs) == 1 else ""
        tasks = list(_tasks(gathered, proposals, taken, site, above))
        unreadable = dict(gathered.unreadable)
        learnt = LearntSites(dropped=len(gathered.dropped), unreadable=unreadable, failed=list(gathered.failed))
        large = [task for task in tasks if len(task.pages) >= MIN_PAGES]
        learnt.few = len(tasks) - len(large)
        for outcome in _learn_all(large, work, LearnSettings(packs), options, watch):
            if isinstance(outcome, ShardFailure):
                learnt.failed.append(outcome)
            else:
                learnt.sites[outcome.task.name] = outcome.learnt
    learnt.sites = dict(sorted(learnt.sites.items()))
    for name, found in learnt.sites.items():
        if found.pack is not None and (left := proposals.propose(found.pack)) is not None:
            learnt.proposed[name] = left
        if (others := proposals.leave_out(name, found.left_out)) is not None:
            learnt.left_out[name] = others
    return learnt


def general_packs(*, installed: bool) -> tuple[tuple[str, bytes], ...]:
    """Return the packs for any site and for languages: those of dehusk, and those of installed distributions."""
    packs = read_packs("", installed=installed)
    return tuple((name, toml) for name, toml in packs if not read_pack(toml, name, is_checked=True).is_site)


def names_of_packs(*, installed: bool) -> set[str]:
    """Return the names of the packs that come with dehusk and with installed distributions, as no other pack may have one."""
    return {read_pack(toml, name, is_checked=True).name for name, toml in read_packs("", installed=installed)}


def _learn_all(
    tasks: Sequence[SiteTask], work: Path, settings: LearnSettings, options: RunOptions, watch: Watch
) -> Iterator[SiteResult | ShardFailure]:
    """Yield the result of each site, on the engine of the options."""
    shards = [write_task(work, number, task) for number, task in enumerate(tasks)]
    workers = max(1, min(options.workers or os.cpu_count() or 1, len(shards)))
    function = partial(learn_shard, settings=settings)
    progress = SharedProgress(shards, unit="site")
    engine = (options.engine, options.scheduler, workers)
    with watch(progress), closing(run_shards(*engine, function, uuid4().hex, shards, progress)) as outcomes:
        for outcome in outcomes:
            progress.finish_shard(outcome.shard, Counts())
            yield outcome
    if is_stopping.is_set():
        raise KeyboardInterrupt


def _tasks(gathered: Gathered, proposals: Proposals, taken: Iterable[str], site: str, above: str) -> Iterator[SiteTask]:
    """Yield the task of each site, first those with an address; `above` is the name of the only input, "" for several."""
    names = {*taken}
    for host, sample in sorted(gathered.sites.items()):
        if host:
            name = take_free(name_of_host(host), names)
            yield _task(name, (host,), list(sample.sampled()), gathered, proposals)
    if "" in gathered.sites:
        for name, pages in _without_address(gathered, proposals, names, site, above):
            yield _task(name, (), pages, gathered, proposals)


def _without_address(
    gathered: Gathered, proposals: Proposals, names: set[str], site: str, above: str
) -> Iterator[tuple[str, list[SampledPage]]]:
    """Yield the name of each site of pages without an address, and its pages in the sample.

    Of several sites with one name, those that have a pack in use keep the name of it, however many pages each has now.
    """
    sampled = list(gathered.sites[""].sampled())
    if site:
        yield site, sampled
        return
    pages: list[SampledPage] = []
    texts: list[str] = []
    for page, raw in zip(sampled, gathered.pages_of(""), strict=True):
        try:
            texts.append(page_of(raw).text)
        except BadPage:
            continue
        pages.append(page)
    groups = tell_sites(texts, shipped_settings().site)
    bases = [name_of_pages((pages[i].name for i in group), above) for group in groups]
    in_use = [pack for base in sorted({*bases}) for pack in proposals.accepted_like(base) if pack.name not in names]
    packs = packs_of_groups([[texts[i] for i in group] for group in groups], in_use)
    names.update(pack.name for pack in packs if pack is not None)
    for group, base, pack in zip(groups, bases, packs, strict=True):
        yield pack.name if pack is not None else take_free(base, names), [pages[i] for i in group]


def _task(
    name: str, hosts: tuple[str, ...], pages: Sequence[SampledPage], gathered: Gathered, proposals: Proposals
) -> SiteTask:
    """Return the task of a site, with the pack that it has."""
    old = proposals.accepted(name)
    places = [(str(gathered.files[page.place.shard]), page.place) for page in pages]
    return SiteTask(name, hosts, places, pack_toml(old) if old is not None else "")
