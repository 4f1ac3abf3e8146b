"""Tell the problems of a run to a command of the user's, that of --on-problem.

Called by the commands `dehusk run` and `dehusk serve`, and by scheduled runs of the Prefect flow.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from flows.display import escaped_name, os_error_text, printable, printable_json
from flows.errors import Busy, UsageError
from flows.execution.problems import Problem, QuarantineLimit, problems_of, sentence_of
from flows.execution.results import RunSummary
from flows.options import RunOptions
from flows.signals import ended_at_once, stopped_by_signals

LIMIT_SECONDS = 60  # for the command; then it is killed, with all the processes that it has started


@dataclass(slots=True)
class Alarm:
    """The watch over one run: the command to call, the limits, and the summary once there is one."""

    out: str
    command: list[str]
    limit: QuarantineLimit
    summary: RunSummary | None = None

    @classmethod
    def of(cls, options: RunOptions) -> Alarm:
        """Return the alarm that the options of a run ask for; raises UsageError."""
        limit = QuarantineLimit.parse(options.fail_on_quarantine)
        return cls(os.path.abspath(options.out), parsed_command(options.on_problem), limit)

    @property
    def problems(self) -> list[Problem]:
        """Return the problems of the run so far."""
        return problems_of(self.summary, self.limit) if self.summary else []


@contextmanager
def alarm_on_problem(options: RunOptions) -> Iterator[Alarm]:
    """Watch a run, and call the command of --on-problem once, after the block, if the run failed or has another problem.

    The block sets the summary. A run that another one keeps from its folder, or that is stopped, is no problem. Raises
    UsageError before the block for a command or a limit that cannot be used.
    """
    alarm = Alarm.of(options)
    try:
        yield alarm
    except Busy:
        raise
    except Exception as error:
        call(alarm, alarm.problems or [Problem("failed", sentence_of(error))])
        raise
    except BaseException:
        call(alarm, alarm.problems)
        raise
    call(alarm, alarm.problems)


def parsed_command(text: str) -> list[str]:
    """Return the words of a command; raises UsageError when it is none, or its program is not there."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--on-problem: the command cannot be parted into words ({error}); see to its quotes") from None
    if text and not words:
        raise UsageError("--on-problem: the command is blank; name a program and its arguments")
    if words and shutil.which(words[0]) is None:
        raise UsageError(f"--on-problem: there is no program {words[0]!r}; give its path, and let it be executable")
    return words


def call(alarm: Alarm, problems: list[Problem]) -> None:
    """Run the command of an alarm with the problems as JSON on its standard input; a failure of it is one line on stderr."""
    if not alarm.command or not problems:
        return
    failure = _run(alarm.command, printable_json(msgspec.json.encode(message(alarm, problems))))
    if failure and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"dehusk: the command of --on-problem {printable(failure)}", file=sys.stderr, flush=True)


def message(alarm: Alarm, problems: list[Problem]) -> dict[str, Any]:
    """Return the JSON object for the command: plain values, and no key is ever missing."""
    summary = alarm.summary
    return {
        "out": escaped_name(alarm.out),
        "run": summary.number if summary else 0,
        "what": list(dict.fromkeys(problem.kind for problem in problems)),
        "sentences": [problem.sentence for problem in problems],
        "manifest": escaped_name(str(Path(alarm.out, summary.manifest))) if summary and summary.manifest else "",
        "pages": summary.counts.pages if summary else 0,
        "quarantined": summary.counts.bad if summary else 0,
        "unchanged": summary.unchanged if summary else 0,
        "failed_shards": len(summary.failed) if summary else 0,
        "seconds": round(summary.seconds, 3) if summary else 0.0,
    }


def _run(command: list[str], stdin: bytes) -> str:
    """Run a command and return how it failed, else ""; a signal that ends this process ends the command first."""
    called = _Call(command, stdin)
    thread = threading.Thread(target=called.run, daemon=True)  # the exception of a signal would lose a process just begun
    with ended_at_once(called.stop), _stoppable():
        try:
            thread.start()
            thread.join()
        except BaseException:
            called.stop()
            raise
    return called.failure


class _Call:
    """A call of a command; another thread may stop it at any moment."""

    def __init__(self, command: list[str], stdin: bytes) -> None:
        self.failure = ""
        self._command, self._stdin = command, stdin
        self._lock, self._is_stopped = threading.RLock(), False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Run the command to its end. What it prints goes to stderr: stdout may carry the data of dehusk."""
        printed = subprocess.DEVNULL if sys.__stderr__ is None else sys.__stderr__.fileno()
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": printed, "stderr": printed}
        try:
            with self._lock:
                if self._is_stopped:
                    return
                self._process = subprocess.Popen(self._command, **pipes, start_new_session=True)
        except OSError as error:
            self.failure = f"could not be run: {os_error_text(error)}"
            return
        with self._process as process:
            try:
                process.communicate(self._stdin, timeout=LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                self.stop()
                self.failure = f"had not ended after {LIMIT_SECONDS} seconds, and was killed"
                return
        self.failure = f"failed with exit code {process.returncode}" if process.returncode else ""

    def stop(self) -> None:
        """Kill the command, and the processes that it has started."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None and self._process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)


def _stoppable() -> AbstractContextManager[None]:
    """Let SIGTERM end the command, too, where nothing in this process handles that signal."""
    return stopped_by_signals() if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL else nullcontext()
