"""The commands `dehusk run` and `dehusk serve`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import click

from flows.cli.completion import PAGES
from flows.cli.options import RunCommand, field_options, one_sentence_errors, option, rule_options, run_options
from flows.display import printable, printable_json
from flows.errors import Failed
from flows.signals import stopped_after

if TYPE_CHECKING:
    from flows.execution.results import RunSummary

WAITING = "waiting for Prefect to start; PREFECT_API_URL names a server that is kept, --no-prefect does without any"


@click.command(cls=RunCommand, epilog="Example: dehusk run pages 'crawl/*.warc.gz' --out out --no-prefect")
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=PAGES)
@run_options
@option("--no-prefect", is_flag=True, help="Do the same work without Prefect.")
@click.option("--fresh", is_flag=True, help="Do all anew, in an empty output folder.")
@option("--quiet", "-q", is_flag=True, help="Print no progress, and no table at the end.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's counters as JSON instead of a table.")
@rule_options
@field_options
@one_sentence_errors
def run(inputs: tuple[str, ...], no_prefect: bool, quiet: bool, as_json: bool, **given: Any) -> None:
    """Clean every page of the inputs.

    An input is a file, a folder, a pattern, an address such as s3://bucket/pages/, or - for standard input; what it holds
    (pages of text or HTML, JSON Lines, WARC or WET, each also compressed) is told by its content.
    """
    from flows.cli.progress import display_for, watch_with
    from flows.cli.waiting import wait_with
    from flows.errors import Busy
    from flows.execution.on_problem import alarm_on_problem
    from flows.execution.run import run as run_plain
    from flows.learning.run_lines import learner
    from flows.options import RunOptions

    options = RunOptions(inputs=inputs, **given)
    display = display_for(quiet=quiet, as_json=as_json)
    watch, wait = watch_with(display), wait_with(display, WAITING)
    with alarm_on_problem(options) as alarm:
        try:
            if no_prefect:
                summary = alarm.summary = run_plain(options, watch, learner(watch))
            else:
                from flows.orchestration.run_flow import run_flow

                summary = alarm.summary = run_flow(options, watch, wait)
        except Busy as busy:
            click.echo(f"dehusk: skipped: {printable(str(busy))}", err=True)
            return
        _print_outcome(summary, quiet=quiet, as_json=as_json)
        if summary.stopped:
            done = summary.shards - summary.left
            click.echo(f"dehusk: {stopped_after(done, summary.shards, fresh=options.fresh)}", err=True)
            raise SystemExit(128 + signal.SIGINT)
        if summary.failed:
            raise Failed("the run is not whole; what was not cleaned is tried again by the next run")
        if summary.stories_problem:
            raise Failed(summary.stories_problem)
        if exceeded := alarm.limit.exceeded_by(summary.counts):
            raise Failed(exceeded)


def _print_outcome(summary: RunSummary, *, quiet: bool, as_json: bool) -> None:
    """Print the problems of a run to stderr, and its results."""
    from flows.inputs.row_names import in_words
    from flows.planning.damage import in_words as damage_in_words

    for warning in summary.drift:
        click.echo(f"dehusk: {printable(warning)}", err=True)
    for sentence in damage_in_words(summary.damaged, summary.lost):
        click.echo(f"dehusk: {printable(sentence)}", err=True)
    for failure in summary.failed:
        click.echo(f"dehusk: {printable(f'shard {failure.shard} was not cleaned: {failure.reason}')}", err=True)
    for name in summary.unsettled:
        click.echo(f"dehusk: {printable(name)} is being written, and left to the next run", err=True)
    for sentence in [] if quiet or as_json else in_words(summary.rows):
        click.echo(f"dehusk: {printable(sentence)}", err=True)
    if summary.report_problem:
        click.echo(f"dehusk: no report was written ({printable(summary.report_problem)}); dehusk report tries again", err=True)
    if as_json:
        import msgspec

        from flows.display import escaped_name

        row = {"out": escaped_name(summary.out), "manifest": summary.manifest, "seconds": round(summary.seconds, 3)}
        more = {"damaged": summary.damaged, "lost": summary.lost, "rows": summary.rows}
        totals = {"unchanged": summary.unchanged, "moving": len(summary.unsettled), "failed": len(summary.failed)}
        totals |= {"passed_over": len(summary.skipped), "stopped": summary.stopped, "left": summary.left}
        click.echo(printable_json(msgspec.json.encode({**row, **summary.counts.as_dict(), **totals, **more})))
    elif not quiet and not summary.manifest and not summary.unsettled:
        as_before = "input is as it was" if summary.unchanged == 1 else "inputs are as they were"
        click.echo(f"dehusk: nothing new; {summary.unchanged:,} {as_before}")
    elif not quiet:
        from flows.cli.summary import print_summary

        print_summary(summary)
    elif bad := summary.counts.quarantined.total():
        click.echo(f"dehusk: {bad} {'page' if bad == 1 else 'pages'} went to {printable(summary.out)}/quarantine", err=True)


@click.command(cls=RunCommand, epilog="Example: dehusk serve pages --out out --every 15m")
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=PAGES)
@click.option("--every", default="", metavar="TIME", help="How often, as 30s, 15m, 1h30m or 1d.")
@click.option("--cron", default="", metavar="LINE", help="When, as a line of cron: '*/15 * * * *'.")
@click.option("--name", default="", help="The name of the deployment; by default, that of the output folder.")
@run_options
@rule_options
@field_options
@one_sentence_errors
def serve(inputs: tuple[str, ...], every: str, cron: str, name: str, **given: Any) -> None:
    """Clean the inputs again and again, on a schedule that a Prefect server keeps, until this command is ended.

    Each run does what is new or has changed; one that is due while another is at work is skipped, and shown as that.
    """
    from flows.cli.progress import SILENCE, watch_with
    from flows.options import RunOptions
    from flows.orchestration.serve import serve as serve_flow

    serve_flow(RunOptions(inputs=inputs, **given), every, cron, name, watch_with(SILENCE))
