"""Build the report of a run: one HTML file with its counters, its quarantine, and pages line by line.

Called by `flows.execution.results` after a run, and by the command `dehusk report`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from glob import escape
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import Library, shipped_packs
from cleaners.errors import PackError
from flows.errors import UsageError
from flows.inputs.discovery import Source
from flows.inputs.listing import list_sources
from flows.inputs.raw_page import PLACE
from flows.inputs.storage import STDIN, is_url
from flows.inspect.expected import Expected, expected_files
from flows.layout import REPORT, RUNS
from flows.output.atomic import write_whole
from flows.output.lines import QuarantineLine
from flows.output.lock import RunWatch
from flows.output.manifest import Manifest, manifest_names, order_of, read_manifest, readable_manifests, shards_of
from flows.output.part_file import remove_abandoned_parts
from flows.packs import compiled, read_packs
from flows.report.evidence import Explainer
from flows.report.held import ALL_SOUND, Held, held_shards
from flows.report.html import MOST_ROWS, Report
from flows.report.page_texts import PageTexts
from flows.report.pages import MAX_CHARS, shown_pages
from flows.report.reasons import reasons_of
from flows.stories.show import NO_STORIES, Overview, overview

RUNS_COMPARED = 30
Packs = tuple[tuple[str, bytes], ...]


class MadeReport(NamedTuple):
    """The file of a report, and sentences on damaged files in the output folder; it has no pages of their shards."""

    file: Path
    damaged: list[str]


def report(out: Path, run: str = "", inputs: Sequence[str] = (), to: str = "", state: str = "") -> MadeReport:
    """Write the report of a run anew, by default of the last one in the state, or else of the one with the highest number.

    Texts that ledgers do not carry are read from the `inputs`, by default from the run's own that are still on this machine.
    Raises UsageError when there is no such run, or the state cannot be used.
    """
    watch = RunWatch(out)
    expected = expected_files(out, state)
    name = f"{RUNS}/{Path(run).name.removesuffix('.json')}.json" if run else _last_run(out, expected)
    manifest = read_manifest(out / name, ("shards",))
    file = Path(to) if to else out / REPORT
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"--to: there can be no file {file}; name one in a folder that is there")
    names = {name for page in manifest.sample for name in (page.path, PLACE.sub("", page.path))}
    sources = {source.name: source for source in _sources(out, inputs, manifest) if source.name in names}
    held = held_shards(out, shards_of(out / name), expected)
    faults = {} if watch.has_seen_a_run() else held.faults  # a run at work changes files
    stories = NO_STORIES if expected is None else overview(out, state, expected.files)
    write_report(out, name, manifest, sources, _packs(manifest), file, Held(faults, held.rewritten), stories)
    return MadeReport(file, list(chain.from_iterable(faults.values())))


def _sources(out: Path, inputs: Sequence[str], manifest: Manifest) -> Iterable[Source]:
    follow_links = manifest.options.follow_links
    if inputs:
        return list_sources(inputs, out, follow_links=follow_links)[0]
    with suppress(UsageError):  # the inputs are gone
        names = [name for name in manifest.options.inputs if name != STDIN and not is_url(name)]
        return list_sources(names, out, follow_links=follow_links)[0]
    return []


def _packs(manifest: Manifest) -> Packs:
    """Return the shipped packs and, where they still exist, the other packs of the run."""
    with suppress(UsageError):
        return read_packs(manifest.options.packs, installed=manifest.options.installed_packs)
    return shipped_packs()


def write_report(
    out: Path,
    name: str,
    manifest: Manifest,
    sources: Mapping[str, Source],
    packs: Packs,
    file: Path,
    held: Held = ALL_SOUND,
    stories: Overview = NO_STORIES,
) -> None:
    """Write the report of the run with this manifest; `sources` are its inputs by name, from which texts are read.

    Its shards are read from the file called `name`.

    `held` tells shards of the run with damaged files, and those that later runs have written anew. `stories` are those of all
    records that are in the folder now.
    """
    names = manifest_names(out)
    rewritten = {*held.rewritten, *held.faults}
    for later in (other for other in names if order_of(other) > order_of(name)):
        with suppress(OSError, msgspec.MsgspecError):  # a manifest that `dehusk verify` reports
            rewritten |= {shard.name for shard in shards_of(out / later)}
    sample = [page for page in manifest.sample if page.shard not in rewritten]
    texts = PageTexts([page.path for page in sample], sources, manifest.options.fields, MAX_CHARS)
    shards = (shard.name for shard in shards_of(out / name) if shard.name not in rewritten)
    quarantine = [*islice(_quarantine(out, shards), MOST_ROWS)]
    runs = [*_read(out, [other for other in names if order_of(other) <= order_of(name)][-RUNS_COMPARED:])]
    faults = [fault for shard in sorted(held.faults) for fault in held.faults[shard]]
    report = Report(name, manifest, runs, quarantine, reasons_of(manifest.counts.rule_kinds, packs), faults, stories)
    pages = shown_pages(out, sample, texts, Explainer(_library(manifest, packs)))
    remove_abandoned_parts(file.parent, f"{escape(file.name)}.*")
    write_whole(file, report.render(map(msgspec.json.encode, pages)))


def _library(manifest: Manifest, packs: Packs) -> Library | None:
    """Return the library of a run, None if its packs or the code have changed since."""
    if not manifest.sample:
        return None
    try:
        library = compiled(packs, manifest.options.strict, manifest.options.site_packs)
    except PackError:  # a pack that was changed since the run and does not load
        return None
    return library if library.digest == manifest.rules else None


def _last_run(out: Path, expected: Expected | None) -> str:
    """Return the manifest of the newest run in the state; one that came from elsewhere may bear a higher number."""
    if expected is not None and expected.last_run and (out / expected.last_run).exists():
        return expected.last_run
    if names := manifest_names(out):
        return names[-1]
    raise UsageError(f"no run has left a manifest in {out}; name the folder that was given to dehusk run as --out")


def _read(out: Path, names: Iterable[str]) -> Iterator[Manifest]:
    """Yield the readable ones of these manifests."""
    return readable_manifests([out / name for name in names])


def _quarantine(out: Path, shards: Iterable[str]) -> Iterator[QuarantineLine]:
    """Yield the quarantined pages of some shards."""
    decode = msgspec.json.Decoder(QuarantineLine).decode
    for shard in shards:
        try:
            with (out / "quarantine" / f"{shard}.jsonl").open("rb") as file:
                yield from map(decode, file)
        except (OSError, msgspec.MsgspecError):  # gone or damaged, as dehusk verify reports
            continue
