"""The manifest of a run: versions, options, counters, and the checksums of the shards it wrote.

`flows.execution.results` writes it; status, verify, drift and the report read it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_origin

import msgspec

from flows.display import escaped_name
from flows.errors import UsageError
from flows.inputs.discovery import Skipped
from flows.inputs.row_names import RowNames
from flows.inputs.storage import without_password
from flows.layout import RUNS
from flows.options import USUAL, RowFields, RunOptions
from flows.output import manifest_text
from flows.output.atomic import write_pieces
from flows.output.metrics import Counts
from flows.output.sample import SampledPage
from flows.output.site_months import SiteMonths, plain_months
from flows.regular_file import open_regular

Lists = tuple[Literal["moving", "shards", "damaged", "lost", "skipped", "sample"], ...]
LISTS: Lists = ("moving", "shards", "damaged", "lost", "skipped", "sample")  # that may be long
_NAME = re.compile(r"(?:(?P<number>\d{6,})-)?\d{8}T\d{6}\.\d+Z\.json", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShardFailure:
    """A shard that could not be cleaned, with the reason; the next run tries it again."""

    shard: str
    reason: str


class ShardFiles(msgspec.Struct, frozen=True):
    """The files of a shard: names below the output folder, with digests."""

    name: str
    files: dict[str, str]


class RecordedOptions(msgspec.Struct, frozen=True):
    """The options of a run that are read again; a manifest holds all of them, whatever their values."""

    inputs: list[str] = []
    out: str = ""
    packs: str = ""
    site_packs: bool = True
    installed_packs: bool = True
    strict: bool = False
    fresh: bool = False
    follow_links: bool = False
    fields: RowFields = USUAL


class Manifest(msgspec.Struct, kw_only=True):
    """The manifest of a run, key by key; manifests of older versions lack some keys.

    `run` is the number of the run, `learnt_lines` the number of lines learnt of each site. `drift` has a sentence for each
    change of a site, `drifting` the counters by month of these sites, with those of earlier runs that they were compared with.
    """

    contract: str = ""
    dehusk: str = ""
    python: str = ""
    rules: str = ""
    run: int = 0
    began: str
    seconds: float = 0.0
    options: RecordedOptions = RecordedOptions()
    counts: Counts = msgspec.field(default_factory=Counts)
    unchanged: int = 0
    moving: list[str] = []
    stopped: bool = False
    left: int = 0
    failed: list[ShardFailure] = []
    shards: list[ShardFiles] = []
    drift: list[str] = []
    drifting: SiteMonths = {}
    damaged: list[str] = []
    lost: list[str] = []
    skipped: list[Skipped] = []
    sample: list[SampledPage] = []
    rows: RowNames = msgspec.field(default_factory=RowNames)
    learnt_lines: dict[str, int] = {}


def decode_manifest(file: Path, but: Lists = ()) -> Manifest:
    """Return the manifest in a file, with nothing in some of its lists; raises OSError or MsgspecError."""
    with open_regular(str(file)) as opened:
        if not but:
            return _decoded(opened.read())
        try:
            manifest = _decoded(manifest_text.without(opened, but))
        except msgspec.MsgspecError:  # the whole of it may be sound, or says best what is wrong
            opened.seek(0)
            manifest = _decoded(opened.read())
    return msgspec.structs.replace(manifest, **{name: [] for name in but})


def shards_of(file: Path) -> Iterator[ShardFiles]:
    """Yield the shards in a manifest, a few of them in memory; raises OSError or MsgspecError."""
    decode = msgspec.json.Decoder(ShardFiles).decode
    with open_regular(str(file)) as opened:
        found = manifest_text.shards_in(opened)
        if (first := next(found, None)) is not None:
            yield decode(first)
            yield from map(decode, found)
            return
    yield from decode_manifest(file).shards


def _decoded(text: bytes) -> Manifest:
    return msgspec.json.decode(text, type=Manifest, dec_hook=_counter)


def _counter(type_: type, value: object) -> object:
    """Return a decoded object as the Counter that a manifest has in its place (msgspec knows no Counter)."""
    if get_origin(type_) is not Counter:
        raise NotImplementedError(type_)
    return Counter(msgspec.convert(value, dict[str, int]))


def manifest_names(out: Path) -> list[str]:
    """Return the names of all manifests below an output folder, in the order of their runs."""
    names = (f"{RUNS}/{file.name}" for file in (out / RUNS).glob("*.json") if _NAME.fullmatch(file.name))
    return sorted(names, key=order_of)


def order_of(name: str) -> tuple[int, str]:
    """Return the place of a manifest among others: by the number of its run.

    Those of an earlier version, named by time alone, come first.
    """
    file = Path(name).name
    match = _NAME.fullmatch(file)
    return int(match["number"] or 0) if match else 0, file


def last_number(out: Path) -> int:
    """Return the highest number of a run with a manifest, 0 without any."""
    names = manifest_names(out)
    return order_of(names[-1])[0] if names else 0


def manifests_above(out: Path, newest: int) -> list[str]:
    """Return the names of manifests with higher numbers than the newest run in the state has: they are of other folders."""
    return [name for name in manifest_names(out) if order_of(name)[0] > newest]


def checksums_of_manifests(out: Path) -> tuple[dict[str, dict[str, str]], list[str], list[str]]:
    """Return the digests of each shard's files by the last manifest that names it, problems of manifests, and bad ones."""
    shards: dict[str, dict[str, str]] = {}
    problems, bad = [], []
    for file in sorted((out / RUNS).glob("*.json"), key=lambda file: order_of(file.name)):
        try:
            manifest = decode_manifest(file)
        except OSError as error:
            problems.append(f"{RUNS}/{file.name} cannot be read: {error.strerror or error}")
        except msgspec.MsgspecError as error:
            problems.append(f"{RUNS}/{file.name} is no manifest: {error}")
            bad.append(f"{RUNS}/{file.name}")
        else:
            if manifest.options.fresh:
                shards.clear()
            shards |= {shard.name: shard.files for shard in manifest.shards}
    return shards, problems, bad


