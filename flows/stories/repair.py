"""Repair the stories of an output folder: lost or damaged tables and files are made again from the records.

Called by the command `dehusk repair`, after the state is repaired. It may be ended at any moment; the next one does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.errors import Busy, Failed
from flows.layout import STORIES
from flows.output.atomic import make_folder, remove_files
from flows.output.lock import locked
from flows.planning.database import state_to_read
from flows.planning.folder import is_half_cleared
from flows.stories.check import OTHER_RECORDS, StoryFaults, story_faults
from flows.stories.database import forget_tables
from flows.stories.update import update_stories

PASSES = 2  # files may show only when they are written again that the tables are damaged


def repair_stories(out: Path, url: str = "") -> list[str]:
    """Repair the stories of an output folder, if any were ever made, and return a sentence for each thing done.

    Records of damaged shards are left out until the next run has cleaned them again. Raises Failed while a run is at work, and
    when the tables cannot be used.
    """
    try:
        with locked(out):
            return _repaired(out, url)
    except Busy:
        raise Failed(f"a run is at work in {out}; try again when it is over") from None


def _repaired(out: Path, url: str) -> list[str]:
    with state_to_read(out, url) as state:
        if is_half_cleared(state):
            return []
        shards = state.shards()
    done: list[str] = []
    for _ in range(PASSES):
        faults = story_faults(out, url, shards)
        if not faults.is_behind and not any(faults.sentences()):
            break
        make_folder(out / STORIES)
        if faults.tables or faults.has_other_records:
            forget_tables(out, url)
        remove_files(out / name for name in faults.files)  # whatever their stamps, they are written again
        update_stories(out, url, shards)
        done += _done(out, faults)
    return done


def _done(out: Path, faults: StoryFaults) -> Iterator[str]:
    """Yield a sentence for each thing that was done about faults."""
    if faults.tables or faults.has_other_records:
        reason = faults.tables.partition(";")[0] or OTHER_RECORDS
        yield f"{reason}; the stories were made anew from the records"
    if faults.is_behind:
        yield f"{STORIES}/ was brought up to the records"
    for name in [*faults.files, *faults.strays]:
        yield f"{name} was written again" if (out / name).exists() else f"{name} belonged to no story and was removed"
