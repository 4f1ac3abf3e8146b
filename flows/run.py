"""A run from end to end: plan shards, clean them, bring the output folder up to date, write the manifest."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import msgspec

import cleaners
from flows.capture import FILE_TIME, SIDECAR, read_option
from flows.counts import Counts
from flows.drift import find_drift
from flows.errors import UsageError
from flows.pages import PLACE
from flows.rows import USUAL, RowFields
from flows.rules import load_library, read_packs
from flows.shard import Settings, ShardResult, clean_shard
from flows.shards import Shard, plan_shards
from flows.sources import Skipped, find_sources, printable
from flows.stdin import spool
from flows.storage import STDIN, is_url, shown
from flows.writing import FOLDERS, RUNS, LinesFile, write_whole

CleanShard = Callable[[Shard], ShardResult]


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; every field has its option on the command line and its parameter in the flow."""

    inputs: tuple[str, ...]
    out: str = "out"
    workers: int = 0
    captured_at: str = ""
    packs: str = ""
    site_packs: bool = True
    strict: bool = False
    fresh: bool = False
    fields: RowFields = USUAL


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run, how to clean them, and what was passed over; `spool` is where standard input was put."""

    options: Options
    settings: Settings
    shards: list[Shard]
    skipped: list[Skipped]
    began: datetime
    began_clock: float
    spool: TemporaryDirectory[str] | None = None

    @property
    def workers(self) -> int:
        """Return how many processes clean shards: as many as asked for or as there are cores, not more than shards."""
        return max(1, min(self.options.workers or os.cpu_count() or 1, len(self.shards)))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did."""

    out: str
    counts: Counts
    skipped: list[Skipped]
    manifest: str
    seconds: float
    drift: list[str]


def run(options: Options) -> Summary:
    """Clean all pages of the inputs, without Prefect."""
    plan = plan_run(options)
    with engine(plan) as clean:
        return finish(plan, map(clean, plan.shards) if plan.workers == 1 else _in_threads(clean, plan))


def _in_threads(clean: CleanShard, plan: Plan) -> Iterable[ShardResult]:
    with ThreadPoolExecutor(plan.workers) as threads:
        yield from threads.map(clean, plan.shards)


def plan_run(options: Options) -> Plan:
    """Return what a run has to do; raises UsageError for a user's mistake before anything is written."""
    began, began_clock = datetime.now(UTC), time.monotonic()
    out = Path(os.path.abspath(options.out))
    settings = Settings(
        out=str(out),
        packs=read_packs(options.packs),
        strict=options.strict,
        site_packs=options.site_packs,
        captured_at=read_option(options.captured_at),
        fields=options.fields,
    )
    load_library(settings.packs, strict=options.strict, site_packs=options.site_packs)
    files = [name for name in options.inputs if name != STDIN]
    sources, skipped = find_sources(files, out) if files or not options.inputs else ([], [])
    if settings.captured_at in (FILE_TIME, SIDECAR) and (STDIN in options.inputs or any(map(is_url, files))):
        raise UsageError(f"--captured-at {settings.captured_at} needs files on this machine; give a time instead")
    _make_folders(out, options.fresh)
    folder = None
    if STDIN in options.inputs:
        folder, source = spool(out)
        sources.append(source)
    return Plan(options, settings, plan_shards(sources, options.fields), skipped, began, began_clock, folder)


def _make_folders(out: Path, fresh: bool) -> None:
    """Make the output folder ready; with `fresh`, without what earlier runs left in it."""
    try:
        for name in (*FOLDERS, RUNS):
            folder = out / name
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                pass
            if fresh and name in FOLDERS:
                for file in folder.glob("*.jsonl"):
                    file.unlink()
    except OSError as error:
        raise UsageError(f"{out} cannot be written to ({error.strerror}); name another folder with --out") from None


@contextmanager
def engine(plan: Plan) -> Iterator[CleanShard]:
    """Give the function that cleans a shard: in this process, or in one of a pool when there is more than one worker."""
    if plan.workers == 1:
        yield lambda shard: clean_shard(shard, plan.settings)
        return
    with ProcessPoolExecutor(plan.workers, mp_context=get_context("spawn")) as pool:
        yield lambda shard: pool.submit(clean_shard, shard, plan.settings).result()


def finish(plan: Plan, results: Iterable[ShardResult]) -> Summary:
    """Add up the shards' counters, take out what this run replaces, and write the manifest."""
    done = list(results)
    counts = Counts()
    for result in done:
        counts = counts + result.counts
    out = Path(plan.settings.out)
    names = {source.name for shard in plan.shards for source in shard.sources}
    written = {name for result in done for name in result.files}
    for folder in FOLDERS:
        for file in sorted(out.glob(f"{folder}/*.jsonl")):
            if f"{folder}/{file.name}" not in written:
                _drop_replaced(file, names)
    seconds = time.monotonic() - plan.began_clock
    drift = find_drift(counts, out / RUNS)
    manifest = _write_manifest(plan, counts, done, seconds, drift)
    if plan.spool:
        plan.spool.cleanup()
    return Summary(plan.options.out, counts, plan.skipped, manifest, seconds, drift)


class _AnyLine(msgspec.Struct):
    """The part of a line of any output file that says which page it is of."""

    page: dict[str, str] = {}
    path: str = ""


def _drop_replaced(file: Path, names: set[str]) -> None:
    """Take the lines of pages that this run has cleaned anew out of a file that an earlier run wrote."""
    decode = msgspec.json.Decoder(_AnyLine).decode

    def is_replaced(line: bytes) -> bool:
        try:
            row = decode(line)
        except msgspec.MsgspecError:  # not written by dehusk, so not for dehusk to take out
            return False
        path = row.page.get("path") or row.path
        return path in names or PLACE.sub("", path) in names

    with file.open("rb") as lines:
        if not any(map(is_replaced, lines)):
            return
        lines.seek(0)
        with LinesFile(file) as kept:
            for line in lines:
                if not is_replaced(line):
                    kept.write([line.rstrip(b"\n")])


def shown_options(options: Options) -> dict[str, Any]:
    """Return what a run was asked for as it can be written anywhere: without secrets, whatever bytes names are made of."""
    inputs = tuple(printable(shown(name)) for name in options.inputs)
    return asdict(options) | {"inputs": inputs, "out": printable(options.out), "packs": printable(options.packs)}


def _write_manifest(plan: Plan, counts: Counts, done: Sequence[ShardResult], seconds: float, drift: list[str]) -> str:
    began = plan.began.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    manifest = {
        "dehusk": cleaners.__version__,
        "python": platform.python_version(),
        "rules": plan.settings.library().digest,
        "began": began,
        "seconds": round(seconds, 3),
        "options": shown_options(plan.options),
        "counts": counts.as_dict(),
        "shards": [{"name": result.shard, "files": result.files} for result in done],
        "drift": drift,
        "skipped": [asdict(skip) for skip in plan.skipped],
    }
    name = f"{RUNS}/{began.replace(':', '').replace('-', '')}.json"
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_whole(Path(plan.settings.out, name), content + b"\n")
    return name
