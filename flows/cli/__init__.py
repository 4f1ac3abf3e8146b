"""The command `dehusk`. Nothing heavier than click is imported until a command needs it."""

from __future__ import annotations

import click

from flows.cli.consume import export, schema
from flows.cli.inspect import report, status, verify
from flows.cli.pages import clean, explain
from flows.cli.rules import rules
from flows.cli.run import run, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="dehusk", prog_name="dehusk")
def main() -> None:
    """Turn raw scraped news pages into clean JSONL: clutter out, every embedded story a record of its own."""


for _command in (run, serve, status, verify, report, clean, explain, rules, schema, export):
    main.add_command(_command)
