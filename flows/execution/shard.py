"""Clean one shard: read its pages, clean each, write its files, return counters. The unit of work on every engine.

Called by `flows.execution.engines`, `process_pool` and `dask`, and by the tasks of the Prefect flow.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from cleaners import BadPage, clean_page
from flows.display import printable_json
from flows.errors import OtherVersion
from flows.execution.progress import ProgressReporter
from flows.execution.site_lines import library_for
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source, SourceKey
from flows.inputs.fingerprint import current_stamp, input_digest
from flows.inputs.raw_page import UnreadablePage, page_of
from flows.inputs.row_names import RowNames
from flows.inputs.storage import open_file
from flows.layout import FOLDERS, RECORDS
from flows.options import WorkerSettings
from flows.output.atomic import LinesFile
from flows.output.lines import audit_line, no_story, quarantine_line, reason_of
from flows.output.lock import check_holder
from flows.output.metrics import Counts
from flows.output.sample import Sample
from flows.output.written import WrittenFile, written_file
from flows.packs import library_of
from flows.planning.carry_over import CarriedLines
from flows.planning.code_digest import code_digest
from flows.planning.shards import Shard
from flows.stories.sketches import carried_lines, last_line, sketch_lines, sketches_file

MAX_REFUSED = 5  # names of pages with one reason for quarantine
GC_THRESHOLDS = (100_000, 50, 100)  # allocations between young collections, young collections between older ones

# Of an input: to be cleaned; or unchanged, still being written, or gone after it was cleaned, so that it keeps its lines.
Situation = Literal["ready", "unchanged", "unsettled", "gone"]


def make_few_collections() -> None:
    """Make this process collect cyclic garbage rarely: cleaning makes few cycles, and each collection visits a whole page."""
    if 0 < gc.get_threshold()[0] < GC_THRESHOLDS[0]:
        gc.set_threshold(*GC_THRESHOLDS)


@dataclass(frozen=True, slots=True)
class CleanedInput:
    """The digest of an input's bytes, "" where the input is to be tried again, and its number of quarantined pages."""

    digest: str
    quarantined: int


@dataclass(slots=True)
class ShardResult:
    """The counters of a shard, a sample of its pages and its files as they were written.

    `files` are by names below the output folder. `done` are the inputs that were cleaned, by name and start.
    `unsettled` names the inputs that were left out because they are still being written, `refused` the first pages in
    quarantine by reason. `rows` counts the names of the fields of rows.
    """

    shard: str
    counts: Counts = field(default_factory=Counts)
    sample: Sample = field(default_factory=Sample)
    files: dict[str, WrittenFile] = field(default_factory=dict)
    done: dict[SourceKey, CleanedInput] = field(default_factory=dict)
    unsettled: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    rows: RowNames = field(default_factory=RowNames)

    def refuse(self, page: str, reason: str) -> None:
        """Count a page in quarantine, and note its name among the first ones by name."""
        self.counts.quarantined[reason] += 1
        names = self.refused.setdefault(reason, [])
        if len(names) < MAX_REFUSED or page < names[-1]:
            names[:] = sorted([*names, page])[:MAX_REFUSED]


