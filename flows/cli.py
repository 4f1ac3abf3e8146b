"""The command `dehusk`. Nothing heavier than click is imported before a command needs it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from flows.cli_consume import export, schema
from flows.cli_options import (
    Failure,
    field_options,
    option,
    printable,
    rule_options,
    run_options,
    told_in_a_sentence,
)
from flows.cli_rules import rules
from flows.errors import Failed, UsageError
from flows.stopping import stopped_after


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="dehusk", prog_name="dehusk")
def main() -> None:
    """Turn raw scraped news pages into clean JSONL: clutter out, every embedded story a record of its own."""


@main.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@run_options
@option("--no-prefect", is_flag=True, help="Do the same work without Prefect.")
@click.option("--fresh", is_flag=True, help="Do all anew, in an empty output folder.")
@option("--quiet", "-q", is_flag=True, help="Print no progress, and no table at the end.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's counters as JSON instead of a table.")
@rule_options
@field_options
@told_in_a_sentence
def run(inputs: tuple[str, ...], no_prefect: bool, quiet: bool, as_json: bool, **asked: Any) -> None:
    """Clean every page of the inputs.

    An input is a file, a folder, a pattern, an address such as s3://bucket/pages/, or - for standard input; what it holds
    (pages of text or HTML, JSON Lines, WARC or WET, each also compressed) is told by its content.
    """
    from flows.lock import Busy
    from flows.progress import kind_for, shown_as
    from flows.run import Options
    from flows.run import run as run_plain

    options = Options(inputs=inputs, **asked)
    watch = shown_as(kind_for(quiet=quiet, as_json=as_json))
    try:
        if no_prefect:
            summary = run_plain(options, watch)
        else:
            from flows.clean import run_flow

            summary = run_flow(options, watch)
    except Busy as busy:
        click.echo(f"dehusk: skipped: {printable(str(busy))}", err=True)
        return
    for warning in summary.drift:
        click.echo(f"dehusk: {printable(warning)}", err=True)
    for failure in summary.failed:
        click.echo(f"dehusk: {printable(f'shard {failure.shard} was not cleaned: {failure.reason}')}", err=True)
    for name in summary.moving:
        click.echo(f"dehusk: {printable(name)} is being written, and left to the next run", err=True)
    if summary.report_problem:
        click.echo(f"dehusk: no report was written ({printable(summary.report_problem)}); dehusk report tries again", err=True)
    if as_json:
        import msgspec

        from flows.sources import printable as written

        row = {"out": written(summary.out), "manifest": summary.manifest, "seconds": round(summary.seconds, 3)}
        beside = {"unchanged": summary.unchanged, "moving": len(summary.moving), "failed": len(summary.failed)}
        beside |= {"passed_over": len(summary.skipped), "stopped": summary.stopped, "left": summary.left}
        click.echo(msgspec.json.encode({**row, **summary.counts.as_dict(), **beside}))
    elif not quiet and not summary.manifest and not summary.moving:
        as_before = "input is as it was" if summary.unchanged == 1 else "inputs are as they were"
        click.echo(f"dehusk: nothing new; {summary.unchanged:,} {as_before}")
    elif not quiet:
        from flows.summary import print_summary

        print_summary(summary)
    elif bad := summary.counts.quarantined.total():
        click.echo(f"dehusk: {bad} {'page' if bad == 1 else 'pages'} went to {printable(summary.out)}/quarantine", err=True)
    if summary.stopped:
        done = summary.shards - summary.left
        click.echo(f"dehusk: {stopped_after(done, summary.shards, fresh=options.fresh)}", err=True)
        raise SystemExit(128 + signal.SIGINT)
    if summary.failed:
        raise Failed("the run is not whole; what was not cleaned is tried again by the next run")


@main.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option("--every", default="", metavar="TIME", help="How often, as 30s, 15m, 1h30m or 1d.")
@click.option("--cron", default="", metavar="LINE", help="When, as a line of cron: '*/15 * * * *'.")
@click.option("--name", default="", help="The name of the deployment; by default, that of the output folder.")
@run_options
@rule_options
@field_options
@told_in_a_sentence
def serve(inputs: tuple[str, ...], every: str, cron: str, name: str, **asked: Any) -> None:
    """Clean the inputs again and again, on a schedule that a Prefect server keeps, until this command is ended.

    Each run does what is new or has changed; one that is due while another is at work is skipped, and shown as that.
    """
    from flows.run import Options
    from flows.serve import serve as serve_flow

    serve_flow(Options(inputs=inputs, **asked), every, cron, name)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@option("--state", default="", metavar="URL", help="The database of what has been done, where it is not OUT/state.db.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@told_in_a_sentence
def status(out: Path, inputs: tuple[str, ...], state: str, as_json: bool) -> None:
    """Tell what has been done in an output folder, and with INPUTs how many of them are new or have changed."""
    from flows.status import as_lines, status_of

    found = status_of(out, state, inputs)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(found.as_dict()))
        return
    for line in as_lines(found):
        click.echo(printable(line))


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@option("--state", default="", metavar="URL", help="The database of what has been done, where it is not OUT/state.db.")
@field_options
@told_in_a_sentence
def verify(out: Path, inputs: tuple[str, ...], **asked: Any) -> None:
    """Check the files of an output folder against their checksums, and its ledgers against its records.

    With INPUTs, ledgers are held to the pages that they are about, too.
    """
    from flows.verify import verify_output

    problems = 0
    for problem in verify_output(out, inputs, **asked):
        problems += 1
        click.echo(printable(problem))
    if problems:
        raise Failed(f"{problems} things are wrong in {out}; dehusk run --fresh makes it anew from its inputs")
    click.echo(f"dehusk: {out} is whole", err=True)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option("--run", default="", metavar="NAME", help="The run to report, by its manifest in OUT/runs; by default the last.")
@click.option("--to", default="", metavar="FILE", help="Where the report goes; by default OUT/report.html.")
@told_in_a_sentence
def report(out: Path, inputs: tuple[str, ...], run: str, to: str) -> None:
    """Make the report of a run anew: OUT/report.html, with the texts of pages out of the INPUTs of the run."""
    from flows.report import report as make_report

    click.echo(f"dehusk: {printable(str(make_report(out, run, inputs, to)))}", err=True)


@main.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--audit", is_flag=True, help="Print the page's ledger instead of its records.")
@rule_options
@field_options
@told_in_a_sentence
def clean(file: str, audit: bool, **asked: Any) -> None:
    """Clean the page or pages in one file, and print their records as JSON Lines."""
    from flows.one_page import Asked, as_lines, clean_pages

    failed = False
    for found in clean_pages(_page_or_stdin(file), Asked(**asked)):
        if isinstance(found, Failed):
            failed = True
            click.echo(f"dehusk: {printable(str(found))}", err=True)
        else:
            sys.stdout.buffer.write(as_lines(*found, audit=audit))
    if failed:
        raise SystemExit(Failure.exit_code)


@main.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--json", "as_json", is_flag=True, help="Print every line and its parts as JSON.")
@rule_options
@field_options
@told_in_a_sentence
def explain(file: str, as_json: bool, **asked: Any) -> None:
    """Show one page line by line: kept, lifted, split or removed, and by which rule.

    A page in a container is named as its records name it: pages.jsonl#4096.
    """
    from flows.explain import as_text, fates
    from flows.one_page import Asked, clean_one_page

    page, cleaned = clean_one_page(_page_or_stdin(file), Asked(**asked))
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode({"page": cleaned.page, "lines": list(fates(page.text, cleaned))}))
        return
    for line in as_text(page.text, cleaned):
        click.echo(line)


main.add_command(rules)
main.add_command(schema)
main.add_command(export)


def _page_or_stdin(file: str) -> str:
    if file == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("no page given; name a FILE, or pipe a page in, as in: dehusk clean - < page.txt")
    return file


if __name__ == "__main__":
    main()
