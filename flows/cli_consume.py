"""The commands for those who use what comes out: `dehusk schema` and `dehusk export`."""

from __future__ import annotations

import click

from flows.cli_options import told_in_a_sentence


@click.command()
@click.argument("line", type=click.Choice(["record", "audit", "quarantine"]), default="record")
@told_in_a_sentence
def schema(line: str) -> None:
    """Print the JSON Schema of a line of records/, of audit/ or of quarantine/, with the version of the contract."""
    import msgspec

    from flows.schema import schema_of

    click.echo(msgspec.json.format(msgspec.json.encode(schema_of(line))))