def clean_shard(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean all pages of a shard and write its files; a page that cannot be cleaned goes to the quarantine file.

    Raises OtherVersion when this process has other code than the run, and Superseded when the run lost the output folder.
    """
    if settings.code not in ("", code_digest()):
        raise OtherVersion("the worker has another version of dehusk than the run")
    out = Path(settings.out)
    make_few_collections()
    with ExitStack() as stack:
        files = {folder: stack.enter_context(LinesFile(out / folder / f"{shard.name}.jsonl")) for folder in FOLDERS}
        sketches = stack.enter_context(LinesFile(sketches_file(out, shard.name))) if settings.stories else None
        cleaner = _ShardCleaner(shard, settings, files, sketches)
        for source in shard.sources:
            cleaner.add(source)
        if sketches is not None and files[RECORDS].lines:
            sketches.write([last_line(files[RECORDS].sha256, sketches.sha256)])
        if settings.holder:
            check_holder(out, settings.holder)
    result = cleaner.result
    for folder, file in files.items():
        if file.lines:
            result.files[f"{folder}/{file.path.name}"] = written_file(file.path, file.sha256)
    return result


class _ShardCleaner:
    """Cleans the inputs of a shard, one after the other, into its files."""

    def __init__(
        self, shard: Shard, settings: WorkerSettings, files: Mapping[str, LinesFile], sketches: LinesFile | None
    ) -> None:
        self.result = ShardResult(shard.name)
        self._shard, self._settings, self._files, self._sketches = shard, settings, files, sketches
        self._carried = CarriedLines(Path(settings.out), shard)
        self._progress = ProgressReporter(shard)

    def add(self, source: Source) -> None:
        """Clean an input, or carry over the lines that it has."""
        self._progress.start_source(source)
        situation = self._situation_of(source)
        if situation == "unsettled":
            self.result.unsettled.append(source.name)
        if situation != "ready":
            for folder, file in self._files.items():
                file.write(self._carried.of(folder, source))
            if self._sketches is not None:
                self._sketches.write(carried_lines(self._carried.of(RECORDS, source)))
            return
        quarantined = self.result.counts.quarantined
        before = quarantined.total()
        digest = _input_digest(source, self._settings.captured_at)
        was_readable = self._clean(source)
        self.result.done[source.name, source.start] = CleanedInput(digest if was_readable else "", quarantined.total() - before)

    def _situation_of(self, source: Source) -> Situation:
        if (source.name, source.start) in self._shard.carried:
            return "unchanged"
        if not source.stamp:
            return "ready"
        stamp = current_stamp(source, self._settings.captured_at)
        if stamp not in ("", source.stamp):
            return "unsettled"
        is_gone = not stamp or not _is_readable(source)
        return "gone" if is_gone and self._carried.has(source) else "ready"

    def _clean(self, source: Source) -> bool:
        """Clean the pages of an input and return whether all of it could be read."""
        result, files, settings, progress = self.result, self._files, self._settings, self._progress
        any_library = library_of(settings)
        encode = msgspec.json.Encoder().encode
        counts = result.counts
        counts.bytes += source.size
        was_readable = True
        for raw_page in read_pages(source, settings.fields, settings.captured_at, counts.not_pages, progress.track_file):
            if raw_page.fields is not None:
                result.rows.add(raw_page.fields)
            library = any_library
            try:
                if isinstance(raw_page, UnreadablePage):
                    raise raw_page.problem
                page = page_of(raw_page, library.selectors)
                library = library_for(settings, raw_page.url or page.url or page.metadata.url)
                cleaned = clean_page(page, library)
                if not cleaned.records:
                    raise BadPage("no-story", no_story(cleaned))
                records = [printable_json(encode(record)) for record in cleaned.records]
                audit = [printable_json(encode(audit_line(page, cleaned)))]
                sketches = sketch_lines(cleaned.records) if self._sketches is not None else []
            except Exception as error:  # one bad page must not fail its shard, whatever the error
                files["quarantine"].write([printable_json(encode(quarantine_line(raw_page, error, library.digest)))])
                result.refuse(raw_page.name, reason_of(error))
                was_readable = was_readable and not isinstance(error, OSError)
            else:
                result.sample.add_page(cleaned, result.shard, files["audit"].bytes, files["records"].bytes)
                files["records"].write(records)
                files["audit"].write(audit)
                if self._sketches is not None:
                    self._sketches.write(sketches)
                counts.add_page(cleaned)
            progress.report_page(counts)
        return was_readable


def _is_readable(source: Source) -> bool:
    try:
        with open_file(source.file) as file:
            return file.read(1) is not None
    except OSError:
        return False


def _input_digest(source: Source, option: str) -> str:
    """Return the digest of an input, "" for one that cannot be read."""
    try:
        return input_digest(source, option)
    except OSError:  # `read_pages` reports the reason
        return ""
