"""The commands `dehusk rules list|show|test`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

import click

from flows.cli.completion import PAGES, RULES
from flows.cli.options import installed_packs_option, one_sentence_errors
from flows.display import printable
from flows.errors import Failed


@click.group()
def rules() -> None:
    """Look into the packs: which rules there are, what they say, and whether their examples hold."""


@rules.command("list", epilog="Example: dehusk rules list en")
@click.argument("pack", default="")
@installed_packs_option
@one_sentence_errors
def list_rules(pack: str, installed_packs: bool) -> None:
    """List the rules of all packs, or of one: a name such as `en`, or a .toml file.

    A rule out of an installed distribution is shown with its name.
    """
    from flows.installed_packs import distribution_of
    from flows.packs import chosen_packs, describe

    for origin, chosen in chosen_packs(pack, installed=installed_packs):
        distribution = distribution_of(origin)
        brought_by = f" of {distribution}" if distribution else ""
        for line in describe(chosen):
            click.echo(printable(f"{line}{brought_by}"))


@rules.command("show", epilog="Example: dehusk rules show daily8.app-box")
@click.argument("rule_id", metavar="ID", type=RULES)
@click.argument("pack", default="")
@installed_packs_option
@one_sentence_errors
def show_rule(rule_id: str, pack: str, installed_packs: bool) -> None:
    """Show one rule: what it matches, what becomes of it, and its examples. PACK is a name such as `en`, or a .toml file."""
    from flows.packs import find_rule

    for line in find_rule(rule_id, pack, installed=installed_packs).split("\n"):
        click.echo(printable(line))


@rules.group("import")
def import_rules() -> None:
    """Make packs of rules that others have written."""


@import_rules.command("ftr", epilog="Example: dehusk rules import ftr quaypost.example.txt --page crane.html --to packs")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=PAGES)
@click.option("--page", "pages", multiple=True, required=True, metavar="PAGE", help="An HTML page of a site; may be repeated.")
@click.option("--to", default="packs", show_default=True, metavar="DIR", help="Where the packs go.")
@click.option("--force", is_flag=True, help="Replace packs that are there.")
@one_sentence_errors
def import_ftr(files: tuple[str, ...], pages: tuple[str, ...], to: str, force: bool) -> None:
    """Make packs of site files of Full-Text RSS that you hold, such as quaypost.example.txt, with examples out of PAGEs.

    Taken is what removes elements, `strip` and `strip_id_or_class`, where a PAGE has such an element. What is not taken is
    listed, with the reason.
    """
    from flows.ftr.files import import_files

    for line in import_files(files, pages, to, replace=force):
        click.echo(printable(line))


@rules.command("test", epilog="Example: dehusk rules test packs/mine.toml")
@click.argument("pack", default="")
@installed_packs_option
@one_sentence_errors
def test_rules(pack: str, installed_packs: bool) -> None:
    """Run the examples of all packs, or of one: a name such as `en`, or a .toml file."""
    from flows.packs import chosen_packs, failing_examples

    packs = [chosen for _, chosen in chosen_packs(pack, installed=installed_packs)]
    problems = failing_examples(packs)
    for problem in problems:
        click.echo(printable(problem))
    number = sum(len(chosen.rule) + len(chosen.time) + len(chosen.source) for chosen in packs)
    if problems:
        raise Failed(f"{len(problems)} examples of {number} rules do not hold")
    click.echo(f"all examples of {number} rules hold")
