"""The commands for files outside any run: `dehusk clean` and `dehusk explain`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from flows.cli.completion import PAGES
from flows.cli.options import Failure, field_options, one_sentence_errors, rule_options
from flows.display import printable, printable_json
from flows.errors import Failed, UsageError


@click.command(epilog="Example: dehusk clean pages/ 'saved/*.html' --format text")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|PATTERN|-]...", type=PAGES)
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--audit", is_flag=True, help="Print the page's ledger instead of its records.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "text"]),
    default="jsonl",
    show_default=True,
    help="Print records as JSON Lines, or the title and the text of each, with an empty line behind it.",
)
@rule_options
@field_options
@one_sentence_errors
def clean(files: tuple[str, ...], url: str, audit: bool, format_: str, **options: Any) -> None:
    """Clean the pages in files, and print their records.

    A folder stands for all pages in it, a pattern for all files that match it, and - for standard input. Pages come in the
    order and with the names that they have in a run of the same inputs.
    """
    from flows.execution.single_file import clean_pages, json_lines, plain_text, raw_pages_of
    from flows.inputs.discovery import Skipped
    from flows.inputs.row_names import RowNames, in_words
    from flows.options import RunOptions
    from flows.output.lines import no_story

    if audit and format_ != "jsonl":
        raise UsageError("a ledger is printed as JSON Lines; leave out --format, or --audit")
    failed = False
    rows = RowNames()
    passed_over: list[Skipped] = []
    run_options = RunOptions(**options)
    pages = raw_pages_of([*map(page_or_stdin, files or ("-",))], run_options, url, passed_over)
    for outcome in clean_pages(pages, run_options, rows=rows):
        if isinstance(outcome, Failed):
            failed = True
            click.echo(f"dehusk: {printable(str(outcome))}", err=True)
        else:
            page, cleaned = outcome
            sys.stdout.buffer.write(plain_text(cleaned) if format_ == "text" else json_lines(page, cleaned, audit=audit))
            if not cleaned.records:
                click.echo(f"dehusk: {printable(page.path or 'the page')}: {no_story(cleaned)}", err=True)
    for sentence in [*(f"{skipped.name} was passed over: {skipped.reason}" for skipped in passed_over), *in_words(rows)]:
        click.echo(f"dehusk: {printable(sentence)}", err=True)
    if failed:
        raise SystemExit(Failure.exit_code)


@click.command(epilog="Example: dehusk explain --why pages.jsonl#4096")
@click.argument("file", default="-", metavar="[FILE|-]", type=PAGES)
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--why", is_flag=True, help="Name for each line the witness that decided, with its strongest reasons.")
@click.option("--json", "as_json", is_flag=True, help="Print every line and its parts as JSON.")
@rule_options
@field_options
@one_sentence_errors
def explain(file: str, url: str, why: bool, as_json: bool, **options: Any) -> None:
    """Show one page line by line: kept, lifted, split or removed, and by which rule.

    With --why, each line also shows the witness of its fate: a rule, the layout of a known site, the grammar that the page
    itself shows by repeating it, the score of the line, the extractors of HTML, or only its position.

    A page in a container is named as its records name it: pages.jsonl#4096.
    """
    from cleaners.output.fates import fates
    from flows.cli.explain import as_text
    from flows.execution.single_file import clean_one_page
    from flows.options import RunOptions

    page, cleaned = clean_one_page(page_or_stdin(file), RunOptions(**options), url, why=why)
    if as_json:
        import msgspec

        click.echo(printable_json(msgspec.json.encode({"page": cleaned.page, "lines": list(fates(page.text, cleaned))})))
        return
    for line in as_text(page.text, cleaned):
        click.echo(line)


def page_or_stdin(file: str) -> str:
    """Return the name of a page; raises UsageError for standard input where it is a terminal."""
    if file == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("no page given; name a FILE, or pipe a page in, as in: dehusk clean - < page.txt")
    return file
