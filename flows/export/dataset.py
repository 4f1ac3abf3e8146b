"""Export the records of an output folder as a dataset: files in one format, by folders if asked for, and a card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

import cleaners
from flows.errors import Failed, Stale, UsageError
from flows.export.dataset_card import Tally, render_card
from flows.export.filters import record_filter
from flows.export.partitions import PartitionedWriter
from flows.export.writers import writer_of
from flows.layout import CONTRACT
from flows.output.atomic import clear, replaced_folder, write_whole
from flows.output.lines import read_records
from flows.output.lock import is_held
from flows.planning.fingerprint import file_digest
from flows.signals import stopped_by_signals

TRIES = 5  # to read a folder from which files go meanwhile
CARD, ABOUT, DATA = "README.md", "export.json", "data"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the options of the command ask for."""

    out: Path
    folder: Path
    format: str = "parquet"
    where: tuple[str, ...] = ()
    partition_by: tuple[str, ...] = ()
    force: bool = False


class ExportManifest(msgspec.Struct, frozen=True):
    """What an export tells of itself to machines, in export.json; `files` holds the digest of every other file."""

    contract: str
    dehusk: str
    format: str
    where: tuple[str, ...]
    partition_by: tuple[str, ...]
    counts: dict[str, int | dict[str, int]]
    files: dict[str, str]


def export(asked: ExportOptions) -> ExportManifest:
    """Write the records that answer all conditions into a folder of their own, and return what it tells of itself."""
    record_filter(asked.where)  # this and the next for what is wrong with them, before anything is written
    writer_of(asked.format)
    check_place(asked.folder, asked.out, force=asked.force)
    with stopped_by_signals(), replaced_folder(asked.folder.resolve()) as part:
        for _ in range(TRIES):
            try:
                tally = _write_data(part, asked)
            except Stale:
                clear(part)
            else:
                return _write_about(part, asked, tally)
        raise Failed(f"files went from {asked.out}/records while they were read; try again when the run there is over")


def check_place(folder: Path, out: Path, *, force: bool) -> None:
    """Raise UsageError when an export must not take the place of what is at `folder`."""
    here, output = folder.resolve(), out.resolve()
    holds = {output, Path.cwd(), Path.home()}
    if output in here.parents or any(path == here or here in path.parents for path in holds):
        raise UsageError(f"an export cannot be at {folder}; name a folder of its own, as in: dehusk export {out} dataset")
    if here.exists() and not here.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    if here.is_dir() and any(here.iterdir()) and not force and not _is_untouched(here):
        raise UsageError(
            f"{folder} is not an export as it was written; name another folder, or replace all that is in it with --force"
        )


def _is_untouched(folder: Path) -> bool:
    """Say whether a folder holds the files of an export as they were written, and no other."""
    try:
        files = msgspec.json.decode((folder / ABOUT).read_bytes(), type=ExportManifest).files
    except (OSError, msgspec.MsgspecError):
        return False
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return held == {*files, ABOUT} and all(file_digest(folder / name) == digest for name, digest in files.items())


def _write_data(part: Path, asked: ExportOptions) -> Tally:
    chosen, tally = record_filter(asked.where), Tally()
    with PartitionedWriter(part / DATA, asked.format, asked.partition_by) as parts:
        for record, size in read_records(asked.out):
            if chosen(record):
                tally.add(record)
                parts.add(record, size)
    if not tally.records:
        soon = "; a run is at work there" if is_held(asked.out) else ""
        raise Failed(f"{asked.out} holds no record{' that was asked for' if asked.where else ''}; nothing was written{soon}")
    return tally


def _write_about(part: Path, asked: ExportOptions, tally: Tally) -> ExportManifest:
    """Write the card for people, and what machines are told."""
    (part / CARD).write_text(render_card(tally, asked.format, asked.where, asked.partition_by), encoding="utf-8")
    data = sorted(path for path in (part / DATA).rglob("*") if path.is_file())
    files = {path.relative_to(part).as_posix(): file_digest(path) for path in (part / CARD, *data)}
    about = ExportManifest(
        CONTRACT, cleaners.__version__, asked.format, asked.where, asked.partition_by, tally.as_dict(), files
    )
    write_whole(part / ABOUT, msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n")
    return about
