"""Each command has an example that it takes; shells complete commands, files and rules."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.cli.completion import HOW


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield all commands with their names after `dehusk`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


@pytest.mark.parametrize(("name", "command"), [pytest.param(*found, id=found[0]) for found in commands()])
def test_a_command_takes_its_example(name, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if name == "completion":
        return
    assert command.epilog.startswith(f"Example: dehusk {name} ")
    words = shlex.split(command.epilog.removeprefix("Example: ").partition(" > ")[0])
    command.make_context(name, words[1 + len(name.split()) :])  # raises an error for what it does not take
    shown = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert "Example: dehusk" in " ".join(shown.split())


def test_files_follow_each_other_as_in_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b", "a"):
        (tmp_path / "pages" / name).mkdir(parents=True)
        (tmp_path / "pages" / name / "1.txt").write_text(f"Ferry {name} returns\nThe ferry {name} is back.")
    (tmp_path / "pages" / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "rows.jsonl").write_text('{"text": "A row"}\n{"text": "Another row"}\n')
    for given in (["pages"], ["pages/b/1.txt", "pages/a"], ["pages/*/*.txt"]):
        cleaned = CliRunner().invoke(main, ["clean", "--format", "text", *given])
        assert cleaned.exit_code == 0
        assert cleaned.stdout == "Ferry a returns\nThe ferry a is back.\n\nFerry b returns\nThe ferry b is back.\n\n"
    assert "picture.png was passed over: not a page" in CliRunner().invoke(main, ["clean", "pages"]).stderr
    cleaned = CliRunner().invoke(main, ["clean", "--format", "text", "pages", "rows.jsonl#18", "-"], input="From a pipe")
    assert [text.split("\n")[0] for text in cleaned.stdout.split("\n\n")[:-1]] == [
        "Another row", "From a pipe", "Ferry a returns", "Ferry b returns",
    ]  # fmt: skip


def test_mistakes_in_files_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for given, complaint in (
        (["missing"], "missing is no file; name a page, or - for standard input"),
        (["*.html"], "*.html does not exist; name a file or a folder of pages"),
        (["empty"], "no page found in empty"),
        (["empty", "missing"], "missing does not exist"),
        (["--audit", "--format", "text", "-"], "a ledger is printed as JSON Lines"),
    ):
        result = CliRunner().invoke(main, ["clean", *given])
        assert result.exit_code == 2
        assert result.output.startswith(f"dehusk: {complaint}")
        assert len(result.output.splitlines()) == 1


def test_text_is_not_obeyed_by_a_terminal():
    cleaned = CliRunner().invoke(main, ["clean", "--format", "text", "-"], input="A title\nIt \x1b[31mrained\x9b\u200dhere.")
    assert cleaned.stdout == "A title\nIt [31mrained\u200dhere.\n\n"


@pytest.mark.parametrize("shell", HOW)
def test_a_shell_gets_what_completes(shell):
    printed = CliRunner().invoke(main, ["completion", shell])
    assert printed.exit_code == 0
    assert "_DEHUSK_COMPLETE" in printed.output
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=printed.output.encode(), check=True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dehusk ver", ["plain,verify"]), ("dehusk clean pa", ["file,pa"]), ("dehusk clean --form", ["plain,--format"]),
        ("dehusk rules show daily8.app-b", ["plain,daily8.app-box"]), ("dehusk run --engine d", ["plain,dask"]),
    ],
)  # fmt: skip
def test_words_are_completed(words, found):
    env = {"_DEHUSK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    completed = CliRunner().invoke(main, [], env=env, prog_name="dehusk")
    assert completed.output.splitlines() == found
