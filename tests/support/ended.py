"""What worker processes do in tests instead of cleaning a shard: they end, wait for a sign, or take their time."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from flows.execution import shard as shards
from flows.execution.shard import ShardResult
from flows.options import WorkerSettings
from flows.planning.shards import Shard
from tests.support.waiting import PATIENCE_SECONDS, wait_until

VICTIM = "b.txt"
MARK = "ended"
GO_ON = "go on"  # a file beside the output folder


def end_once(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean a shard, but end the process in the midst of the victim's when it is met for the first time."""
    if VICTIM in [source.name for source in shard.sources] and not (mark := Path(settings.out, MARK)).exists():
        mark.touch()
        shards.clean_page = lambda page, library: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    return shards.clean_shard(shard, settings)


def end_always(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean a shard, but end the process in the midst of the victim's."""
    Path(settings.out, MARK).unlink(missing_ok=True)
    return end_once(shard, settings)


def wait(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Say which process this is, and wait."""
    Path(settings.out, f"{os.getpid()}.pid").touch()
    time.sleep(PATIENCE_SECONDS)
    raise AssertionError(shard)


def wait_to_go_on(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean a shard; give the result of any but the first only when the file GO_ON is there."""
    result = shards.clean_shard(shard, settings)
    if not shard.name.startswith("00000-"):
        wait_until(Path(settings.out).with_name(GO_ON).exists, "a sign to go on")
    return result


def stall(shard: Shard, settings: WorkerSettings) -> ShardResult:
    """Clean a shard, but wait in the midst of it."""
    shards.clean_page = lambda page, library: time.sleep(PATIENCE_SECONDS)  # type: ignore[assignment]
    return shards.clean_shard(shard, settings)
