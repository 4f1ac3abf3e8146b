"""The commands that inspect an output folder: `dehusk status`, `verify`, `repair` and `report`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flows.cli.completion import PAGES
from flows.cli.options import field_options, follow_links_option, one_sentence_errors, option
from flows.display import escaped_name, printable, printable_json
from flows.errors import Failed, UsageError

STATE_HELP = "The database of what has been done, where it is not OUT/state.db."
FAULTS_SHOWN = 3


@click.command(epilog="Example: dehusk status out pages")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=PAGES)
@option("--state", default="", metavar="URL", help=STATE_HELP)
@follow_links_option
@click.option("--story", default="", metavar="ID", help="Print the pages of this story instead, in the order of being seen.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@one_sentence_errors
def status(out: Path, inputs: tuple[str, ...], state: str, follow_links: bool, story: str, as_json: bool) -> None:
    """Tell what has been done in an output folder, and with INPUTs how many of them are new or have changed."""
    from flows.inspect.status import status_of, text_lines

    if story:
        if inputs:
            raise UsageError("--story prints the pages of a story and looks at no INPUT; leave one of them out")
        _print_story(out, state, story, as_json=as_json)
        return
    folder_status = status_of(out, state, inputs, follow_links=follow_links)
    if as_json:
        import msgspec

        click.echo(printable_json(msgspec.json.encode(folder_status.as_dict())))
        return
    for line in text_lines(folder_status):
        click.echo(printable(line))


def _print_story(out: Path, state: str, story: str, *, as_json: bool) -> None:
    """Print a line for each page of a story, with tabs between its fields, or the lines of `stories/` that hold it."""
    from flows.inspect.status import story_of

    for line in story_of(out, state, story):
        if as_json:
            import msgspec

            click.echo(printable_json(msgspec.json.encode(line)))
            continue
        for seen in line.seen:
            place = seen.page.captured_at, seen.relation, seen.page.path, str(seen.position), seen.page.url, seen.record
            click.echo("\t".join(map(printable, place)))


@click.command(epilog="Example: dehusk verify out pages")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=PAGES)
@option("--state", default="", metavar="URL", help=STATE_HELP)
@field_options
@one_sentence_errors
def verify(out: Path, inputs: tuple[str, ...], **options: Any) -> None:
    """Check the files of an output folder against their checksums, and its ledgers and stories against its records.

    With INPUTs, ledgers are held to the pages that they are about, too.
    """
    from flows.inspect.verify import verify_output

    problems = 0
    for problem in verify_output(out, inputs, **options):
        problems += 1
        click.echo(printable(problem))
    if problems:
        raise Failed(f"{problems} things are wrong in {out}; dehusk repair {out} tells and does what can be done")
    click.echo(f"dehusk: {printable(str(out))} is whole", err=True)


@click.command(epilog="Example: dehusk repair out")
@click.argument("out", type=click.Path(path_type=Path))
@option("--state", default="", metavar="URL", help=STATE_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@one_sentence_errors
def repair(out: Path, state: str, as_json: bool) -> None:
    """Make a damaged or lost state again from the other files, and mark damaged shards for the next run.

    All files are compared with their checksums. The next run cleans the inputs of damaged shards again, and no others.
    Stories are brought up to the records, if a run has made some.
    """
    from flows.planning.repair import repair as repair_folder
    from flows.stories.repair import repair_stories

    result = repair_folder(out, state)
    if as_json:
        import msgspec

        row = {"out": escaped_name(str(out)), "done": result.done + repair_stories(out, state), "damaged": result.damaged}
        click.echo(printable_json(msgspec.json.encode(row)))
        return
    for sentence in result.done:
        click.echo(printable(sentence))
    for fault in result.damaged:
        click.echo(printable(f"{fault}; the next dehusk run cleans its shard again"))
    done_to_stories = repair_stories(out, state)
    for sentence in done_to_stories:
        click.echo(printable(sentence))
    if not result.done and not result.damaged and not done_to_stories:
        click.echo(f"dehusk: {printable(str(out))} is whole, nothing was changed", err=True)


@click.command(epilog="Example: dehusk report out pages")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=PAGES)
@click.option("--run", default="", metavar="NAME", help="The run to report, by its manifest in OUT/runs; by default the last.")
@click.option("--to", default="", metavar="FILE", help="Where the report goes; by default OUT/report.html.")
@option("--state", default="", metavar="URL", help=STATE_HELP)
@one_sentence_errors
def report(out: Path, inputs: tuple[str, ...], run: str, to: str, state: str) -> None:
    """Make the report of a run anew: OUT/report.html, with the texts of pages out of the INPUTs of the run."""
    from flows.report.build import report as make_report

    made = make_report(out, run, inputs, to, state)
    for fault in made.damaged[:FAULTS_SHOWN]:
        click.echo(f"dehusk: {printable(fault)}; its pages are not shown, and dehusk run cleans them again", err=True)
    if len(made.damaged) > FAULTS_SHOWN:
        click.echo(f"dehusk: {len(made.damaged) - FAULTS_SHOWN:,} more files are damaged or missing", err=True)
    click.echo(f"dehusk: {printable(str(made.file))}", err=True)
