"""The output folder: made ready for a run, and freed of what a run that was killed has left in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from flows.errors import UsageError
from flows.layout import FOLDERS, PART_SUFFIX, REPORT, RUNS, SHARD_NAME, SPOOL_PREFIX
from flows.planning.state import State


def make_folders(out: Path) -> None:
    """Make the folders of an output folder; raises UsageError when it cannot be written to."""
    try:
        for name in (*FOLDERS, RUNS):
            folder = out / name
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                pass
    except OSError as error:
        raise UsageError(f"{out} cannot be written to ({error.strerror}); name another folder with --out") from None


def clear_parts(out: Path) -> None:
    """Take away what a process that was killed has left half-written."""
    for name in (*FOLDERS, RUNS):
        for part in (out / name).glob(f"*{PART_SUFFIX}"):
            part.unlink(missing_ok=True)
    for part in out.glob(f"{REPORT}.*{PART_SUFFIX}"):
        part.unlink(missing_ok=True)


def clear_remains(out: Path) -> None:
    """Take away what a run that was killed has left."""
    clear_parts(out)
    for folder in out.glob(f"{SPOOL_PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def clear_output(out: Path, state: State) -> None:
    """Take away what earlier runs made; files before the state, which a run that is killed in between then sees to be lost."""
    for file in _files(out):
        file.unlink()
    state.clear()


def check_known(out: Path, state: State) -> None:
    """Raise UsageError for an output folder of which nothing is known: what is in it could not be told from what comes."""
    if state.next_number() == 0 and (file := next(_files(out), None)):
        raise UsageError(f"{file} is there, but the state knows of no run; use --fresh to begin anew, or name another folder")


def _files(out: Path) -> Iterator[Path]:
    """Yield the files of shards; what else is there is not dehusk's to touch."""
    return (file for name in FOLDERS for file in (out / name).glob("*.jsonl") if SHARD_NAME.fullmatch(file.stem))
