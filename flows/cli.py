"""The command `dehusk`. Nothing heavier than click is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from flows.errors import Failed, UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


class Mistake(click.ClickException):
    """A user's mistake: one sentence on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence."""
        click.echo(f"dehusk: {_printable(self.message)}", err=True)


class Failure(Mistake):
    """A run that failed: one sentence on stderr, exit code 1."""

    exit_code = 1


def _told_in_a_sentence(command: Command) -> Command:
    """Turn the errors a command may meet into a sentence and an exit code."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UsageError as error:
            raise Mistake(str(error)) from None
        except Failed as error:
            raise Failure(str(error)) from None
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as error:
            from flows.storage import without_secrets

            said = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
            raise Failure(without_secrets(said)) from None

    return wrapped  # type: ignore[return-value]


def _printable(text: str) -> str:
    """Return `text` as one line without the control characters that a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


def _rule_options(command: Command) -> Command:
    """Add the options that decide which rules hold."""
    for option in (
        click.option("--strict", is_flag=True, help="Remove ambiguous clutter too: credits, captions, inline links."),
        click.option("--no-site-packs", "site_packs", flag_value=False, default=True, help="Use the packs for any page only."),
        click.option("--packs", default="", metavar="DIR", help="Use the packs in DIR beside those that come with dehusk."),
        click.option(
            "--captured-at",
            default="",
            metavar="TIME",
            help="When the pages were captured (2025-07-05T12:00:00Z), or `file-time`, or `sidecar` for PAGE.txt.json."
            " Without it, times such as `2 hours ago` stay as they are worded.",
        ),
    ):
        command = option(command)
    return command


def _input_options(command: Command) -> Command:
    """Add the options that name the fields of rows, and hand them to the command as one."""

    @wraps(command)
    def with_fields(**asked: Any) -> Any:
        from flows.rows import RowFields

        named = {what: asked.pop(f"{what}_field") for what in ("text", "html", "url", "date")}
        return command(fields=RowFields(**named), **asked)

    for what, shown in (("date", "time of capture"), ("url", "address"), ("html", "HTML"), ("text", "text")):
        help_text = f"The field of a JSON row that holds its {shown}, as in `meta.{what}`; by default, one of the usual names."
        with_fields = click.option(f"--{what}-field", default=None, metavar="NAME", help=help_text)(with_fields)
    return with_fields  # type: ignore[return-value]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="dehusk", prog_name="dehusk")
def main() -> None:
    """Turn raw scraped news pages into clean JSONL: clutter out, every embedded story a record of its own."""


@main.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Where the output goes.")
@click.option("--no-prefect", is_flag=True, help="Do the same work without Prefect.")
@click.option("--workers", type=click.IntRange(0), default=0, metavar="N", help="Processes; 0 for as many as there are cores.")
@click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="Where shards are cleaned.")
@click.option("--fresh", is_flag=True, help="Start from an empty output folder instead of adding to it.")
@click.option("--quiet", "-q", is_flag=True, help="Print no table at the end.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's counters as JSON instead of a table.")
@_rule_options
@_input_options
@_told_in_a_sentence
def run(inputs: tuple[str, ...], no_prefect: bool, engine: str, quiet: bool, as_json: bool, **asked: Any) -> None:
    """Clean every page of the inputs.

    An input is a file, a folder, a pattern, an address such as s3://bucket/pages/, or - for standard input; what it holds
    (pages of text or HTML, JSON Lines, WARC or WET, each also compressed) is told by its content.
    """
    from flows.run import Options
    from flows.run import run as run_plain

    options = Options(inputs=inputs, **asked)
    if no_prefect:
        summary = run_plain(options)
    else:
        from flows.clean import run_flow

        summary = run_flow(options)
    for warning in summary.drift:
        click.echo(f"dehusk: {_printable(warning)}", err=True)
    if as_json:
        import msgspec

        from flows.sources import printable

        row = {"out": printable(summary.out), "manifest": summary.manifest, "seconds": round(summary.seconds, 3)}
        click.echo(msgspec.json.encode({**row, **summary.counts.as_dict(), "passed_over": len(summary.skipped)}))
    elif not quiet:
        from flows.summary import print_summary

        print_summary(summary)
    elif bad := summary.counts.quarantined.total():
        click.echo(f"dehusk: {bad} {'page' if bad == 1 else 'pages'} went to {_printable(summary.out)}/quarantine", err=True)


@main.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--audit", is_flag=True, help="Print the page's ledger instead of its records.")
@_rule_options
@_input_options
@_told_in_a_sentence
def clean(file: str, audit: bool, **asked: Any) -> None:
    """Clean the page or pages in one file, and print their records as JSON Lines."""
    from flows.one_page import Asked, as_lines, clean_pages

    failed = False
    for found in clean_pages(_page_or_stdin(file), Asked(**asked)):
        if isinstance(found, Failed):
            failed = True
            click.echo(f"dehusk: {_printable(str(found))}", err=True)
        else:
            sys.stdout.buffer.write(as_lines(*found, audit=audit))
    if failed:
        raise SystemExit(Failure.exit_code)


@main.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--url", default="", help="The page's address; tells its site.")
@click.option("--json", "as_json", is_flag=True, help="Print every line and its parts as JSON.")
@_rule_options
@_input_options
@_told_in_a_sentence
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


@main.group()
def rules() -> None:
    """Look into the packs: which rules there are, what they say, and whether their examples hold."""


@rules.command("list")
@click.argument("pack", default="")
@_told_in_a_sentence
def list_rules(pack: str) -> None:
    """List the rules of all packs, or of one: a name such as `en`, or a .toml file."""
    from flows.rules import chosen_packs

    for found in chosen_packs(pack):
        for rule in found.rule:
            click.echo(f"{rule.id:32} {rule.kind:14} {rule.sure:10} {rule.where:8} {rule.match}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@_told_in_a_sentence
def show_rule(rule_id: str) -> None:
    """Show one rule: what it matches, what becomes of it, and its examples."""
    from flows.rules import find_rule

    for line in find_rule(rule_id).split("\n"):
        click.echo(_printable(line))


@rules.command("test")
@click.argument("pack", default="")
@_told_in_a_sentence
def test_rules(pack: str) -> None:
    """Run the examples of all packs, or of one: a name such as `en`, or a .toml file."""
    from flows.rules import chosen_packs, failing_examples

    packs = chosen_packs(pack)
    problems = failing_examples(packs)
    for problem in problems:
        click.echo(_printable(problem))
    number = sum(len(found.rule) for found in packs)
    if problems:
        raise Failed(f"{len(problems)} examples of {number} rules do not hold")
    click.echo(f"all examples of {number} rules hold")


def _page_or_stdin(file: str) -> str:
    if file == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("no page given; name a FILE, or pipe a page in, as in: dehusk clean - < page.txt")
    return file


if __name__ == "__main__":
    main()
