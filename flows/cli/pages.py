"""The commands for one file: `dehusk clean` and `dehusk explain`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from flows.cli.options import Failure, field_options, one_sentence_errors, rule_options
from flows.display import printable, printable_json
from flows.errors import Failed, UsageError


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--audit", is_flag=True, help="Print the page's ledger instead of its records.")
@rule_options
@field_options
@one_sentence_errors
def clean(file: str, url: str, audit: bool, **options: Any) -> None:
    """Clean the page or pages in one file, and print their records as JSON Lines."""
    from flows.execution.single_file import clean_pages, json_lines
    from flows.inputs.row_names import RowNames, in_words
    from flows.options import RunOptions
    from flows.output.lines import no_story

    failed = False
    rows = RowNames()
    for outcome in clean_pages(page_or_stdin(file), RunOptions(**options), url, rows=rows):
        if isinstance(outcome, Failed):
            failed = True
            click.echo(f"dehusk: {printable(str(outcome))}", err=True)
        else:
            sys.stdout.buffer.write(json_lines(*outcome, audit=audit))
            if not outcome[1].records:
                click.echo(f"dehusk: {printable(outcome[0].path or 'the page')}: {no_story(outcome[1])}", err=True)
    for sentence in in_words(rows):
        click.echo(f"dehusk: {printable(sentence)}", err=True)
    if failed:
        raise SystemExit(Failure.exit_code)


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
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
