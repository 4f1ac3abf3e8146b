"""The flow `dehusk`: one flow run a run, one task a shard; Prefect schedules, retries and shows, our files are the record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from prefect import State, Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import TaskRun
from prefect.futures import PrefectFuture
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Cancelled, Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.errors import (
    Busy,
    UsageError,
)
from flows.execution import shard as shards_of
from flows.execution.context import RunContext, prepared_run
from flows.execution.engines import worker_function
from flows.execution.results import NOTHING_NEW, RunSummary, finish
from flows.execution.run import Watch, unwatched
from flows.execution.scheduling import CleanShard, Outcomes, outcome, run_bounded
from flows.execution.shard import ShardResult
from flows.options import DASK, RowFields, RunOptions
from flows.orchestration.artifacts import publish, with_progress
from flows.orchestration.prefect_server import (
    end_server_with_this_process,
)
from flows.output.manifest import public_options
from flows.planning.shards import Shard
from flows.signals import end_after_signals, stopped_after, stopped_by_signals, without_ctrl_c

SKIPPED = "Skipped"
GRACE_SECONDS = 10  # for Prefect to show that a run was stopped; where its server was stopped as well, it would try for minutes


@dataclass(slots=True)
class _Handed:
    """What the command slots to its flow, and the flow to it: a user's mistake is told before a server has been started."""

    context: RunContext | Busy
    summary: RunSummary | None = None


_handed: ContextVar[_Handed | None] = ContextVar("handed", default=None)


def _what_is_handed() -> _Handed | None:
    """Return what a command has handed to the flow; a function, as Prefect may send a flow, and with it what it names, away."""
    return _handed.get()


def _is_io_error(_: Task[..., object], __: TaskRun, state: State) -> bool:
    """Say whether to try a shard again: what fails for another reason than its files would fail again."""
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
def clean_shard(shard: Shard, clean: CleanShard) -> ShardResult:
    """Clean one shard with what the run's engine gives for it."""
    return clean(shard)


@flow(name="dehusk", flow_run_name="dehusk to {out}", persist_result=False, validate_parameters=False)
def clean(
    inputs: tuple[str, ...] = ("seeds",),
    out: str = "out",
    workers: int = 0,
    engine: str = "local",
    scheduler: str = "",
    captured_at: str = "",
    packs: str = "",
    site_packs: bool = True,
    strict: bool = False,
    fresh: bool = False,
    prune: bool = False,
    retry_quarantine: bool = False,
    settle: float = 1.0,
    state: str = "",
    fields: Mapping[str, str | None] | None = None,
) -> State[None]:
    """Clean what is new or has changed in the inputs; the parameters are those of `dehusk run`.

    `fields` are as in {"text": "body", "url": "link"}.
    """
    handed = _what_is_handed()
    if handed is None:
        options = RunOptions(
            inputs=tuple(inputs), out=out, workers=workers, engine=engine, scheduler=scheduler, captured_at=captured_at,
            packs=packs, site_packs=site_packs, strict=strict, fresh=fresh, prune=prune, retry_quarantine=retry_quarantine,
            settle=settle, state=state, fields=RowFields(**(fields or {})),
        )  # fmt: skip
        try:
            with prepared_run(options) as context:
                return _state_of(_clean(context), options)
        except Busy as busy:
            return _skipped(busy)
    if isinstance(handed.context, Busy):
        return _skipped(handed.context)
    handed.summary = _clean(handed.context)
    return _state_of(handed.summary, handed.context.options)


def _clean(context: RunContext) -> RunSummary:
    with _runner(context) as (runner, slots, clean_one):
        summary = finish(context, with_progress(context, _results(context, runner, slots, clean_one)))
    publish(context, summary)
    return summary


@contextmanager
def _runner(context: RunContext) -> Iterator[tuple[TaskRunner[Any], Callable[[], int], CleanShard]]:
    """Give what runs the tasks of a run, how many it runs at once, and what each does: here or where the task runs."""
    with ExitStack() as stack:
        if context.options.engine == DASK:
            from prefect_dask.task_runners import DaskTaskRunner  # an extra

            from flows.execution.dask import slots_of

            dask = stack.enter_context(DaskTaskRunner(address=context.options.scheduler))
            yield dask, partial(slots_of, dask.client), partial(shards_of.clean_shard, settings=context.settings)
        else:
            clean_one = stack.enter_context(worker_function(context.workers, context.settings, context.progress))
            threads: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=context.workers)
            yield stack.enter_context(threads), lambda: context.workers, clean_one


def _results(context: RunContext, runner: TaskRunner[Any], slots: Callable[[], int], clean_one: CleanShard) -> Outcomes:
    def begin(shard: Shard) -> PrefectFuture[ShardResult]:
        future: PrefectFuture[ShardResult] = runner.submit(clean_shard, {"shard": shard, "clean": clean_one})
        return future

    for shard, future in run_bounded(context.plan.shards, context.progress, slots, begin):
        yield outcome(shard, future.result)


def _skipped(busy: Busy) -> State[None]:
    return Completed(name=SKIPPED, message=f"skipped: {busy}")


def _state_of(summary: RunSummary, options: RunOptions) -> State[None]:
    """Return what Prefect shows of a run."""
    if summary.stopped:
        done = summary.shards - summary.left
        return Cancelled(message=stopped_after(done, summary.shards, fresh=options.fresh))
    if summary.failed:
        first = summary.failed[0]
        return Failed(message=f"{len(summary.failed)} shards could not be cleaned; {first.shard}: {first.reason}")
    pages = f"{summary.counts.pages} pages cleaned, {summary.counts.quarantined.total()} to quarantine"
    return Completed(message=pages if summary.manifest else NOTHING_NEW)


def run_flow(options: RunOptions, watch: Watch = unwatched) -> RunSummary:
    """Clean the inputs as one Prefect flow run, on an embedded server unless PREFECT_API_URL names one.

    Raises Busy when another run is at work in the output folder; a server, where there is one, shows that as a skipped run.
    """
    has_server = bool(PREFECT_API_URL.value())
    if options.engine == DASK and not has_server:
        raise UsageError(
            "--engine dask needs a Prefect server that its workers reach; set PREFECT_API_URL, or use --no-prefect"
        )
    try:
        with prepared_run(options) as context:
            return _run_handed(options, context, watch)
    except Busy as busy:
        if has_server:
            _run_handed(options, busy, watch)
        raise


def _run_handed(options: RunOptions, context: RunContext | Busy, watch: Watch) -> RunSummary:
    # At exit Prefect waits for its last events to be stored, and says so on every run that is over in seconds.
    logging.getLogger("EventsWorker").setLevel(logging.ERROR)
    if not PREFECT_API_URL.value():
        end_server_with_this_process()
        end_after_signals(GRACE_SECONDS)
        with without_ctrl_c(), get_client(sync_client=True) as client:  # starts the embedded server
            client.hello()
    token = _handed.set(handed := _Handed(context))
    try:
        # The heartbeat's thread would make every run a second longer; only a setting in code turns it off.
        with (
            temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
            stopped_by_signals(),
            watch(context.progress) if isinstance(context, RunContext) else nullcontext(),
        ):
            ended = clean(**asdict(public_options(options)), return_state=True)
    finally:
        _handed.reset(token)
    if handed.summary is None:
        ended.result()  # raises what went wrong
        if isinstance(context, Busy):
            raise context
        raise AssertionError("a flow that ends well gives a summary")
    return handed.summary