def read_manifest(file: Path, but: Lists = ()) -> Manifest:
    """Return the manifest in a file, with nothing in some of its lists; raises UsageError when it cannot be read."""
    try:
        return decode_manifest(file, but)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}); name the folder that was given to dehusk run") from None
    except msgspec.MsgspecError as error:
        raise UsageError(f"{file} is no manifest of a run ({error}); take it away, or name another with --run") from None


def readable_manifests(files: list[Path]) -> Iterator[Manifest]:
    """Yield the manifests that can be read, with nothing in their LISTS.

    Others are passed over, as manifests are for people and hold no state.
    """
    for file in files:
        try:
            yield decode_manifest(file, LISTS)
        except (OSError, msgspec.MsgspecError):
            continue


def write_manifest(out: Path, manifest: Manifest, options: RunOptions) -> str:
    """Write the manifest of a run with all its options, and return its name below the output folder."""
    recorded = {"options": asdict(public_options(options)), "counts": manifest.counts.as_dict()}
    recorded["drifting"] = plain_months(manifest.drifting)
    values = msgspec.to_builtins(msgspec.structs.replace(manifest, shards=[])) | recorded
    name = f"{RUNS}/{manifest.run:06}-{manifest.began.replace(':', '').replace('-', '')}.json"
    write_pieces(out / name, manifest_text.written(values, manifest.shards))
    return name


def public_options(options: RunOptions) -> RunOptions:
    """Return the options of a run without passwords, with names in valid Unicode; a command may hold one anywhere."""
    return replace(
        options,
        inputs=tuple(escaped_name(without_password(name)) for name in options.inputs),
        out=escaped_name(options.out),
        packs=escaped_name(options.packs),
        state=without_password(options.state),
        on_problem="",
    )


def manifest_time(time: datetime) -> str:
    """Return a time in UTC as manifests write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
