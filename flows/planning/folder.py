"""Prepare an output folder for a run: make its folders, remove the remains of a killed run or all earlier output.

Called by `flows.execution.context`, before and after a run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from flows.errors import Failed, UsageError, is_disk_fault
from flows.layout import (
    ALL_FOLDERS,
    FOLDERS,
    IDENTITY,
    INPUTS,
    LEARNING_PREFIX,
    LINES_FILE,
    README,
    REPORT,
    SHARD_NAME,
    SKETCHES,
    SPOOL_PREFIX,
    STORIES,
    STORIES_NAME,
)
from flows.output.atomic import make_folder, remove_files, write_whole
from flows.output.part_file import remove_abandoned_parts
from flows.planning.state import CLEARING, State

README_FILE = Path(__file__).parents[1] / "output" / "templates" / README
README_BEGIN = b"# This folder\n\ndehusk wrote this folder."  # by which dehusk knows its own, also of other versions


def make_folders(out: Path) -> None:
    """Make an output folder and the folders in it; raises UsageError when they cannot be written to."""
    try:
        for name in ALL_FOLDERS:
            folder = out / name
            make_folder(folder)
            with TemporaryFile(dir=folder):
                pass
    except OSError as error:
        raise _not_writable(out, error) from None


def write_readme(out: Path) -> None:
    """Write the contract into an output folder, unless it is there or a README of somebody else is.

    Raises UsageError when the folder cannot be written to.
    """
    readme = out / README
    content = README_FILE.read_bytes()
    try:
        present = readme.read_bytes() if readme.is_file() else b""
        is_ours = not readme.exists() or present.startswith(README_BEGIN)
        if is_ours and present != content:
            write_whole(readme, content)
    except OSError as error:
        raise _not_writable(out, error) from None


def _not_writable(out: Path, error: OSError) -> UsageError | Failed:
    if is_disk_fault(error):
        return Failed(f"{out} cannot be written to ({error.strerror}); mend that, and run the same command again")
    return UsageError(f"{out} cannot be written to ({error.strerror}); name another folder with --out")


def clear_parts(out: Path) -> int:
    """Remove the unfinished files of killed processes, and none that a process is writing; return their number."""
    in_folders = sum(remove_abandoned_parts(out / name) for name in ALL_FOLDERS)
    return in_folders + sum(remove_abandoned_parts(out, f"{name}.*") for name in (REPORT, README, IDENTITY, LINES_FILE))


def clear_remains(out: Path) -> int:
    """Remove the unfinished files, spooled inputs and sampled pages of killed runs; return their number."""
    number = clear_parts(out)
    for folder in (*out.glob(f"{SPOOL_PREFIX}*"), *out.glob(f"{LEARNING_PREFIX}*")):
        shutil.rmtree(folder, ignore_errors=True)
        number += not folder.exists()
    return number


def clear_output(out: Path, state: State) -> None:
    """Remove the output of earlier runs; if this is ended in between, the next run has to go on with it."""
    state.check_about(CLEARING, "yes", "", fresh=True)
    remove_files(_files(out))
    remove_files(file for file in (out / STORIES).glob("*.jsonl") if STORIES_NAME.fullmatch(file.stem))
    remove_files((out / SKETCHES).glob("*.jsonl"))
    state.clear()


def is_half_cleared(state: State) -> bool:
    """Return whether a run was ended while it removed the output of earlier ones."""
    return state.about(CLEARING) is not None


def check_known(out: Path, state: State | None) -> None:
    """Raise UsageError when the folder holds output and the state, None for a lost one, knows of no run.

    Old and new output would mix.
    """
    if (state is None or state.next_number() == 0) and (file := next(_files(out), None)):
        raise UsageError(
            f"{file} is there, but the state knows of no run; dehusk repair {out} makes the state again from the folder,"
            " --fresh begins anew"
        )


def _files(out: Path) -> Iterator[Path]:
    """Yield the files of shards; other files are not dehusk's."""
    return (file for name in (*FOLDERS, INPUTS) for file in (out / name).glob("*.jsonl") if SHARD_NAME.fullmatch(file.stem))
