"""The report of a run: one HTML file that shows what came in, what was made of it, and pages line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from flows.errors import UsageError
from flows.manifest import Manifest, read_manifest
from flows.page_texts import PageTexts
from flows.report_html import Told, render
from flows.report_pages import shown_pages
from flows.rows import RowFields
from flows.shard import QuarantineLine
from flows.sources import Source, find_sources
from flows.writing import REPORT, RUNS, write_whole

MAX_PAGES_BYTES = 4_000_000  # of the pages shown: with all else, the file stays under 5 MB
MOST_ROWS = 200  # of a table
RUNS_COMPARED = 30


def report(out: Path, run: str = "", inputs: Sequence[str] = (), to: str = "") -> Path:
    """Write the report of a run anew, by default of the last one, and return where it is.

    Texts that ledgers do not carry are read from the `inputs`, else from those that the run was given where they are still
    there. Raises UsageError when there is no such run.
    """
    name = f"{RUNS}/{Path(run).name.removesuffix('.json')}.json" if run else _last_run(out)
    manifest = read_manifest(out / name)
    try:
        found, _ = find_sources(inputs or manifest.options.get("inputs", ()), out)
    except UsageError:
        if inputs:
            raise
        found = []
    file = Path(to) if to else out / REPORT
    write_report(out, name, {source.name: source for source in found}, file)
    return file


def write_report(out: Path, name: str, sources: Mapping[str, Source], file: Path) -> None:
    """Write the report of the run whose manifest has that name."""
    manifest = read_manifest(out / name)
    fields = msgspec.convert(manifest.options.get("fields", {}), RowFields)
    names = _run_names(out)
    anew = {shard["name"] for later in _read(out, [other for other in names if other > name]) for shard in later.shards}
    sample = [place for place in manifest.sample if place.shard not in anew]
    texts = PageTexts([place.path for place in sample], sources, fields)
    pages = [*_within(MAX_PAGES_BYTES, map(msgspec.json.encode, shown_pages(out, sample, texts)))]
    shards = [shard["name"] for shard in manifest.shards if shard["name"] not in anew]
    quarantine = [*islice(_quarantine(out, shards), MOST_ROWS)]
    runs = [*_read(out, [other for other in names if other <= name][-RUNS_COMPARED:])]
    told = Told(name, manifest, runs, quarantine, pages, MOST_ROWS)
    write_whole(file, render(told).encode())


def _last_run(out: Path) -> str:
    if names := _run_names(out):
        return names[-1]
    raise UsageError(f"no run has been made in {out}; name the folder that was given to dehusk run as --out")


def _within(most: int, pages: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pages until they are so many bytes together; one that is too large for the rest is left out."""
    left = most
    for page in pages:
        if len(page) <= left:
            left -= len(page)
            yield page
        elif left < most // 10:
            return


def _run_names(out: Path) -> list[str]:
    """Return the names of all manifests, the oldest first."""
    return sorted(f"{RUNS}/{file.name}" for file in (out / RUNS).glob("*.json"))


def _read(out: Path, names: Iterable[str]) -> Iterator[Manifest]:
    """Yield what manifests say; one that cannot be read is left out."""
    for name in names:
        with suppress(UsageError):
            yield read_manifest(out / name)


def _quarantine(out: Path, shards: Iterable[str]) -> Iterator[QuarantineLine]:
    """Yield what is in quarantine of some shards."""
    decode = msgspec.json.Decoder(QuarantineLine).decode
    for shard in shards:
        try:
            with (out / "quarantine" / f"{shard}.jsonl").open("rb") as file:
                yield from map(decode, file)
        except (OSError, msgspec.MsgspecError):  # gone, or not as it was written; dehusk verify tells
            continue
