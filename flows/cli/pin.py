"""The command `dehusk pin`: pages with their records as golden tests.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from flows.cli.completion import PAGES
from flows.cli.options import Failure, Mistake, field_options, one_sentence_errors, rule_options
from flows.cli.pages import page_or_stdin
from flows.display import printable
from flows.errors import Failed, UsageError

if TYPE_CHECKING:
    from flows.pin.check import Checked
    from flows.pin.compare import Difference

PINS = "pins"
FOR_CHECK = {"pages", "packs", "check", "update"}  # the parameters that go with --check


@click.command(epilog="Example: dehusk pin page.html pages.jsonl --to pins")
@click.argument("pages", nargs=-1, metavar="PAGE... | --check [DIR]", type=PAGES)
@click.option("--to", default=PINS, show_default=True, metavar="DIR", help="Where the pins go, a file for each page.")
@click.option("--url", default="", help="The pages' address; tells their site.")
@click.option("--check", is_flag=True, help="Clean pinned pages again; exit code 1 where a record is not as it was pinned.")
@click.option("--update", is_flag=True, help="The same, and pin the present records of those that have changed.")
@rule_options
@field_options
@click.pass_context
@one_sentence_errors
def pin(
    context: click.Context, /, pages: tuple[str, ...], to: str, url: str, check: bool, update: bool, packs: str, **options: Any
) -> None:
    """Keep pages with the records that are made of them, as tests of your own; --check holds dehusk to them later.

    A PAGE is any file that `dehusk clean` reads, also with many pages. With --check, name the folder of the pins, or some of
    them. Options are kept with each page, but for --packs, which is given again.
    """
    if check or update:
        given = (name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE)
        if wrong := sorted(set(given) - FOR_CHECK):
            name = next(param.opts[0] for param in context.command.params if param.name == wrong[0])
            raise UsageError(f"{name} does not go with --check, as each page is checked as it was pinned; leave it out")
        _check([Path(name) for name in pages] or [Path(PINS)], packs, is_update=update)
    elif pages:
        _write(pages, Path(to), url, packs=packs, **options)
    else:
        raise UsageError("no page given; name some to pin, as in: dehusk pin page.txt, or check pins: dehusk pin --check")


def _write(pages: tuple[str, ...], folder: Path, url: str, **options: Any) -> None:
    from flows.options import RunOptions
    from flows.pin.write import write_pins

    is_whole = True
    for written in write_pins([page_or_stdin(page) for page in pages], folder, RunOptions(**options), url):
        if isinstance(written, Failed):
            is_whole = False
            click.echo(f"dehusk: {printable(str(written))}", err=True)
        else:
            number = len(written.pin.records)
            records = f"{number} {'record' if number == 1 else 'records'}"
            result = f"no page ({written.pin.refused})" if written.pin.refused else records
            click.echo(printable(f"{written.file}: {result}"))
    if not is_whole:
        raise SystemExit(Failure.exit_code)


def _check(names: list[Path], packs: str, *, is_update: bool) -> None:
    from flows.pin.check import Checked, check_pins, other_packs, pin_files, update

    changed = broken = 0
    told: set[str] = set()
    files = pin_files(names)
    for found in check_pins(files, packs):
        if not isinstance(found, Checked):
            broken += 1
            click.echo(f"dehusk: {printable(str(found))}", err=True)
            continue
        sentence = other_packs(found.pin.options, found.renewed.options)
        if sentence and sentence not in told:
            told.add(sentence)
            click.echo(f"dehusk: {printable(sentence)}", err=True)
        if found.differences:
            changed += 1
            _print(found)
            if is_update:
                update(found)
    if broken:
        raise SystemExit(Mistake.exit_code)
    if is_update:
        click.echo(f"dehusk: {changed:,} of {len(files):,} pins {'was' if changed == 1 else 'were'} updated", err=True)
    elif changed:
        differ = "differs" if changed == 1 else "differ"
        raise Failed(f"{changed:,} of {len(files):,} pins {differ}; dehusk pin --update pins the present records")
    else:
        click.echo(f"dehusk: {len(files):,} {'pin agrees' if len(files) == 1 else 'pins agree'}", err=True)


def _print(checked: Checked) -> None:
    """Print the differences of a page; click takes the colours away where standard output is no terminal."""
    click.echo(f"{click.style(printable(checked.pin.name or 'the page'), bold=True)} ({printable(str(checked.file))})")
    for difference in checked.differences:
        click.echo(f"  {_in_words(difference)}")


def _in_words(difference: Difference) -> str:
    place, pinned, now = difference
    if not now:
        return f"{place} {click.style('is gone', fg='red')}"
    if not pinned:
        return f"{place} {click.style('is new', fg='green')}"
    return f"{place}: {click.style(pinned, fg='red')} -> {click.style(now, fg='green')}"
