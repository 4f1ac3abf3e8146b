"""The Prefect flow `dehusk`: one flow run per run, one task per shard.

Prefect schedules, retries and shows; the files of a run are the record. Called by `dehusk run`, `dehusk serve` and deployments.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from prefect import State, Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.futures import PrefectFuture
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.errors import Busy
from flows.execution import shard as shard_module
from flows.execution.context import RunContext
from flows.execution.engines import cleaning, worker_function
from flows.execution.results import RunSummary, finish
from flows.execution.run import Watch
from flows.execution.scheduling import Outcomes, ShardFunction, result_or_failure, run_bounded
from flows.execution.shard import ShardResult
from flows.options import DASK, LOCAL, ON_PROBLEM_VARIABLE, Engine, RowFields, RunOptions
from flows.orchestration.artifacts import publish, with_progress
from flows.orchestration.scheduled import run_scheduled
from flows.orchestration.states import skipped, state_of
from flows.output.manifest import public_options
from flows.planning.shards import Shard
from flows.signals import ended_by_foreign_signals, stopped_by_signals


@dataclass(slots=True)
class _Handover:
    """The context that a command prepares for its flow, and the summary that it gets back.

    Preparing first reports a user's mistake before a server is started.
    """

    context: RunContext | Busy
    summary: RunSummary | None = None


_handover: ContextVar[_Handover | None] = ContextVar("handover", default=None)


def _current_handover() -> _Handover | None:
    """Return the handover of the command that runs the flow, if any.

    A function, because Prefect may pickle a flow with its globals, and a context variable cannot be pickled.
    """
    return _handover.get()


def _is_io_error(_: Task[..., object], __: TaskRun, state: State) -> bool:
    """Return whether a shard failed on reading or writing files; any other failure would come again."""
    try:
        state.result()
    except OSError:
        return True
    except Exception:
        return False
    return False


# No caching: Prefect's key would not see a changed pack or helper, and a stale shard would come back as new.
@task(
    name="clean-shard", task_run_name="shard {shard.name}", cache_policy=NO_CACHE, persist_result=False,
    retries=2, retry_delay_seconds=[1, 5], retry_condition_fn=_is_io_error,
)  # fmt: skip
def clean_shard(shard: Shard, clean: ShardFunction[ShardResult]) -> ShardResult:
    """Clean one shard with the function of the run's engine."""
    return clean(shard)


@flow(name="dehusk", flow_run_name="dehusk to {out}", persist_result=False, validate_parameters=False)
def clean(
    inputs: tuple[str, ...] = ("seeds",),
    out: str = "out",
    workers: int = 0,
    engine: Engine = LOCAL,
    scheduler: str = "",
    captured_at: str = "",
    packs: str = "",
    site_packs: bool = True,
    installed_packs: bool = True,
    strict: bool = False,
    learn_lines: bool = False,
    stories: bool = True,
    fresh: bool = False,
    prune: bool = False,
    retry_quarantine: bool = False,
    follow_links: bool = False,
    settle: float = 1.0,
    state: str = "",
    on_problem: str = "",
    fail_on_quarantine: str | int = "",
    fields: Mapping[str, str | None] | None = None,
) -> State[None]:
    """Clean what is new or has changed in the inputs; the parameters are those of `dehusk run`.

    `fields` are as in {"text": "body", "url": "link"}; `fail_on_quarantine` is a number of pages or a share, as in "5%".
    """
    handover = _current_handover()
    if handover is None:
        options = RunOptions(
            inputs=tuple(inputs), out=out, workers=workers, engine=engine, scheduler=scheduler, captured_at=captured_at,
            packs=packs, site_packs=site_packs, installed_packs=installed_packs, strict=strict,
            learn_lines=learn_lines, stories=stories, fresh=fresh, prune=prune,
            retry_quarantine=retry_quarantine, follow_links=follow_links, settle=settle, state=state,
            on_problem=on_problem or os.environ.get(ON_PROBLEM_VARIABLE, ""), fail_on_quarantine=str(fail_on_quarantine),
            fields=RowFields(**(fields or {})),
        )  # fmt: skip
        return run_scheduled(options, _clean)
    if isinstance(handover.context, Busy):
        return skipped(handover.context)
    handover.summary = _clean(handover.context)
    return state_of(handover.summary, handover.context.options)


def _clean(context: RunContext) -> RunSummary:
    with _runner(context) as (runner, slots, worker), ended_by_foreign_signals():
        summary = finish(context, with_progress(context, _results(context, runner, slots, worker)))
    publish(context, summary)
    return summary


@contextmanager
def _runner(context: RunContext) -> Iterator[tuple[TaskRunner[Any], Callable[[], int], ShardFunction[ShardResult]]]:
    """Yield the task runner of a run, a function that returns its number of slots, and the function that cleans a shard."""
    with ExitStack() as stack:
        if context.options.engine == DASK:
            from prefect_dask.task_runners import DaskTaskRunner  # an extra

            from flows.execution.dask import slots_of

            dask = stack.enter_context(DaskTaskRunner(address=context.options.scheduler))
            yield dask, partial(slots_of, dask.client), partial(shard_module.clean_shard, settings=context.settings)
        else:
            worker = stack.enter_context(worker_function(context.workers, cleaning(context.settings), context.progress))
            threads: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=context.workers)
            yield stack.enter_context(threads), lambda: context.workers, worker


def _results(
    context: RunContext, runner: TaskRunner[Any], slots: Callable[[], int], worker: ShardFunction[ShardResult]
) -> Outcomes[ShardResult]:
    def submit(shard: Shard) -> PrefectFuture[ShardResult]:
        future: PrefectFuture[ShardResult] = runner.submit(clean_shard, {"shard": shard, "clean": worker})
        return future

    for shard, future in run_bounded(context.plan.shards, context.progress, slots, submit):
        yield result_or_failure(shard, future.result)


def run_as_flow(options: RunOptions, context: RunContext | Busy, watch: Watch, url: str) -> RunSummary:
    """Clean a prepared run as a flow run, on the server with this address, "" for that of the settings."""
    # At exit Prefect waits until its last events are stored, and logs that for every run of a few seconds.
    logging.getLogger("EventsWorker").setLevel(logging.ERROR)
    settings: dict[Any, str] = {PREFECT_API_URL: url} if url else {}
    token = _handover.set(handover := _Handover(context))
    try:
        # The heartbeat's thread makes every run a second longer; only a setting in code turns it off.
        with (
            temporary_settings({**settings, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
            stopped_by_signals(),
            watch(context.progress) if isinstance(context, RunContext) else nullcontext(),
        ):
            state = clean(**asdict(public_options(options)), return_state=True)
    finally:
        _handover.reset(token)
    if handover.summary is None:
        state.result()  # raises the error of the flow
        if isinstance(context, Busy):
            raise context
        raise AssertionError("a flow that ends well gives a summary")
    return handover.summary
