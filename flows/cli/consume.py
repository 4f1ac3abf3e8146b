"""The commands for users of the output: `dehusk schema` and `dehusk export`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import click

from flows.cli.options import one_sentence_errors, option
from flows.display import printable, printable_json
from flows.layout import LineName


@click.command(epilog="Example: dehusk schema story > story.schema.json")
@click.argument("line", type=click.Choice(["record", "audit", "quarantine", "story", "pack"]), default="record")
@one_sentence_errors
def schema(line: LineName | Literal["pack"]) -> None:
    """Print the JSON Schema of a line of records/, audit/, quarantine/ or stories/, with the version of the contract.

    Or that of a pack, with which editors check it and complete its keys.
    """
    import msgspec

    if line == "pack":
        from cleaners.rules.schema import pack_schema as of_line
    else:
        from flows.output.schema import json_schema

        of_line = partial(json_schema, line)
    click.echo(msgspec.json.format(msgspec.json.encode(of_line())))


@click.command(epilog="Example: dehusk export out dataset --where 'language=en' --unique longest")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DEST]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", type=click.Choice(["parquet", "jsonl", "csv"]), default="parquet", show_default=True, help="Of the data files."
)
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="Take only records that answer it, and each other one: kind=story, flags!=truncated, published>=2025-07-01,"
    " position>0, page.site=daily8; source~post asks for a value that contains these letters, tags= for an empty one.",
)
@click.option(
    "--partition-by",
    multiple=True,
    type=click.Choice(["kind", "language", "site", "layout"]),
    help="Put the records of each value into a folder, as in site=daily8; named again, folders in these.",
)
@click.option(
    "--unique",
    is_flag=False,
    flag_value="earliest",
    type=click.Choice(["earliest", "longest"]),
    help="Take each story once, before any --where: the first full copy seen, which is meant without a value, or the fullest"
    " clean one.",
)
@option("--state", default="", metavar="URL", help="The database of what has been done, where it is not OUT/state.db.")
@click.option("--skip-damaged", is_flag=True, help="Go on without files of records that are damaged or missing, and name them.")
@click.option("--force", is_flag=True, help="Replace all that is in DEST, whatever it is.")
@click.option("--json", "as_json", is_flag=True, help="Print what was exported as JSON.")
@partial(one_sentence_errors, stopped="stopped; nothing was exported")
def export(out: Path, folder: Path | None, as_json: bool, **options: Any) -> None:
    """Write the records of an output folder as a dataset into DEST, by default OUT-export: data files, and a card.

    An earlier export there is replaced. Runs may go on meanwhile.
    """
    from flows.export.dataset import ExportOptions
    from flows.export.dataset import export as export_records
    from flows.output.lock import RunWatch

    watch = RunWatch(out)
    folder = folder or out.with_name(f"{out.resolve().name}-export")
    manifest = export_records(ExportOptions(out, folder, **options))
    for fault in manifest.left_out:
        click.echo(f"dehusk: left out: {printable(fault)}", err=True)
    for warning in _on_stories(manifest.counts):
        click.echo(f"dehusk: {warning}; another run in {printable(str(out))} brings its stories up to date", err=True)
    if as_json:
        import msgspec

        from flows.display import escaped_name

        row: dict[str, object] = {"folder": escaped_name(str(folder)), **msgspec.to_builtins(manifest)}
        click.echo(printable_json(msgspec.json.encode(row)))
    else:
        click.echo(f"dehusk: {manifest.counts['records']:,} records are in {printable(str(folder))}", err=True)
    if watch.has_seen_a_run():
        click.echo(f"dehusk: a run was at work in {printable(str(out))}; some of its records may not be among these", err=True)


def _on_stories(counts: Mapping[str, object]) -> Iterator[str]:
    """Yield what is to be said of stories that are not those of the records, as a run is at work or did not come to its end."""
    if counts["in_no_story"]:
        yield f"{counts['in_no_story']:,} records are in no story yet, and count as told once"
    if counts["stories_missing"]:
        yield f"{counts['stories_missing']:,} stories are missing, as the records that stand for them are not there"
