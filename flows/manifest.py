"""The manifest of a run: what it did with which versions and options, and the checksums of the shards it wrote."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import cleaners
from flows.counts import Counted
from flows.errors import UsageError
from flows.rows import USUAL, RowFields
from flows.sample import SampledPage
from flows.schema import CONTRACT
from flows.sources import printable
from flows.storage import shown
from flows.writing import RUNS, write_whole

if TYPE_CHECKING:
    from flows.run import Options, Plan, Summary
    from flows.shard import ShardResult


class Told(msgspec.Struct):
    """What a run was asked for, as far as it is read again."""

    out: str = ""
    inputs: list[str] = []
    packs: str = ""
    fields: RowFields = USUAL


class Manifest(msgspec.Struct):
    """What the manifest of a run says of it, as far as it is read again; older ones may say less."""

    began: str
    seconds: float = 0.0
    dehusk: str = ""
    rules: str = ""
    options: Told = msgspec.field(default_factory=Told)
    counts: Counted = msgspec.field(default_factory=Counted)
    unchanged: int = 0
    left: int = 0
    moving: list[str] = []
    failed: list[dict[str, str]] = []
    shards: list[dict[str, Any]] = []
    drift: list[str] = []
    skipped: list[dict[str, str]] = []
    sample: list[SampledPage] = []


def read_manifest(file: Path) -> Manifest:
    """Return what a manifest says; raises UsageError when it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}); name the folder that was given to dehusk run") from None
    except msgspec.MsgspecError as error:
        raise UsageError(f"{file} is no manifest of a run ({error}); take it away, or name another with --run") from None


def write_manifest(plan: Plan, summary: Summary, done: Sequence[ShardResult]) -> str:
    """Write down what a run did and return the file's name below the output folder."""
    began = moment(plan.began)
    manifest = {
        "contract": CONTRACT,
        "dehusk": cleaners.__version__,
        "python": platform.python_version(),
        "rules": plan.settings.library().digest,
        "began": began,
        "seconds": round(summary.seconds, 3),
        "options": shown_options(plan.options),
        "counts": summary.counts.as_dict(),
        "unchanged": summary.unchanged,
        "moving": summary.moving,
        "stopped": summary.stopped,
        "left": summary.left,
        "failed": [asdict(failure) for failure in summary.failed],
        "shards": [{"name": result.shard, "files": result.files} for result in done],
        "drift": summary.drift,
        "skipped": [asdict(skip) for skip in plan.skipped],
        "sample": summary.sample.pages(),
    }
    name = f"{RUNS}/{began.replace(':', '').replace('-', '')}.json"
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_whole(Path(plan.settings.out, name), content + b"\n")
    return name


def shown_options(options: Options) -> dict[str, Any]:
    """Return what a run was asked for as it can be written anywhere: without secrets, whatever bytes names are made of."""
    inputs = tuple(printable(shown(name)) for name in options.inputs)
    own = {"out": printable(options.out), "packs": printable(options.packs), "state": shown(options.state)}
    return asdict(options) | own | {"inputs": inputs}


def moment(time: datetime) -> str:
    """Return a time in UTC as manifests write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
