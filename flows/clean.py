"""The Prefect flow: one flow a run, one task a shard, around the same functions that run without Prefect."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from flows.prefect_settings import use_quiet_defaults

use_quiet_defaults()

from prefect import flow, task, unmapped  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.futures import wait  # noqa: E402
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows.rows import RowFields  # noqa: E402
from flows.run import CleanShard, Options, Plan, Summary, engine, finish, plan_run, shown_options  # noqa: E402
from flows.shard import ShardResult  # noqa: E402
from flows.shards import Shard  # noqa: E402

# The plan made before the flow began: a user's mistake is told at once, not after a server has been started.
_planned: ContextVar[Plan | None] = ContextVar("planned", default=None)


# No caching: Prefect's key would not see a changed pack or helper, and a stale shard would come back as new.
@task(name="clean-shard", task_run_name="shard {shard.name}", cache_policy=NO_CACHE, persist_result=False)
def clean_shard(shard: Shard, clean: CleanShard) -> ShardResult:
    """Clean one shard with what the run's engine gives for it."""
    return clean(shard)


@flow(name="dehusk", flow_run_name="dehusk to {out}", persist_result=False, validate_parameters=False)
def clean(
    inputs: tuple[str, ...] = ("seeds",),
    out: str = "out",
    workers: int = 0,
    captured_at: str = "",
    packs: str = "",
    site_packs: bool = True,
    strict: bool = False,
    fresh: bool = False,
    fields: Mapping[str, str | None] | None = None,
) -> Summary:
    """Clean all pages of the inputs; the parameters are those of `dehusk run`, `fields` as {"text": "body", "url": "link"}."""
    named = RowFields(**(fields or {}))
    plan = _planned.get() or plan_run(
        Options(tuple(inputs), out, workers, captured_at, packs, site_packs, strict, fresh, named)
    )
    runner: ThreadPoolTaskRunner[ShardResult] = ThreadPoolTaskRunner(max_workers=plan.workers)
    with engine(plan) as clean_one, runner:
        futures = runner.map(clean_shard, {"shard": plan.shards, "clean": unmapped(clean_one)})
        wait(list(futures))
        # Prefect's types say that a mapped future gives a future; it gives what the task returned.
        return finish(plan, cast(list[ShardResult], futures.result()))


def run_flow(options: Options) -> Summary:
    """Clean all pages of the inputs as one Prefect flow run, on an embedded server unless PREFECT_API_URL names one."""
    # At exit Prefect waits for its last events to be stored, and says so on every run that is over in seconds.
    logging.getLogger("EventsWorker").setLevel(logging.ERROR)
    # The heartbeat's thread would make every run a second longer; only a setting in code turns it off.
    planned = _planned.set(plan_run(options))
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), _ended_by_sigterm():
            summary: Summary = clean(**shown_options(options))
            return summary
    finally:
        _planned.reset(planned)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl-C does, so that Prefect stops the embedded server on the way out."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    from flows.cli import main

    main(["run", *(sys.argv[1:] or ["seeds"])])
