"""The command `dehusk completion`, and the values that a shell completes.

Added to the command line by `flows.cli`.
"""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from flows.cli.options import one_sentence_errors

VARIABLE = "_DEHUSK_COMPLETE"  # with which a shell asks for the words that may follow
HOW = {
    "bash": 'eval "$(dehusk completion bash)"      # in ~/.bashrc',
    "zsh": 'eval "$(dehusk completion zsh)"       # in ~/.zshrc',
    "fish": "dehusk completion fish | source      # in ~/.config/fish/config.fish",
}


class Pages(click.types.StringParamType):
    """The name of a file, a folder, a pattern or an address; a shell completes names of files."""

    name = "pages"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Ask the shell for names of files."""
        return [CompletionItem(incomplete, type="file")]


class RuleId(click.types.StringParamType):
    """The id of a rule; a shell completes those of the packs that come with dehusk and with installed distributions."""

    name = "rule"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the ids that begin with a word."""
        from flows.packs import chosen_packs

        ids = sorted(rule.id for _, pack in chosen_packs("", installed=True) for rule in pack.rule)
        return [CompletionItem(rule_id) for rule_id in ids if rule_id.startswith(incomplete)]


PAGES, RULES = Pages(), RuleId()


@click.command(epilog="\b\nExample:\n" + "\n".join(f"  {line}" for line in HOW.values()))
@click.argument("shell", type=click.Choice([*HOW]))
@click.pass_context
@one_sentence_errors
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options, files and rules."""
    found: Any = get_completion_class(shell)
    click.echo(found(ctx.find_root().command, {}, "dehusk", VARIABLE).source())
