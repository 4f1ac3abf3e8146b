"""The status of an output folder: inputs done and pending, the last runs, stories, warnings of drift.

Called by the command `dehusk status`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from flows.inputs.capture_time import SIDECAR
from flows.inputs.discovery import Source
from flows.inputs.fingerprint import current_stamp
from flows.inputs.listing import list_sources
from flows.layout import STATE_FILE
from flows.output.lock import RunWatch, is_held
from flows.output.manifest import Manifest, readable_manifests
from flows.output.site_months import SiteMonths, plain_months
from flows.output.story_line import StoryLine
from flows.planning.comparison import merged
from flows.planning.database import no_state, state_to_read
from flows.planning.runs import Run, Totals
from flows.planning.state import State
from flows.stories.show import NO_STORIES, Overview, overview, story_lines

RUNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of inputs, the last runs (newest first), the drift warnings of the last one, and the stories.

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
    stories: Overview = NO_STORIES

    def as_dict(self) -> dict[str, object]:
        """Return the status as plain values."""
        plain = asdict(replace(self, drifting={}, stories=NO_STORIES))
        return plain | {"drifting": plain_months(self.drifting), "stories": self.stories.as_dict()}


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
    return [*lines, *status.stories.text_lines(), *status.drift]


def status_of(out: Path, url: str, inputs: Sequence[str], *, follow_links: bool = False) -> Status:
    """Return the status of an output folder; raises UsageError when no run was made there, or the state is lost."""
    _check_state(out, url)
    with state_to_read(out, url) as state:
        new, changed = _new_and_changed(state, inputs, out, follow_links=follow_links) if inputs else (None, None)
        runs = state.last_runs(RUNS_SHOWN)
        last = next((run.manifest for run in runs if run.manifest), "")
        manifest = _readable(out / last) if last else Manifest(began="")
        totals, stories = state.totals(), overview(out, url, state.shards())
        return Status(str(out), is_held(out), totals, new, changed, runs, manifest.drift, manifest.drifting, stories)


def story_of(out: Path, url: str, identifier: str) -> list[StoryLine]:
    """Return the lines of a story; raises UsageError when no run was made in the output folder, or it has no such story."""
    _check_state(out, url)
    with state_to_read(out, url):  # raises UsageError for a database of another folder
        return story_lines(out, url, identifier)


def _check_state(out: Path, url: str) -> None:
    """Raise UsageError when no run was made in an output folder, or its state is lost."""
    watch = RunWatch(out)
    problem = None if out.is_dir() and (url or (out / STATE_FILE).exists()) else no_state(out)
    if problem is not None and not watch.has_seen_a_run():  # a first run has folders before it has a state
        raise problem


def _new_and_changed(state: State, inputs: Sequence[str], out: Path, *, follow_links: bool) -> tuple[int, int]:
    """Return the number of new inputs, and of those with another stamp than before."""
    listing, _ = list_sources(inputs, out, follow_links=follow_links)
    new = changed = 0
    for source, rows in merged(listing, state.known_by_name()):
        if source is not None and not rows:
            new += 1
        elif source is not None:
            newest = max(rows, key=lambda row: (row.shard, row.place))
            changed += _has_changed(source, newest.stamp)
    return new, changed


def _has_changed(source: Source, stamp: str) -> bool:
    """Return whether an input's stamp has changed; the stamp of one with a sidecar covers both files."""
    return stamp not in ("", current_stamp(source, SIDECAR if "+" in stamp else ""))


def _readable(file: Path) -> Manifest:
    """Return a manifest, an empty one for an unreadable one, which `dehusk verify` reports."""
    return next(readable_manifests([file]), Manifest(began=""))
