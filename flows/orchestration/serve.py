"""Serve the flow on a schedule that a Prefect server keeps. Called by the command `dehusk serve`."""

from __future__ import annotations

import os
import re
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from prefect.client.schemas.schedules import CronSchedule
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.settings import PREFECT_API_URL

from flows.errors import Busy, UsageError
from flows.execution.on_problem import alarm_on_problem, parsed_command
from flows.execution.problems import QuarantineLimit
from flows.execution.run import Watch
from flows.inputs.storage import STDIN, is_url, local_path, without_password
from flows.options import ON_PROBLEM_VARIABLE, STATE_VARIABLE, RunOptions
from flows.orchestration.flow import clean
from flows.orchestration.kept_server import require_server
from flows.orchestration.run_flow import run_flow
from flows.orchestration.run_line import details_of, outcome_of, print_line, print_sentence
from flows.orchestration.runner import report_crash, serve_until_stopped
from flows.signals import stopped_by_signals

HOW_TO_START = "start one with `prefect server start --analytics-off`, and set PREFECT_API_URL=http://127.0.0.1:4200/api"
# One run at work, and one that is skipped at once and shown as that; with fewer, runs that are due would pile up.
RUNS_AT_ONCE = 2
PATIENCE_SECONDS = 60  # with a server that is still starting, as one just after `prefect server start --background`
_EVERY = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def serve(options: RunOptions, every: str, cron: str, name: str, watch: Watch) -> None:
    """Run the flow whenever it is due, with `every` from now on, until this process is ended.

    Raises UsageError for a bad schedule, for inputs that cannot be read again, and without a server.
    """
    schedule = _schedule(every, cron)
    if STDIN in options.inputs:
        raise UsageError("standard input can be read but once; name files or folders to be cleaned again and again")
    if any(is_url(given) and without_password(given) != given for given in options.inputs):
        raise UsageError("an input has a password or a query, which the Prefect server would keep and show; use cron for it")
    name = name or Path(os.path.abspath(options.out)).name or "dehusk"
    if "/" in name or "%" in name:
        raise UsageError(f"--name: {name!r} is no name of a deployment, as it holds / or %; give another one")
    parsed_command(options.on_problem)
    QuarantineLimit.parse(options.fail_on_quarantine)
    # Not as parameters: the server would keep and show the secrets in them.
    os.environ |= {STATE_VARIABLE: options.state} if options.state else {}
    os.environ |= {ON_PROBLEM_VARIABLE: options.on_problem}
    with stopped_by_signals():
        _require_server()
        if every:  # the first run is due now, and shows mistakes in the inputs at once
            _first_run(options, watch)
        absolute = {
            "inputs": [given if is_url(given) else os.path.abspath(local_path(given)) for given in options.inputs],
            "out": os.path.abspath(options.out),
            "packs": os.path.abspath(options.packs) if options.packs else "",
            "state": "",
            "on_problem": "",
        }
        runner = Runner(name=name, limit=RUNS_AT_ONCE)
        runner.add_flow(
            clean.with_options(on_crashed=[report_crash]), name=name, schedule=schedule, parameters=asdict(options) | absolute
        )
        when = f"every {every}" if every else f"by the cron line {cron}"
        print_sentence(f"serving dehusk/{name} {when}, a line for each run; Ctrl-C ends it")
        with alarm_on_problem(options):
            serve_until_stopped(runner)


def _first_run(options: RunOptions, watch: Watch) -> None:
    """Make the run that is due at once, in this process; it is shown by one line, as the others are."""
    began = time.monotonic()
    with alarm_on_problem(options) as alarm:
        try:
            summary = alarm.summary = run_flow(options, watch)
        except Busy as busy:
            print_line("skipped", time.monotonic() - began, str(busy))
            return
        problems = alarm.problems
        print_line(outcome_of(summary, problems), time.monotonic() - began, details_of(summary, problems))
        if summary.stopped:
            raise KeyboardInterrupt


def _schedule(every: str, cron: str) -> Schedule:
    if bool(every) == bool(cron):
        raise UsageError("say when to run: either --every 15m or --cron '*/15 * * * *'")
    if cron:
        try:
            CronSchedule(cron=cron)
        except ValueError:
            raise UsageError(f"--cron: {cron!r} is no cron line; write it as '*/15 * * * *'") from None
        return Cron(cron)
    match = _EVERY.fullmatch(every)
    days, hours, minutes, seconds = (int(number or 0) for number in match.groups()) if match else (0, 0, 0, 0)
    interval = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not interval:
        raise UsageError(f"--every: {every!r} is no time; write it as 30s, 15m, 1h30m or 1d")
    return Interval(interval)


def _require_server() -> None:
    if not PREFECT_API_URL.value():
        raise UsageError(f"dehusk serve needs a Prefect server, which keeps the schedule; {HOW_TO_START}")
    require_server(HOW_TO_START, PATIENCE_SECONDS, print_sentence)
