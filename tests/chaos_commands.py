"""Kill commands at random moments of their work, for `tests.chaos`: first runs, stories, migration, export, report, repair."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.layout import FOLDERS, INPUTS, STATE_FILE, STORIES, STORIES_FILE
from flows.output.atomic import remove_files
from flows.planning.database import open_state
from flows.stories.database import with_tables
from flows.stories.update import bring_in
from tests.support.old_state import make_old
from tests.support.waiting import PATIENCE_SECONDS, wait_until

BEGUN = b"begun\n"
CODE = "from tests.chaos_commands import begin; begin()"
RUN = ("run", "{pages}", "--out", "{out}", "--no-prefect", "--quiet", "--settle", "0", "--workers", "1")


@dataclass(frozen=True)
class Command:
    """A command to kill; `files` is a pattern of those it has to leave.

    `is_at_work` says, after the kill, whether the command was at the work meant; it begins with a copy of a finished output
    folder, changed by `before`, or, if that is None, with none.
    """

    name: str
    arguments: tuple[str, ...]
    files: str
    before: Callable[[Path], None] | None
    is_at_work: Callable[[Path], bool] = lambda out: True


def has_no_lines(out: Path) -> bool:
    """Return whether a run has not begun its first shard."""
    return not any(file for name in FOLDERS for file in (out / name).glob("*"))


def has_no_state(out: Path) -> bool:
    """Return whether a repair has not put the new state in its place."""
    return not (out / STATE_FILE).exists()


def lose_state(out: Path) -> None:
    """Lose the state, a file of inputs, and the lines of a file of records."""
    (out / STATE_FILE).unlink()
    min((out / INPUTS).iterdir()).unlink()
    os.truncate(min((out / "records").iterdir()), 0)


def know_half_of_the_stories(out: Path) -> None:
    """Take every other shard out of the tables of stories, and lose the files of stories."""
    with open_state(out) as state:
        known = [*state.shards().items()]
    with_tables(out, "", lambda engine: bring_in(engine, out, dict(known[::2])))
    remove_files((out / STORIES).glob("*.jsonl"))
    os.utime(out / STORIES_FILE, (0, 0))


def is_updating_stories(out: Path) -> bool:
    """Return whether the tables of stories are being changed or have changed, and no file has been written of them yet."""
    tables = out / STORIES_FILE
    is_begun = tables.stat().st_mtime > 0 or tables.with_name(f"{STORIES_FILE}-journal").exists()
    return is_begun and not any((out / STORIES).glob("*.jsonl"))


COMMANDS = (
    Command("stories", RUN, "out/*/*.jsonl", know_half_of_the_stories, is_updating_stories),
    Command("migration", RUN, "out/*/*.jsonl", make_old),
    Command("first creation", RUN, "out/*/*.jsonl", None, has_no_lines),
    Command("export", ("export", "{out}", "{out}-set", "--format", "jsonl"), "out-set/**/*", lambda out: None),
    Command("report", ("report", "{out}"), "out/report.html", lambda out: None),
    Command("repair", ("repair", "{out}"), "out/*/*.jsonl", lose_state, has_no_state),
)


def begin() -> None:
    """Be `dehusk`, and tell when it is about to begin: all that takes long to import is there by then."""
    import flows.execution.run
    import flows.export.dataset
    import flows.planning.repair
    import flows.report.build  # noqa: F401
    from flows.cli import main as cli
    from tests.chaos import make_steps_small

    make_steps_small()
    sys.stdout.buffer.write(BEGUN)
    sys.stdout.buffer.flush()
    cli(sys.argv[1:])


class Victim:
    """A command with its undisturbed result, and the time that it takes."""

    def __init__(self, command: Command, folder: Path, done: Path, environment: dict[str, str]) -> None:
        self.command = command
        self._top, self._done, self._environment = folder / command.name.replace(" ", "-"), done, environment
        self._arguments = [part.format(pages=folder / "pages", out=self._top / "out") for part in command.arguments]
        self._prepare()
        with self._begun() as process:
            begun = time.monotonic()
            if command.before is None:
                wait_until(lambda: not has_no_lines(self._top / "out"), "the first shard of a run")
                self.seconds = time.monotonic() - begun
            if process.wait(PATIENCE_SECONDS):
                raise RuntimeError(f"{command.name} ended with {process.returncode}")
            if command.before is not None:
                self.seconds = time.monotonic() - begun
        self._expected = self._result()

    def kill(self, dice: random.Random) -> bool:
        """Begin the command and kill it; return whether it was at work."""
        self._prepare()
        with self._begun() as process:
            time.sleep(dice.uniform(0, self.seconds))
            process.kill()
            is_killed = process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
        return is_killed and self.command.is_at_work(self._top / "out")

    def ends_well(self) -> bool:
        """Return whether the next call leaves what an undisturbed one leaves, and nothing else."""
        with self._begun() as process:
            code = process.wait(PATIENCE_SECONDS)
        left = [str(file) for file in self._top.rglob("*") if ".part" in file.name]
        is_well = not code and not left and self._result() == self._expected
        if not is_well:
            print(f"{self.command.name}: the next call ended with {code}, or left other files: {left}", flush=True)
        return is_well

    def _prepare(self) -> None:
        shutil.rmtree(self._top, ignore_errors=True)
        self._top.mkdir()
        if self.command.before is not None:
            shutil.copytree(self._done, self._top / "out")
            self.command.before(self._top / "out")

    def _begun(self) -> subprocess.Popen[bytes]:
        """Start the command, and return once it begins."""
        command = [sys.executable, "-c", CODE, *self._arguments]
        environment = {**os.environ, **self._environment}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if process.stdout is None or process.stdout.readline() != BEGUN:
            raise RuntimeError(f"{self.command.name} did not begin")
        return process

    def _result(self) -> str:
        sha = hashlib.sha256()
        for file in sorted(file for file in self._top.glob(self.command.files) if file.is_file()):
            sha.update(f"{file.relative_to(self._top)}\0".encode() + file.read_bytes())
        return sha.hexdigest()
