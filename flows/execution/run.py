"""A run from end to end: plan it, clean its shards, commit them, write the manifest and the report.

Called by the command `dehusk run` and, step by step, by the Prefect flow.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from flows.execution.context import prepared_run
from flows.execution.engines import clean_shards
from flows.execution.learnt_lines import Learner
from flows.execution.progress import SharedProgress
from flows.execution.results import RunSummary, finish
from flows.options import RunOptions
from flows.signals import stopped_by_signals

Watch = Callable[[SharedProgress], AbstractContextManager[None]]  # shows progress until the context is left


def unwatched(_: SharedProgress) -> AbstractContextManager[None]:
    """Show no progress."""
    return nullcontext()


def run(options: RunOptions, watch: Watch = unwatched, learner: Learner | None = None) -> RunSummary:
    """Clean the new and changed inputs without Prefect; raises Busy when another run holds the folder.

    `learner` is needed for a run that learns lines.
    """
    with stopped_by_signals(), prepared_run(options, learner) as context, watch(context.progress):
        shards = context.plan.shards
        engine = (options.engine, options.scheduler, context.workers)
        return finish(context, clean_shards(*engine, context.settings, shards, context.progress))
