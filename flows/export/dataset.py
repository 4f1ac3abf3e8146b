"""Export the records of an output folder as a dataset: files of one format, optionally partitioned, and a card.

Called by the command `dehusk export`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

import cleaners
from flows.display import printable_json
from flows.errors import Failed, Stale, UsageError, is_disk_fault
from flows.export.dataset_card import Tally, render_card
from flows.export.duplicates import Duplicates, Unique, check_has_stories
from flows.export.filters import record_filter
from flows.export.partitions import PartitionedWriter, PartitionKey
from flows.export.records import TRIES, HeldRecords
from flows.export.writers import Format, writer_of
from flows.inputs.fingerprint import file_digest
from flows.layout import CONTRACT
from flows.output.atomic import clear, replaced_folder, write_whole
from flows.output.lock import is_held
from flows.signals import stopped_by_signals

CARD, MANIFEST, DATA = "README.md", "export.json", "data"
STORY_TABLE = ".stories.db"  # while the export is written


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of an export, with the names of the command line."""

    out: Path
    folder: Path
    format: Format = "parquet"
    where: tuple[str, ...] = ()
    partition_by: tuple[PartitionKey, ...] = ()
    force: bool = False
    state: str = ""
    skip_damaged: bool = False
    unique: Unique | None = None


class ExportManifest(msgspec.Struct, frozen=True):
    """The content of export.json.

    `files` holds the digest of every other file of the export, `left_out` a sentence for each damaged file of records that was
    left out.
    """

    contract: str
    dehusk: str
    format: str
    where: tuple[str, ...]
    partition_by: tuple[str, ...]
    counts: dict[str, int | dict[str, int]]
    files: dict[str, str]
    left_out: tuple[str, ...] = ()
    unique: str = ""


def export(options: ExportOptions) -> ExportManifest:
    """Write the records that meet all conditions into a new folder and return its manifest.

    With `unique`, one record of each story is chosen among all, and then held to the conditions. Raises UsageError for a
    mistake in the options, before anything is written, and Failed when there are no such records, when files of records are
    damaged or missing, unless `skip_damaged`, when stories are damaged, or when another process exports to the same folder.
    """
    record_filter(options.where)
    writer_of(options.format)
    check_destination(options.folder, options.out)
    if options.unique:
        check_has_stories(options.out)
    with stopped_by_signals(), replaced_folder(options.folder.resolve()) as part:
        if not options.force:
            check_untouched(options.folder)  # while no other export replaces it
        for _ in range(TRIES):
            try:
                tally, left_out = _write_data(part, options)
            except Stale:
                clear(part)
            else:
                return _write_card_and_manifest(part, options, tally, left_out)
        raise Failed(f"files in {options.out} changed while they were read; try again when the run there is over")


def check_destination(folder: Path, out: Path) -> None:
    """Raise UsageError when an export must never replace `folder`."""
    here, output = folder.resolve(), out.resolve()
    protected = {output, Path.cwd(), Path.home()}
    if output in here.parents or any(path == here or here in path.parents for path in protected):
        raise UsageError(f"an export cannot be at {folder}; name a folder of its own, as in: dehusk export {out} dataset")
    if here.exists() and not here.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")


def check_untouched(folder: Path) -> None:
    """Raise UsageError when a folder holds something else than an export as it was written."""
    here = folder.resolve()
    if here.is_dir() and any(here.iterdir()) and not _is_untouched(here):
        raise UsageError(
            f"{folder} is not an export as it was written; name another folder, or replace all that is in it with --force"
        )


def _is_untouched(folder: Path) -> bool:
    """Return whether a folder holds the files of an export as they were written, and no others."""
    try:
        files = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=ExportManifest).files
    except (OSError, msgspec.MsgspecError) as error:
        if isinstance(error, OSError) and is_disk_fault(error):
            raise
        return False
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return held == {*files, MANIFEST} and all(file_digest(folder / name) == digest for name, digest in files.items())


def _write_data(part: Path, options: ExportOptions) -> tuple[Tally, list[str]]:
    """Write the records and return their tally, and a sentence for each damaged file that was left out."""
    is_chosen, tally = record_filter(options.where), Tally()
    records = HeldRecords(options.out, options.state, skip_damaged=options.skip_damaged)
    with (
        Duplicates(options.out, part / STORY_TABLE, options.unique) as duplicates,
        PartitionedWriter(part / DATA, options.format, options.partition_by) as writer,
    ):
        for record, size in records:
            marked = duplicates.marked(record)
            if marked is not None and is_chosen(marked):
                tally.add(marked)
                writer.add(marked, size)
    tally.repeats_left_out, tally.in_no_story = duplicates.repeats_left_out, duplicates.in_no_story
    tally.stories_missing = duplicates.stories_missing
    if not tally.records:
        asked_for = " that was asked for" if options.where or options.unique else ""
        soon = "; a run is at work there" if is_held(options.out) else ""
        raise Failed(f"{options.out} holds no record{asked_for}; nothing was written{soon}")
    return tally, records.left_out


def _write_card_and_manifest(part: Path, options: ExportOptions, tally: Tally, left_out: Sequence[str]) -> ExportManifest:
    card = render_card(tally, options.format, options.where, options.partition_by, left_out, options.unique)
    (part / CARD).write_text(card, encoding="utf-8")
    data = sorted(path for path in (part / DATA).rglob("*") if path.is_file())
    files = {path.relative_to(part).as_posix(): file_digest(path) for path in (part / CARD, *data)}
    manifest = ExportManifest(
        CONTRACT, cleaners.__version__, options.format, options.where, options.partition_by, tally.as_dict(), files,
        tuple(left_out), options.unique or "",
    )  # fmt: skip
    write_whole(part / MANIFEST, printable_json(msgspec.json.format(msgspec.json.encode(manifest), indent=1)) + b"\n")
    return manifest
