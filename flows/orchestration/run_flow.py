"""A run as one Prefect flow run: prepare it, start Prefect, and hand it over to the flow.

Prefect is imported once the run is prepared: a user's mistake needs none of it. Called by the commands `dehusk run` and
`dehusk serve`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress

from flows.errors import Busy, UsageError
from flows.execution.context import RunContext, prepared_run
from flows.execution.results import RunSummary
from flows.execution.run import Watch, unwatched
from flows.learning.run_lines import learner
from flows.options import DASK, RunOptions
from flows.signals import end_after_signals

GRACE_SECONDS = 10  # for Prefect to record a stop; it would try for minutes when its server was stopped as well
SERVER_SECONDS = 20  # for a server of the user that has just been started to answer
REMEDY = "set PREFECT_API_URL to a server that is up, or use --no-prefect, which does the same without any"
Wait = Callable[[], AbstractContextManager[None]]  # surrounds what a run waits for before it cleans


def run_flow(options: RunOptions, watch: Watch = unwatched, wait: Wait = nullcontext) -> RunSummary:
    """Clean the inputs as one Prefect flow run, on an embedded server unless PREFECT_API_URL names one.

    Raises Busy when another run holds the output folder; a server of the user's shows that as a skipped run.
    """
    if options.engine == DASK and not _has_server():
        raise UsageError(
            "--engine dask needs a Prefect server that its workers reach; set PREFECT_API_URL, or use --no-prefect"
        )
    try:
        with prepared_run(options, learner(watch)) as context:
            return _as_flow(options, context, watch, wait, SERVER_SECONDS)
    except Busy as busy:
        if _has_server():
            _show_skipped(options, busy, watch)
        raise


def _has_server() -> bool:
    from prefect.settings import PREFECT_API_URL

    return bool(PREFECT_API_URL.value())


def _show_skipped(options: RunOptions, busy: Busy, watch: Watch) -> None:
    """Show on the server of the user that a run is skipped, if it answers at once."""
    with suppress(UsageError):
        _as_flow(options, busy, watch, nullcontext, 0)


def _as_flow(options: RunOptions, context: RunContext | Busy, watch: Watch, wait: Wait, patience: float) -> RunSummary:
    with wait():
        from flows.orchestration.embedded_server import embedded_server

        server = embedded_server()  # comes up beside the next import
        from flows.orchestration.flow import run_as_flow
        from flows.orchestration.kept_server import require_server

        if server is None:
            require_server(REMEDY, patience)
            url = ""
        else:
            end_after_signals(GRACE_SECONDS)
            url = server.url()
    return run_as_flow(options, context, watch, url)
