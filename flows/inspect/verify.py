"""Verify an output folder: shards against checksums, ledgers against records and pages, stories against records.

Called by the command `dehusk verify`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from cleaners import BadPage, Record
from cleaners.output.record import RecordField
from flows.errors import Failed, Stale, UsageError
from flows.inputs.capture_time import FILE_TIME, SIDECAR
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source
from flows.inputs.fingerprint import current_stamp, file_digest, input_digest
from flows.inputs.listing import find_sources
from flows.inputs.raw_page import PLACE, RawPage, UnreadablePage, page_of
from flows.layout import ALL_FOLDERS, FOLDERS, IDENTITY, INPUTS, PART_SUFFIX, SHARD_NAME, SKETCHES, STATE_FILE
from flows.options import USUAL, RowFields
from flows.output.lines import AuditLine
from flows.output.lock import RunWatch, is_held
from flows.output.manifest import checksums_of_manifests, manifests_above
from flows.output.page_check import check_page
from flows.output.written import digests
from flows.planning.database import no_state, state_to_read
from flows.planning.shard_inputs import check_inputs
from flows.planning.state import KnownInput
from flows.regular_file import open_regular
from flows.stories.check import story_faults

NO_INPUTS: Mapping[str, Source] = MappingProxyType({})
REPLAYED: tuple[RecordField, ...] = ("title", "text", "source", "published_raw", "category", "attribution")
Row = TypeVar("Row")


def verify_output(out: Path, inputs: Sequence[str], state: str, fields: RowFields) -> Iterator[str]:
    """Yield a sentence for each problem of an output folder, judged by its state or, without one, by its manifests.

    Raises Failed when a run is at work there, or has begun meanwhile and changed what is verified. No run waits for this.
    """
    if not out.is_dir() or not any((out / name).is_dir() for name in FOLDERS):
        raise no_state(out)
    watch = RunWatch(out)
    if is_held(out):
        raise Failed(f"a run is at work in {out}; try again when it is over")
    try:
        for problem in _problems(out, inputs, state, fields):
            if watch.has_seen_a_run():
                raise Stale(problem)
            yield problem
    except (Stale, Failed, UsageError, OSError):
        if watch.has_seen_a_run():
            raise Failed(f"a run has begun in {out} and changes what is verified; try again when it is over") from None
        raise


def _problems(out: Path, inputs: Sequence[str], state: str, fields: RowFields) -> Iterator[str]:
    sources = {source.name: source for source in find_sources(inputs, out, follow_links=True)[0]} if inputs else {}
    shards, problems, _ = checksums_of_manifests(out)
    yield from problems
    if state or (out / STATE_FILE).exists():
        with state_to_read(out, state) as opened_state:  # at once, as a run that is to commit waits for who reads
            files, known = opened_state.shards(), [*opened_state.known()]
            newest = max((run.number for run in opened_state.last_runs(1)), default=0)
        yield from (f"{name} belongs to no run of the state" for name in manifests_above(out, newest))
        shards = {name: digests(written) for name, written in files.items()}
        yield from check_inputs(out, files, known)
        yield from story_faults(out, state, files).sentences()
        unchanged, unread = _unchanged(known, sources)
        yield from unread
        sources = {name: sources[name] for name in unchanged}
    elif not shards:
        raise no_state(out)
    elif not (out / IDENTITY).exists():
        yield f"{STATE_FILE} is missing"
    yield from verify(out, shards, sources, fields)


def _unchanged(known: Iterable[KnownInput], sources: Mapping[str, Source]) -> tuple[set[str], list[str]]:
    """Return the names of the inputs that have the bytes that were cleaned, in all their pieces, and problems of reading."""
    present, changed, problems = set(), set(), []
    for piece in known:
        source = sources.get(piece.name)
        if source is not None:
            present.add(piece.name)
            try:
                is_same = _has_digest(replace(source, start=piece.start, end=piece.end), piece.digest)
            except OSError as error:
                is_same = False
                if piece.digest:  # it could be read when it was cleaned
                    problems.append(f"{piece.name} cannot be read ({error.strerror}), so its ledger was not held to it")
            if not is_same:
                changed.add(piece.name)
    return present - changed, problems


def _has_digest(piece: Source, digest: str) -> bool:
    """Return whether a piece of an input has this digest, whichever option for capture times went into it; raises OSError."""
    try:
        return any(input_digest(piece, option) == digest for option in ("", FILE_TIME, SIDECAR))
    except FileNotFoundError:  # gone since it was found
        return False


def verify(
    out: Path, shards: Mapping[str, Mapping[str, str]], inputs: Mapping[str, Source] = NO_INPUTS, fields: RowFields = USUAL
) -> Iterator[str]:
    """Yield a sentence for each problem of an output folder that should hold these shards.

    A ledger that carries no text is compared with its page where that is among the `inputs`, which are by name.
    """
    expected = dict(chain.from_iterable(files.items() for files in shards.values()))
    for name, digest in sorted(expected.items()):
        try:
            actual = file_digest(out / name)
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror}"
            continue
        if not actual:
            yield f"{name} is missing"
        elif actual != digest:
            yield f"{name} is not as it was written"
    for folder in ALL_FOLDERS:
        for file in sorted((out / folder).glob("*")):
            name = f"{folder}/{file.name}"
            if file.name.endswith(PART_SUFFIX):
                yield f"{name} is half-written; the next run takes it away"
            elif SHARD_NAME.fullmatch(file.stem) and name not in expected and not _is_beside(folder, file.stem in shards):
                yield f"{name} belongs to no shard"
    for shard in sorted(shards):
        yield from _check_shard(out, shard, inputs, fields)


def _is_beside(folder: str, is_known: bool) -> bool:
    """Return whether a folder holds files of shards, of known ones or of any, that are not among those with checksums."""
    return folder == SKETCHES or (folder == INPUTS and is_known)


def _check_shard(out: Path, shard: str, inputs: Mapping[str, Source], fields: RowFields) -> Iterator[str]:
    """Yield the problems of a shard's ledgers and records; both are in the order of pages."""
    try:
        texts = _texts(out / "audit" / f"{shard}.jsonl", inputs, fields) if inputs else {}
        records = groupby(_lines(out / "records" / f"{shard}.jsonl", Record), key=lambda record: record.page.path)
        group = next(records, None)
        for line in _lines(out / "audit" / f"{shard}.jsonl", AuditLine):
            page_records: list[Record] = []
            path = line.page.path
            if group is not None and group[0] == path:
                page_records = list(group[1])
                group = next(records, None)
            text = texts.get(path) if line.text is msgspec.UNSET else line.text
            yield from (f"{path}: {problem}" for problem in check_page(line, page_records, text))
        for path, _ in chain([group] if group else [], records):
            yield f"{path}: its records have no ledger"
    except (OSError, msgspec.MsgspecError) as error:
        yield f"the shard {shard} cannot be read: {error}"


