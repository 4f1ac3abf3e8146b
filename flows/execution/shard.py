"""Clean one shard: read its pages, clean each, write its files, return counters. The unit of work on every engine."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cleaners import clean_page
from flows.errors import OtherVersion
from flows.execution.progress import ProgressReporter
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source
from flows.inputs.raw_page import Unread, page_of
from flows.inputs.storage import open_file
from flows.layout import FOLDERS
from flows.options import WorkerSettings
from flows.output.atomic import LinesFile
from flows.output.lines import audit_line, quarantine_line, reason_of
from flows.output.lock import check_holder
from flows.output.metrics import Counts
from flows.output.sample import Sample
from flows.packs import library_of
from flows.planning.carry_over import CarriedLines, Key
from flows.planning.fingerprint import code_digest, current_stamp, input_digest
from flows.planning.shards import Shard

COLLECTIONS = (100_000, 50, 100)  # objects made between looks at the young ones, and how many of those make an older look


def make_few_collections() -> None:
    """Let this process look for reference cycles rarely: cleaning makes few, and each look goes over all that a page holds."""
    if 0 < gc.get_threshold()[0] < COLLECTIONS[0]:
        gc.set_threshold(*COLLECTIONS)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an input: the digest of its bytes, "" where it is to be tried again, and how many of its pages are bad."""

    digest: str
    quarantined: int


@dataclass(slots=True)
class ShardResult:
    """What became of a shard.

    Its counters, some of its pages for people to look at, the digest of each file written by its name under the output
    folder, what became of each input that was cleaned by its name and start, and the names of those that were left because
    they are being written.
    """

    shard: str
    counts: Counts = field(default_factory=Counts)
    sample: Sample = field(default_factory=Sample)
    files: dict[str, str] = field(default_factory=dict)
    done: dict[Key, Done] = field(default_factory=dict)
    unsettled: list[str] = field(default_factory=list)


def clean_shard(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean all pages of a shard and write its files; a page that cannot be cleaned goes to the quarantine file."""
    if settings.code not in ("", code_digest()):
        raise OtherVersion("the worker has another version of dehusk than the run")
    out = Path(settings.out)
    result = ShardResult(shard.name)
    carried = CarriedLines(out, shard)
    make_few_collections()
    progress = ProgressReporter(shard)
    with ExitStack() as stack:
        files = {folder: stack.enter_context(LinesFile(out / folder / f"{shard.name}.jsonl")) for folder in FOLDERS}
        for source in shard.sources:
            progress.begin(source)
            key = (source.name, source.start)
            is_kept = key in shard.kept
            if not is_kept and source.stamp:
                now = current_stamp(source, settings.captured_at)
                is_unsettled = now not in ("", source.stamp)  # changed since it was listed: it is being written
                if is_unsettled:
                    result.unsettled.append(source.name)
                is_gone = not now or not _can_be_read(source)
                is_kept = is_unsettled or (is_gone and carried.has(source))  # what is gone keeps what it has
            if is_kept:
                for folder, file in files.items():
                    file.write(carried.of(folder, source))
                continue
            before = result.counts.quarantined.total()
            digest = _input_digest(source, settings.captured_at)
            has_all = _clean_source(source, settings, files, result, progress)
            result.done[key] = Done(digest if has_all else "", result.counts.quarantined.total() - before)
        if settings.holder:
            check_holder(out, settings.holder)
    for folder, file in files.items():
        if file.lines:
            result.files[f"{folder}/{file.path.name}"] = file.sha256
    return result


def _can_be_read(source: Source) -> bool:
    try:
        with open_file(source.file) as file:
            return file.read(1) is not None
    except OSError:
        return False


def _input_digest(source: Source, option: str) -> str:
    """Return the digest of an input, "" for one that cannot be read."""
    try:
        return input_digest(source, option)
    except OSError:  # reading its pages will say why
        return ""


def _clean_source(
    source: Source, settings: WorkerSettings, files: Mapping[str, LinesFile], result: ShardResult, progress: ProgressReporter
) -> bool:
    """Clean the pages of one input into the files of its shard; say whether it could be read, to be tried again if not."""
    library = library_of(settings)
    encode = msgspec.json.Encoder().encode
    counts = result.counts
    counts.bytes += source.size
    has_all = True
    for found in read_pages(source, settings.fields, settings.captured_at, counts.not_pages, progress.follow):
        try:
            if isinstance(found, Unread):
                raise found.problem
            page = page_of(found, library.selectors)
            cleaned = clean_page(page, library)
            rows = [encode(record) for record in cleaned.records]
            audit = [encode(audit_line(page, cleaned))]
        except Exception as error:  # one bad page must not sink its shard, whatever it did
            files["quarantine"].write([encode(quarantine_line(found, error, library.digest))])
            counts.quarantined[reason_of(error)] += 1
            has_all = has_all and not isinstance(error, OSError)
        else:
            result.sample.add_page(cleaned, result.shard, files["audit"].bytes, files["records"].bytes)
            files["records"].write(rows)
            files["audit"].write(audit)
            counts.add_page(cleaned)
        progress.report_page(counts)
    return has_all
