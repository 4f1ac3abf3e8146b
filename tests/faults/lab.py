"""Call commands in a folder that can be brought back to its beginning, with a fault or without."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.cli import main as cli
from flows.layout import FOLDERS, STORIES
from flows.planning import shards
from flows.stories import update
from tests.faults.scenarios import EXPORT, RUN, Scenario, copied, write_pages
from tests.faults.shim import Fault, Shim

PR_SET_CHILD_SUBREAPER = 36  # of Linux: children of children come to this process when their parents have ended
SHARD_BYTES = 4_000  # several shards, and more than one input in some
PART_RECORDS = 10  # several parts of an update of stories


@dataclass(frozen=True)
class Called:
    """A command that has ended, by itself or killed."""

    code: int
    said: str


class Lab:
    """A folder with the inputs and outputs of commands, each called in a child of this process."""

    def __init__(self, folder: Path, shim: Shim) -> None:
        self.work, self._before, self._log = folder / "work", folder / "before", folder / "log"
        self.shim = shim
        shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = SHARD_BYTES, 0
        update.PART_RECORDS = PART_RECORDS
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._warm_up(folder / "warm")

    def _warm_up(self, folder: Path) -> None:
        """Load in this process all that commands need, so that its children begin with it."""
        write_pages(folder / "pages")
        names = {name: str(folder / name) for name in ("pages", "out", "dataset")}
        for command in (RUN, EXPORT, ("report", "{out}"), ("verify", "{out}", "{pages}")):
            try:
                cli([part.format_map(names) for part in command])
            except SystemExit as leaving:
                if leaving.code:
                    raise

    def call(
        self, *command: str, fault: Fault | None = None, record: Path | None = None, stdin: str = "", watch: bool = True
    ) -> Called:
        """Call `dehusk`, perhaps with a fault, and return how it ended and what it printed."""
        self.shim.leave()
        child = os.fork()
        if not child:
            self._become(command, fault, record, stdin, watch)
        ended = dict([os.waitpid(child, 0)])
        with suppress(ChildProcessError):  # there are no more children
            while True:  # workers, whose parent was killed
                os.wait()
        self.shim.leave()
        return Called(os.waitstatus_to_exitcode(ended[child]), self._log.read_text(encoding="utf-8", errors="replace"))

    def _become(self, command: Sequence[str], fault: Fault | None, record: Path | None, stdin: str, watch: bool) -> None:
        """Be `dehusk`, in a child."""
        code = 99
        try:
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            source = os.open(self.work / "pages" / stdin if stdin else os.devnull, os.O_RDONLY)
            for number, handle in enumerate((source, log, log)):
                os.dup2(handle, number)
            if watch:
                self.shim.watch(self.work, fault, record)
            names = {name: str(self.work / name) for name in ("pages", "out", "dataset")}
            cli([part.format_map(names) for part in command])
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            self.shim.leave()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def must(self, *command: str) -> None:
        """Call `dehusk` where it has to succeed."""
        called = self.call(*command, watch=False)
        if called.code:
            raise RuntimeError(f"{' '.join(command)}: {called.code}: {called.said}")

    def begin(self, scenario: Scenario) -> None:
        """Make the folders that a scenario begins with."""
        for folder in (self.work, self._before):
            shutil.rmtree(folder, ignore_errors=True)
        self.work.mkdir()
        scenario.before(self.work, self.must)
        for name in ("out", "dataset"):
            copied(self.work / name, self._before / name)

    def restore(self) -> None:
        """Bring back the folders that a scenario begins with; its inputs stay, as their times and places tell them apart."""
        for name in ("out", "dataset"):
            copied(self._before / name, self.work / name)
        for left in self.work.glob(".*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def result(self, scenario: Scenario) -> dict[str, str]:
        """Return the digests of the files that must be right in the end."""
        files = (file for file in self.work.glob(scenario.result) if file.is_file())
        return {str(file.relative_to(self.work)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}

    def lines(self, scenario: Scenario) -> list[tuple[str, bytes]]:
        """Return the lines of records, audit, quarantine and stories, whatever their files."""
        files = (file for file in self.work.glob(scenario.result) if file.parent.name in (*FOLDERS, STORIES))
        return sorted((file.parent.name, line) for file in files for line in file.read_bytes().splitlines())

    def leftovers(self) -> list[str]:
        return [str(file) for file in self.work.rglob("*") if ".part" in file.name or file.name.startswith(".stdin-")]
