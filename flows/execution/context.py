"""The context of a run: its options, settings, state and plan, while it holds the output folder.

Called by `flows.execution.run` and `flows.orchestration.run_flow`; `flows.execution.results` reads it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.errors import UsageError
from flows.execution.engines import check_engine
from flows.execution.learnt_lines import Learner, LearntLines, ToLearn
from flows.execution.progress import SharedProgress
from flows.inputs.capture_time import SIDECAR, parse_captured_at, require_local_files
from flows.inputs.discovery import UNREAD, Skipped, SourceKey
from flows.inputs.fingerprint import current_stamp
from flows.inputs.given_fields import check_given_fields
from flows.inputs.listing import Listing, list_sources
from flows.inputs.stdin import spool
from flows.inputs.storage import STDIN
from flows.layout import STATE_FILE
from flows.options import DASK, LOCAL, STATE_VARIABLE, RunOptions, WorkerSettings
from flows.output.atomic import flush_folder
from flows.output.lock import locked
from flows.output.manifest import last_number, manifest_time
from flows.packs import load_library, read_packs
from flows.planning.code_digest import code_digest, settings_digest
from flows.planning.comparison import RunRequest
from flows.planning.database import open_state
from flows.planning.folder import (
    check_known,
    clear_output,
    clear_parts,
    clear_remains,
    is_half_cleared,
    make_folders,
    write_readme,
)
from flows.planning.planner import RunPlan, plan_run
from flows.planning.state import State
from flows.stories.database import forget_tables


@dataclass(frozen=True, slots=True)
class RunContext:
    """A run that holds its output folder: options, settings, inputs, state, plan and progress.

    `state_url` is the address of the state, "" where that is in the output folder. `made_by` is the digest of everything that
    decides the output of an input's bytes, but for the inputs that `learnt` names. `number` is that of the run in the order of
    runs. `started_clock` is the monotonic time of the command; `began` and `began_clock` are the time at which the run locked
    the folder. `workers` counts processes on this machine.
    """

    options: RunOptions
    settings: WorkerSettings
    made_by: str
    learnt: LearntLines
    sources: Listing
    state: State
    state_url: str
    number: int
    plan: RunPlan
    skipped: list[Skipped]
    started_clock: float
    began: datetime
    began_clock: float
    workers: int
    progress: SharedProgress

    def made_by_of(self, key: SourceKey) -> str:
        """Return the digest of everything that decides the output of an input's bytes."""
        return self.learnt.made_by.get(key, self.made_by)


@contextmanager
def prepared_run(options: RunOptions, learner: Learner | None = None) -> Iterator[RunContext]:
    """Lock the output folder and yield the context of the run; `learner` is needed for one that learns lines.

    Raises UsageError for a user's mistake before anything is written, and Busy when another run holds the folder.
    """
    started_clock = time.monotonic()
    if not options.out:  # as of a variable of a shell that is not set; it would be the present folder
        raise UsageError("--out is empty; name a folder for the output")
    out = Path(os.path.abspath(options.out))
    settings = _settings(options, out)
    sources, skipped = find_inputs(options, settings.captured_at, out)
    if STDIN not in options.inputs:
        check_given_fields(sources, options.fields)
    make_folders(out)
    with ExitStack() as stack:
        settings = replace(settings, holder=stack.enter_context(locked(out)))
        began, began_clock = datetime.now(UTC), time.monotonic()
        clear_remains(out)
        stack.callback(clear_parts, out)  # of workers that were killed; by then none is left at work
        url = options.state or os.environ.get(STATE_VARIABLE, "")
        if not (options.fresh or url or (out / STATE_FILE).exists()):
            check_known(out, None)  # before an empty state is made, that would hide the loss
        state = stack.enter_context(open_state(out, url, fresh=options.fresh))
        if is_half_cleared(state):  # a run with --fresh was ended before it had removed all
            options = replace(options, fresh=True)
        if options.fresh:
            clear_output(out, state)
            forget_tables(out, url)
        check_known(out, state)
        write_readme(out)
        if STDIN in options.inputs:
            stack.callback(flush_folder, out)  # from which the spooled file has gone by then
            sources.append(stack.enter_context(spool(out)))
            check_given_fields(sources, options.fields)
        made_by = settings_digest(settings)
        learnt = LearntLines()
        if options.learn_lines:
            if learner is None:
                raise TypeError("a run that learns lines needs a learner")
            learnt = stack.enter_context(learner(ToLearn(options, sources, state.known, settings, made_by)))
            settings = replace(settings, lines=learnt.file)
        unread = tuple(skip.name for skip in skipped if skip.kind == UNREAD)
        plan = plan_run(state, sources, out, RunRequest(made_by, settings.captured_at, options, unread, learnt.made_by))
        if options.engine == DASK and plan.shards:
            from flows.execution.dask import check_cluster  # an extra

            check_cluster(options.scheduler, settings, plan.shards)
        number = state.begin_run(manifest_time(began), above=last_number(out))
        workers = max(1, min(options.workers or os.cpu_count() or 1, len(plan.shards)))
        progress = SharedProgress(plan.shards.heads, is_shared=workers > 1 and options.engine == LOCAL)
        clocks = (started_clock, began, began_clock)
        yield RunContext(
            options, settings, made_by, learnt, sources, state, url, number, plan, skipped, *clocks, workers, progress
        )


def _settings(options: RunOptions, out: Path) -> WorkerSettings:
    """Return the settings of the workers, without a holder; raises UsageError for bad options or packs."""
    settings = WorkerSettings(
        out=str(out),
        packs=read_packs(options.packs, installed=options.installed_packs),
        strict=options.strict,
        site_packs=options.site_packs,
        captured_at=parse_captured_at(options.captured_at),
        fields=options.fields,
        code=code_digest(),
        stories=options.stories,
    )
    check_engine(options)
    load_library(settings.packs, strict=options.strict, site_packs=options.site_packs)
    return settings


def find_inputs(options: RunOptions, captured_at: str, out: Path) -> tuple[Listing, list[Skipped]]:
    """Return the sources in the inputs, except standard input, and the files that are skipped.

    `captured_at` is in the form of `parse_captured_at`.
    """
    files = [name for name in options.inputs if name != STDIN]
    sources, skipped = Listing(), list[Skipped]()
    if files or not options.inputs:
        sources, skipped = list_sources(files, out, follow_links=options.follow_links)
    require_local_files(captured_at, options.inputs)
    if captured_at == SIDECAR:
        sources = Listing(replace(source, stamp=current_stamp(source, SIDECAR)) for source in sources)
    return sources, skipped
