"""Options that commands share, each with an environment variable, and errors as one sentence with an exit code.

Called by the modules of commands in `flows.cli`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from flows.display import os_error_text, printable
from flows.errors import Failed, UsageError
from flows.options import FIELD_NAMES, FieldName, RowFields
from flows.signals import STOPPED, end_now

Command = TypeVar("Command", bound=Callable[..., Any])

CONTENTS: dict[FieldName, str] = {
    "text": "text", "html": "HTML", "url": "address", "date": "time of capture", "title": "title", "author": "authors",
    "published": "time of publication", "source": "publisher", "tags": "tags", "language": "language",
}  # fmt: skip


QUARANTINE_OPTION = "--fail-on-quarantine"


class RunCommand(click.Command):
    """A command with an option that may stand without its value; a word that follows it is an input, not its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments."""
        end = args.index("--") if "--" in args else len(args)
        given = [f"{QUARANTINE_OPTION}=1" if word == QUARANTINE_OPTION else word for word in args[:end]]
        return super().parse_args(ctx, given + args[end:])


class Mistake(click.ClickException):
    """A user's mistake: one sentence on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence."""
        click.echo(f"dehusk: {printable(self.message)}", err=True)


class Failure(Mistake):
    """A run that failed: one sentence on stderr, exit code 1."""

    exit_code = 1


def one_sentence_errors(command: Command, stopped: str = STOPPED) -> Command:
    """Turn the errors of a command into a sentence and an exit code; `stopped` is the sentence after a signal."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UsageError as error:
            raise Mistake(str(error)) from None
        except Failed as error:
            raise Failure(str(error)) from None
        except KeyboardInterrupt:
            end_now(128 + signal.SIGINT, stopped)
        except SystemExit as leaving:
            if leaving.code == 128 + signal.SIGTERM:
                end_now(leaving.code, stopped)
            raise
        except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as error:
            from flows.inputs.storage import without_secrets

            raise Failure(without_secrets(os_error_text(error))) from None

    return wrapped  # type: ignore[return-value]


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """Return an option that an environment variable can set, too: --captured-at as DEHUSK_CAPTURED_AT."""
    longest = next(name for name in names if name.startswith("--"))
    return click.option(*names, envvar=f"DEHUSK_{longest[2:].upper().replace('-', '_')}", **settings)


def _with_options(command: Command, decorators: tuple[Callable[[Command], Command], ...]) -> Command:
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def _negated(_: click.Context, __: click.Parameter, is_given: bool) -> bool:
    """Return the value of an option that a flag, or its environment variable, switches off."""
    return not is_given


def installed_packs_option(command: Command) -> Command:
    """Add the option to leave out the packs of installed distributions."""
    text = "Leave out the packs of installed distributions."
    return option("--no-installed-packs", "installed_packs", is_flag=True, callback=_negated, help=text)(command)


def rule_options(command: Command) -> Command:
    """Add the options that choose rules and date pages."""
    return _with_options(
        command,
        (
            option(
                "--captured-at",
                default="",
                metavar="TIME",
                help="When the pages were captured (2025-07-05T12:00:00Z), or `file-time`, or `sidecar` for PAGE.txt.json."
                " Without it, times such as `2 hours ago` stay as they are worded.",
            ),
            option("--packs", default="", metavar="DIR", help="Use the packs in DIR beside those that come with dehusk."),
            option(
                "--no-site-packs",
                "site_packs",
                is_flag=True,
                callback=_negated,
                help="Leave out the packs of sites that come with dehusk.",
            ),
            installed_packs_option,
            option("--strict", is_flag=True, help="Remove ambiguous clutter too: credits, captions, inline links."),
        ),
    )


def field_options(command: Command) -> Command:
    """Add the options that name the fields of rows; the command gets them as one parameter `fields`."""

    @wraps(command)
    def with_fields(**options: Any) -> Any:
        names = {field: options.pop(f"{field}_field") for field in FIELD_NAMES}
        return command(fields=RowFields(**names), **options)

    for field, content in reversed(CONTENTS.items()):
        help_text = (
            f"The field of a JSON row that holds its {content}, as in `meta.{field}`; by default, one of the usual names."
        )
        with_fields = option(f"--{field}-field", default=None, metavar="NAME", help=help_text)(with_fields)
    return with_fields  # type: ignore[return-value]


def follow_links_option(command: Command) -> Command:
    """Add the option to read files outside the inputs."""
    text = "Read the files outside a folder that links in it lead to, too. Links to folders are always passed over."
    return option("--follow-links", is_flag=True, help=text)(command)


def engine_options(command: Command) -> Command:
    """Add the options for the engine on which shards are worked on."""
    return _with_options(
        command,
        (
            option(
                "--engine",
                type=click.Choice(["local", "dask"]),
                default="local",
                show_default=True,
                help="Where shards are worked on: by processes on this machine, or by the workers of a Dask cluster.",
            ),
            option("--scheduler", default="", metavar="ADDRESS", help="The scheduler of that cluster, as tcp://host:8786."),
            option(
                "--workers",
                type=click.IntRange(0),
                default=0,
                metavar="N",
                help="Processes on this machine; 0 for as many as there are cores.",
            ),
        ),
    )


def run_options(command: Command) -> Command:
    """Add the options for the output, the engine, the state and the inputs of a run."""
    return _with_options(
        command,
        (
            option("--out", default="out", show_default=True, metavar="DIR", help="Where the output goes."),
            engine_options,
            option(
                "--state",
                default="",
                metavar="URL",
                help="A database for what has been done, as postgresql://user@host/name, instead of DIR/state.db.",
            ),
            option(
                "--learn-lines",
                is_flag=True,
                help="Remove also lines on half of the pages of a site without a pack, of which there are ten or more.",
            ),
            option(
                "--no-stories",
                "stories",
                is_flag=True,
                callback=_negated,
                help="Leave DIR/stories as it is; the next run without this option brings it up to all records.",
            ),
            option("--prune", is_flag=True, help="Take out the records of what is no input any more."),
            follow_links_option,
            option("--retry-quarantine", is_flag=True, help="Try again inputs of which pages went to quarantine."),
            option(
                "--settle",
                type=click.FloatRange(0),
                default=1.0,
                show_default=True,
                metavar="SECONDS",
                help="Leave files that were changed within this time, and change still, to the next run.",
            ),
            option(
                "--on-problem",
                default="",
                metavar="COMMAND",
                help="Run this command, with JSON on its standard input, when a run fails, finds damaged files in the output "
                "folder, or a site seems to have changed.",
            ),
            option(
                QUARANTINE_OPTION,
                default="",
                metavar="[=N]",
                help="Fail when a page went to quarantine, or with =N so many pages, or with =N% that share of them.",
            ),
        ),
    )
