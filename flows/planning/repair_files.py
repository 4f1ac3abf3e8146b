"""The files that a repair reads and writes: the state, whole or damaged, and all that is to be moved out of the way.

Called by `flows.planning.repair`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from flows.errors import Failed, UsageError
from flows.layout import ALL_FOLDERS, STATE_FILE, STORIES_FILE
from flows.output.atomic import flush_folder, make_folder
from flows.output.manifest import Manifest, manifest_names, order_of, readable_manifests
from flows.output.written import Files
from flows.planning.database import open_state
from flows.planning.folder import clear_remains, is_half_cleared
from flows.planning.runs import Run, RunOutcome
from flows.planning.shard_inputs import ShardInputs, content_of
from flows.planning.state import KnownInput

ASIDE = "aside"  # the folder for files that belong to nothing
DAMAGED = f"{STATE_FILE}.damaged"
BESIDE_PREFIX = ".repair-"
ALL_RUNS = 2**31  # more than there are
BUSY_SECONDS = 60
Shards = dict[str, tuple[Files, list[KnownInput]]]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a state; `is_half_cleared` where a run was ended while it removed all output."""

    shards: Shards
    runs: list[Run]
    is_half_cleared: bool = False


def state_content(out: Path, url: str) -> tuple[Content | None, str]:
    """Return the content of a state, or None and a sentence for a file that is lost or damaged."""
    if not url:
        if not (out / STATE_FILE).exists():
            return None, f"{STATE_FILE} was missing"
        if problem := _damage_of(out / STATE_FILE):
            return None, f"{STATE_FILE} was damaged ({problem}) and is {DAMAGED} now"
    try:
        with open_state(out, url) as state:
            rows: dict[str, list[KnownInput]] = {}
            for row in state.known():
                rows.setdefault(row.shard, []).append(row)
            shards: Shards = {name: (files, rows.get(name, [])) for name, files in state.shards().items()}
            return Content(shards, sorted(state.last_runs(ALL_RUNS), key=lambda run: run.number), is_half_cleared(state)), ""
    except Failed:
        if url:
            raise
        return None, f"{STATE_FILE} was damaged and is {DAMAGED} now"


def _damage_of(file: Path) -> str:
    """Return the problem of a file of SQLite that is damaged, "" for a sound one; raises Failed while another one writes it."""
    address = f"file:{quote(os.fsencode(file))}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
            found: str = connection.execute("pragma integrity_check(1)").fetchone()[0]
            if found == "ok":
                connection.execute("select count(*) from about, shards where shards.name = about.name").fetchone()
            return "" if found == "ok" else found.splitlines()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Failed(f"{file} is being written for long by another command; try again") from None
        return str(error)


def write_content(out: Path, url: str, content: Content, *, is_damaged: bool) -> None:
    """Write a state in one transaction; a lost or damaged file is replaced by a new one, and kept beside it."""
    if url or not is_damaged:
        with open_state(out, url) as state:
            state.replace(content.shards, content.runs)
        return
    beside = Path(mkdtemp(prefix=BESIDE_PREFIX, dir=out))
    try:
        with open_state(beside) as state:
            state.replace(content.shards, content.runs)
        with (beside / STATE_FILE).open("rb") as file:
            os.fsync(file.fileno())
        _swap(beside / STATE_FILE, out)
    except UsageError:  # of a file just made here, that nobody can have named wrongly
        raise Failed(f"no state can be written into {out}; see to its disk and who may write there, and repair again") from None
    finally:
        shutil.rmtree(beside)


def _swap(new: Path, out: Path) -> None:
    """Put a new state in the place of a damaged one; SQLite would play back the journal of that into it."""
    for journal in ("-journal", "-wal", "-shm"):
        if (out / f"{STATE_FILE}{journal}").exists():
            (out / f"{STATE_FILE}{journal}").replace(out / f"{DAMAGED}{journal}")
    if (out / STATE_FILE).exists():
        shutil.copyfile(out / STATE_FILE, out / DAMAGED)
    flush_folder(out)
    new.replace(out / STATE_FILE)
    flush_folder(out)


def as_before(found: ShardInputs, known: tuple[Files, list[KnownInput]] | None) -> tuple[Files, list[KnownInput]]:
    """Return the content of a file of inputs, with the stamps and rules of those inputs that the state has alike."""
    alike = {content_of(row): row for row in known[1]} if known else {}
    rows = [
        row._replace(stamp=same.stamp, made_by=same.made_by) if (same := alike.get(content_of(row))) else row
        for row in found.inputs
    ]
    return found.files, rows


def remove_remains(out: Path) -> Iterator[str]:
    """Remove the half-written files of killed processes; yield a sentence if there were any."""
    for folder in out.glob(f"{BESIDE_PREFIX}*"):
        shutil.rmtree(folder)
    if number := clear_remains(out):
        yield f"{number:,} half-written files were removed"


def names_of_no_files(out: Path) -> list[str]:
    """Return the names of folders, pipes and broken links in the place of files: no file could be written there, or read."""
    lines = (path for folder in ALL_FOLDERS for path in sorted((out / folder).glob("*.json*")))
    paths = [*lines, out / STATE_FILE, out / STORIES_FILE]
    return [str(path.relative_to(out)) for path in paths if os.path.lexists(path) and not path.is_file()]


def set_aside(out: Path, name: str, why: str = "belongs to nothing here") -> str:
    """Move a file out of the way into a folder of its own, and say so."""
    targets = (out / ASIDE / f"{name}{f'.{number}' if number else ''}" for number in count())
    target = next(target for target in targets if not target.exists())
    make_folder(target.parent)
    (out / name).replace(target)
    for folder in (target.parent, (out / name).parent):
        flush_folder(folder)
    return f"{name} {why} and is {target.relative_to(out)} now"


def runs_of(out: Path, known: Sequence[Run], *, from_manifests: bool) -> list[Run]:
    """Return the runs in the state in their order, with those that manifests alone know.

    Manifests of earlier versions bear no number: their runs get those before the first one, as far as there are some.
    """
    runs = {run.number: run for run in known}
    if not from_manifests:
        return [*runs.values()]
    named = {run.manifest for run in known}
    found = [(name, manifest) for name in manifest_names(out) for manifest in readable_manifests([out / name])]
    old = [(name, manifest) for name, manifest in found if not order_of(name)[0] and name not in named]
    numbered = {number: (name, manifest) for name, manifest in found if (number := order_of(name)[0])}
    first = min({*runs, *numbered}, default=len(old) + 1)
    kept = old[max(len(old) - first + 1, 0) :]
    numbered |= dict(enumerate(kept, first - len(kept)))
    for number, (name, manifest) in numbered.items():
        if number not in runs or not runs[number].manifest:
            runs[number] = Run(number, manifest.began, manifest.seconds, _outcome(manifest), name)
    return [runs[number] for number in sorted(runs)]


def _outcome(manifest: Manifest) -> RunOutcome:
    return "failed" if manifest.failed else "stopped" if manifest.stopped or manifest.left else "done"