def _texts(audit: Path, inputs: Mapping[str, Source], fields: RowFields) -> dict[str, str]:
    """Return the texts of a shard's pages that are among the inputs and not carried by their ledgers; raises OSError."""
    paths = {line.page.path for line in _lines(audit, AuditLine) if line.text is msgspec.UNSET}
    texts: dict[str, str] = {}
    for name in sorted({name for path in paths for name in (path, PLACE.sub("", path))} & inputs.keys()):
        source = inputs[name]
        try:
            pages = dict(_pages(source, paths, fields))
        except OSError:
            if current_stamp(source, "") == source.stamp:
                raise
        else:
            if current_stamp(source, "") == source.stamp:  # else somebody has written it since it was found
                texts |= pages
    return texts


def _pages(source: Source, paths: set[str], fields: RowFields) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of some pages of an input, "" for one that is no page any more; raises OSError."""
    for page in read_pages(source, fields, "", Counter()):
        if isinstance(page, UnreadablePage) and isinstance(page.problem, OSError):
            raise OSError(page.problem.errno, page.problem.strerror, source.name)
        if isinstance(page, RawPage) and page.name in paths:
            try:
                yield page.name, page_of(page).text
            except BadPage:
                yield page.name, ""


def _lines(file: Path, type_: type[Row]) -> Iterator[Row]:
    decode = msgspec.json.Decoder(type_).decode
    if file.exists():
        with open_regular(str(file)) as lines:
            yield from map(decode, lines)
