"""The status of an output folder: inputs done and pending, the last runs, warnings of drift.

Called by the command `dehusk status`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from flows.inputs.capture_time import SIDECAR
from flows.inputs.discovery import Source, find_sources
from flows.inputs.fingerprint import current_stamp
from flows.layout import STATE_FILE
from flows.output.lock import RunWatch, is_held
from flows.output.manifest import Manifest, readable_manifests
from flows.output.site_months import SiteMonths, plain_months
from flows.planning.database import no_state, state_to_read
from flows.planning.state import Run, State, Totals

RUNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of inputs, the last runs (newest first), and the drift warnings of the last one.

    `drifting` are the counters by month of the sites that these are about. `new` and `changed` count the inputs that the next
    run would clean, None when no inputs were named.
    """

    out: str
    is_running: bool
    totals: Totals
    new: int | None
    changed: int | None
    runs: list[Run]
    drift: list[str]
    drifting: SiteMonths

    def as_dict(self) -> dict[str, object]:
        """Return the status as plain values."""
        return asdict(replace(self, drifting={})) | {"drifting": plain_months(self.drifting)}


def text_lines(status: Status) -> list[str]:
    """Return the status as lines of text."""
    totals = status.totals
    lines = [f"{status.out}: {'a run is at work' if status.is_running else 'no run is at work'}"]
    lines.append(f"done: {totals.done:,} inputs; planned and not done: {totals.pending:,}; shards: {totals.shards:,}")
    lines.append(f"quarantined: {totals.bad_pages:,} pages of {totals.with_bad_pages:,} inputs")
    if status.new is not None:
        planned = f", and {totals.pending:,} that are planned" if totals.pending else ""
        lines.append(f"for the next run: {status.new:,} new inputs, {status.changed:,} changed ones{planned}")
    lines += [
        f"run {run.number} of {run.began}: {run.outcome}, {run.seconds:.1f} s{f', {run.manifest}' if run.manifest else ''}"
        for run in status.runs
    ]
    return [*lines, *status.drift]


def status_of(out: Path, url: str, inputs: Sequence[str], *, follow_links: bool = False) -> Status:
    """Return the status of an output folder; raises UsageError when no run was made there, or the state is lost."""
    watch = RunWatch(out)
    problem = None if out.is_dir() and (url or (out / STATE_FILE).exists()) else no_state(out)
    if problem is not None and not watch.has_seen_a_run():  # a first run has folders before it has a state
        raise problem
    with state_to_read(out, url) as state:
        new, changed = _new_and_changed(state, inputs, out, follow_links=follow_links) if inputs else (None, None)
        runs = state.last_runs(RUNS_SHOWN)
        last = next((run.manifest for run in runs if run.manifest), "")
        manifest = _readable(out / last) if last else Manifest(began="")
        return Status(str(out), is_held(out), state.totals(), new, changed, runs, manifest.drift, manifest.drifting)


def _new_and_changed(state: State, inputs: Sequence[str], out: Path, *, follow_links: bool) -> tuple[int, int]:
    """Return the number of new inputs, and of those with another stamp than before."""
    stamps = {known.name: known.stamp for known in state.known()}
    sources, _ = find_sources(inputs, out, follow_links=follow_links)
    new = sum(source.name not in stamps for source in sources)
    return new, sum(_has_changed(source, stamps.get(source.name, "")) for source in sources)


def _has_changed(source: Source, stamp: str) -> bool:
    """Return whether an input's stamp has changed; the stamp of one with a sidecar covers both files."""
    return stamp not in ("", current_stamp(source, SIDECAR if "+" in stamp else ""))


def _readable(file: Path) -> Manifest:
    """Return a manifest, an empty one for an unreadable one, which `dehusk verify` reports."""
    return next(readable_manifests([file]), Manifest(began=""))
