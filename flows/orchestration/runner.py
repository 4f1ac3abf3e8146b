"""Keep a deployment served until a signal: then its schedule is paused, and a run at work is stopped.

Called by `flows.orchestration.serve`.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import threading
from contextlib import suppress
from typing import Any

from prefect import Flow, State
from prefect.client.schemas.objects import FlowRun
from prefect.runner import Runner

from flows.display import printable
from flows.errors import Failed
from flows.execution.on_problem import Alarm, call
from flows.execution.problems import Problem
from flows.options import ON_PROBLEM_VARIABLE, RunOptions
from flows.orchestration.run_line import print_line, print_sentence
from flows.signals import is_stopping, stopped_by_signals, without_ctrl_c

RUN_SECONDS = 5  # for a run at work to end by itself after a signal; then it is killed, and loses the shards in hand only
STOP_SECONDS = 9  # for all that is to be done after a signal; Docker kills a container after 10
_is_serving: list[None] = []  # not empty in the process of `serve_until_stopped`


def serve_until_stopped(runner: Runner) -> None:
    """Serve until a signal, then raise KeyboardInterrupt, or SystemExit for SIGTERM; raises Failed when it ends by itself."""
    thread = _RunnerThread(runner)
    _is_serving.append(None)
    with stopped_by_signals():
        with without_ctrl_c():  # neither the thread nor the runs that it starts get the Ctrl-C of a terminal
            thread.start()
        try:
            thread.is_over.wait()
        except BaseException:
            thread.stop()
            raise
    reason = printable(str(thread.error))
    raise Failed(f"the schedule is not served any more ({reason}); start dehusk serve again once the Prefect server answers")


class _RunnerThread:
    """Prefect's runner in a thread of its own: in the main thread it would answer SIGTERM itself, with warnings."""

    def __init__(self, runner: Runner) -> None:
        self.is_over = threading.Event()
        self.error: BaseException | None = None
        self._runner = runner
        self._thread = threading.Thread(target=self._run, name="Prefect's runner", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self.error = error
        finally:
            self.is_over.set()

    def stop(self) -> None:
        """Pause the schedule and stop the runs at work, within STOP_SECONDS; a further signal in between ends them at once."""
        logging.getLogger("prefect").setLevel(logging.CRITICAL)  # that a run was stopped is no news
        killer = threading.Timer(RUN_SECONDS, _kill_runs)
        killer.start()
        try:
            if self._loop is not None:
                asyncio.run_coroutine_threadsafe(self._end(), self._loop)
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                print_sentence("the Prefect server does not answer; it may go on planning runs")
        finally:
            killer.cancel()
            _kill_runs()

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        await self._runner.start()

    async def _end(self) -> None:
        if self._runner.started:
            await self._runner.astop()
        elif self._task is not None:
            self._task.cancel()


def report_crash(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Print the line of a run that was killed, and call the command of --on-problem; Prefect calls this for such a run."""
    if not _is_serving or is_stopping.is_set():  # in the process of a run that was ended by a signal; by `stop`
        return
    sentence = printable(state.message or "its process has gone")
    print_line("failed", None, sentence)
    options = RunOptions(out=str(flow_run.parameters["out"]), on_problem=os.environ.get(ON_PROBLEM_VARIABLE, ""))
    call(Alarm.of(options), [Problem("failed", sentence)])


def _kill_runs() -> None:
    """Kill the processes of runs at work; their own processes end with them."""
    for process in multiprocessing.active_children():
        with suppress(ProcessLookupError):
            process.kill()
