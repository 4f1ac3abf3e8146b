"""A run that a schedule has started: it prints one line, tells its problems, and ends in a state of Prefect.

Called by the Prefect flow when no command has prepared it, as in runs of `dehusk serve` and of Prefect's workers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from prefect import State
from prefect.states import Failed

from flows.errors import Busy, UsageError
from flows.errors import Failed as CommandFailed
from flows.execution.context import RunContext, prepared_run
from flows.execution.on_problem import alarm_on_problem
from flows.execution.problems import sentence_of
from flows.execution.results import RunSummary
from flows.learning.run_lines import learner
from flows.options import RunOptions
from flows.orchestration.run_line import details_of, outcome_of, print_line
from flows.orchestration.states import skipped, state_of
from flows.signals import STOPPED, forget_signals


def run_scheduled(options: RunOptions, clean: Callable[[RunContext], RunSummary]) -> State[None]:
    """Clean the inputs and return the final state; an error that was foreseen is a state, too, and not a traceback."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).propagate = False  # to the terminal; the server gets the log all the same
    forget_signals()
    began = time.monotonic()
    try:
        with alarm_on_problem(options) as alarm:
            with prepared_run(options, learner()) as context:
                summary = alarm.summary = clean(context)
            problems = alarm.problems
            print_line(outcome_of(summary, problems), time.monotonic() - began, details_of(summary, problems))
            return state_of(summary, options)
    except Busy as busy:
        print_line("skipped", time.monotonic() - began, str(busy))
        return skipped(busy)
    except (UsageError, CommandFailed, OSError) as error:
        print_line("failed", time.monotonic() - began, sentence_of(error))
        return Failed(message=sentence_of(error))
    except Exception as error:
        print_line("failed", time.monotonic() - began, sentence_of(error))
        raise
    except BaseException:
        print_line("stopped", time.monotonic() - began, STOPPED.removeprefix("stopped; "))
        raise
