"""Learn one site on any engine: its task is a file in the working folder, and the result a few rules with their evidence.

Called by `flows.learning.learn` through `run_shards`, with a shard for each site.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cleaners import BadPage, Page
from cleaners.learning.choice import LearntSite, learn_site
from cleaners.rules.load import read_pack
from flows.inputs.discovery import Source
from flows.inputs.raw_page import page_of
from flows.learning.sample import Place
from flows.learning.stored_page import read_stored
from flows.planning.shards import Shard

SUFFIX = ".task.json"


class SiteTask(msgspec.Struct, frozen=True):
    """A site to be learnt: the name of its pack, its hosts and the places of its pages; `pack` is the TOML that it has."""

    name: str
    hosts: tuple[str, ...]
    pages: list[tuple[str, Place]]
    pack: str = ""


@dataclass(frozen=True, slots=True)
class LearnSettings:
    """The packs for any site and for languages."""

    packs: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class SiteResult:
    """The result for a site, under the name of its shard."""

    shard: str
    task: SiteTask
    learnt: LearntSite


def write_task(work: Path, number: int, task: SiteTask) -> Shard:
    """Write the task of a site into the working folder, and return its shard, which has the size of the sampled pages."""
    name = f"site-{number:06}"
    file = work / f"{name}{SUFFIX}"
    file.write_bytes(msgspec.json.encode(task))
    return Shard(name, (Source(str(file), task.name, sum(place.size for _, place in task.pages)),))


def learn_shard(shard: Shard, settings: LearnSettings) -> SiteResult:
    """Learn the site of a shard."""
    (source,) = shard.sources
    task = msgspec.json.decode(Path(source.file).read_bytes(), type=SiteTask)
    old = read_pack(task.pack.encode(), task.name) if task.pack else None
    return SiteResult(shard.name, task, learn_site(task.name, list(_pages(task)), settings.packs, hosts=task.hosts, old=old))


def _pages(task: SiteTask) -> Iterator[Page]:
    """Yield the pages of a task but those that cannot be read as a page, as gathering lets through more than cleaning."""
    for file, place in task.pages:
        with suppress(BadPage):
            yield page_of(read_stored(Path(file), place))
