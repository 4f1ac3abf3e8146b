"""The command `dehusk`. Nothing heavier than click is imported until a command needs it."""

from __future__ import annotations

from typing import Any

import click

from flows.cli.completion import completion
from flows.cli.consume import export, schema
from flows.cli.inspect import repair, report, status, verify
from flows.cli.learn import learn
from flows.cli.pages import clean, explain
from flows.cli.pin import pin
from flows.cli.rules import rules
from flows.cli.run import run, serve
from flows.display import printable


class PrintableGroup(click.Group):
    """Commands with errors of usage that may name files, and hold nothing that a terminal would obey."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(printable(error.format_message()), error.ctx) from None


@click.group(cls=PrintableGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="dehusk", prog_name="dehusk")
def main() -> None:
    """Turn raw scraped news pages into clean JSONL: clutter out, every embedded story a record of its own."""


for _command in (run, serve, status, verify, repair, report, clean, explain, pin, rules, learn, schema, export, completion):
    main.add_command(_command)
