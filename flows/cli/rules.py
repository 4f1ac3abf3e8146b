"""The commands `dehusk rules list|show|test`.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

import click

from flows.cli.completion import RULES
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
