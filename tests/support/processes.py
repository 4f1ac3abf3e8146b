"""Start processes, find them by a mark in their environment, and end them, also those that have left their parent."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import PATIENCE_SECONDS, wait_until

GRACE_SECONDS = 10  # between SIGTERM and SIGKILL


@dataclass(frozen=True)
class Process:
    """A process that is there, and its command line."""

    pid: int
    command: str


def processes_with(variable: str, value: str) -> list[Process]:
    """Return the processes that were started with a variable in their environment, but for zombies."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            pid = int(entry.parent.name)
            if f"{variable}={value}".encode() in entry.read_bytes().split(b"\0") and is_running(pid):
                found.append(Process(pid, command_of(pid)))
    return found


def is_running(pid: int) -> bool:
    """Return whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children_of(pid: int) -> list[Process]:
    """Return the children of a process that are no zombies."""
    children = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += [Process(child, command_of(child)) for child in map(int, task.read_text().split()) if is_running(child)]
    return children


def command_of(pid: int) -> str:
    """Return the command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()


def kill_all_with(variable: str, value: str, spared: str = "") -> None:
    """Kill the processes with a variable in their environment, until only those with `spared` in their command are left."""

    def are_gone() -> bool:
        left = [process for process in processes_with(variable, value) if not (spared and spared in process.command)]
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        return not left

    wait_until(are_gone, "the end of killed processes")


def end(process: subprocess.Popen[bytes] | subprocess.Popen[str], *, group: bool = False) -> None:
    """End a process, or all of its group, with SIGTERM and after some seconds with SIGKILL."""

    def send(number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)

    send(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    send(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


@contextmanager
def started(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command, which writes to a log file, until the block ends."""
    with log.open("ab") as out, subprocess.Popen(command, env=env, cwd=log.parent, stdout=out, stderr=out) as process:
        try:
            yield process
        finally:
            end(process)


def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, within the bound of all waits, and return its exit code and what it printed."""
    options = {"capture_output": True, "text": True, "check": False, "timeout": PATIENCE_SECONDS} | options
    return subprocess.run(command, **options)  # type: ignore[call-overload, no-any-return]
