"""Options: each can be set by an environment variable, and the command line wins."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from flows.cli.options import one_sentence_errors
from flows.display import printable
from flows.errors import Failed, UsageError
from flows.execution import run as runs
from flows.execution.results import RunSummary
from flows.options import FIELD_NAMES, RowFields, RunOptions
from flows.output.metrics import Counts

# The variable, what it holds, and what that makes of which field of the options; then the same by the command line.
VALUES = [
    ("DEHUSK_OUT", "there", {"out": "there"}, ["--out", "here"], {"out": "here"}),
    ("DEHUSK_ENGINE", "dask", {"engine": "dask"}, ["--engine", "local"], {"engine": "local"}),
    ("DEHUSK_SCHEDULER", "tcp://a:1", {"scheduler": "tcp://a:1"}, ["--scheduler", "tcp://b:2"], {"scheduler": "tcp://b:2"}),
    ("DEHUSK_WORKERS", "3", {"workers": 3}, ["--workers", "0"], {"workers": 0}),
    ("DEHUSK_STATE", "sqlite:///a.db", {"state": "sqlite:///a.db"}, ["--state", ""], {"state": ""}),
    ("DEHUSK_ON_PROBLEM", "true", {"on_problem": "true"}, ["--on-problem", ""], {"on_problem": ""}),
    ("DEHUSK_FAIL_ON_QUARANTINE", "5%", {"fail_on_quarantine": "5%"}, ["--fail-on-quarantine=9"], {"fail_on_quarantine": "9"}),
    ("DEHUSK_SETTLE", "2.5", {"settle": 2.5}, ["--settle", "0"], {"settle": 0.0}),
    ("DEHUSK_CAPTURED_AT", "file-time", {"captured_at": "file-time"}, ["--captured-at", ""], {"captured_at": ""}),
    ("DEHUSK_PACKS", "mine", {"packs": "mine"}, ["--packs", "yours"], {"packs": "yours"}),
    *(
        (f"DEHUSK_{field.upper()}_FIELD", "a", {"fields": RowFields(**{field: "a"})}, [f"--{field}-field", ""],
         {"fields": RowFields(**{field: ""})})
        for field in FIELD_NAMES
    ),
]  # fmt: skip
FLAGS = [
    ("DEHUSK_PRUNE", "--prune", {"prune": True}),
    ("DEHUSK_RETRY_QUARANTINE", "--retry-quarantine", {"retry_quarantine": True}),
    ("DEHUSK_FOLLOW_LINKS", "--follow-links", {"follow_links": True}),
    ("DEHUSK_NO_SITE_PACKS", "--no-site-packs", {"site_packs": False}),
    ("DEHUSK_NO_INSTALLED_PACKS", "--no-installed-packs", {"installed_packs": False}),
    ("DEHUSK_STRICT", "--strict", {"strict": True}),
    ("DEHUSK_LEARN_LINES", "--learn-lines", {"learn_lines": True}),
    ("DEHUSK_NO_STORIES", "--no-stories", {"stories": False}),
]
ON, OFF = ("1", "true", "yes", "on", "TRUE"), ("0", "false", "no", "off", "")
DEFAULTS = RunOptions(("pages",), settle=1.0)


@pytest.fixture
def asked(monkeypatch) -> list[RunOptions]:
    """The options that runs were called with; none of them cleans anything."""
    found: list[RunOptions] = []

    def run(options: RunOptions, *_: object) -> RunSummary:
        found.append(options)
        return RunSummary("out", Counts(), 1, [], [], [], "", 0.0)

    monkeypatch.setattr(runs, "run", run)
    for name in (*(name for name, *_ in VALUES), *(name for name, *_ in FLAGS), "DEHUSK_QUIET", "DEHUSK_NO_PREFECT"):
        monkeypatch.delenv(name, raising=False)
    return found


def dehusk(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(main, arguments, env=env)


def options_of(result: Result, asked: list[RunOptions]) -> RunOptions:
    assert result.exit_code == 0, result.output
    return asked.pop()


def with_changes(**changes: object) -> RunOptions:
    return RunOptions(**{name: getattr(DEFAULTS, name) for name in RunOptions.__slots__} | changes)


@pytest.mark.parametrize(("name", "value", "changes", "arguments", "instead"), VALUES, ids=[name for name, *_ in VALUES])
def test_a_variable_works_like_its_option_which_wins(asked, name, value, changes, arguments, instead):
    run = ("run", "pages", "--no-prefect")
    assert options_of(dehusk(*run), asked) == DEFAULTS
    assert options_of(dehusk(*run, **{name: value}), asked) == with_changes(**changes)
    assert options_of(dehusk(*run, f"{arguments[0].split('=')[0]}={value}"), asked) == with_changes(**changes)
    assert options_of(dehusk(*run, *arguments, **{name: value}), asked) == with_changes(**instead)
    assert options_of(dehusk(*run, **{name: ""}), asked) == DEFAULTS


@pytest.mark.parametrize(("name", "flag", "changes"), FLAGS, ids=[name for name, *_ in FLAGS])
def test_a_variable_works_like_its_flag(asked, name, flag, changes):
    run = ("run", "pages", "--no-prefect")
    assert options_of(dehusk(*run, flag), asked) == with_changes(**changes)
    for value in ON:
        assert options_of(dehusk(*run, **{name: value}), asked) == with_changes(**changes)
    for value in OFF:
        assert options_of(dehusk(*run, **{name: value}), asked) == DEFAULTS
        assert options_of(dehusk(*run, flag, **{name: value}), asked) == with_changes(**changes)


def test_a_run_can_be_made_quiet_by_the_environment(asked):
    run = ("run", "pages", "--no-prefect")
    assert dehusk(*run).stdout == "dehusk: nothing new; 1 input is as it was\n"
    for value in ON:
        assert dehusk(*run, DEHUSK_QUIET=value).stdout == dehusk(*run, "--quiet").stdout == ""
    assert dehusk(*run, DEHUSK_QUIET="0").stdout != ""
    assert asked


def test_prefect_can_be_left_out_by_the_environment(asked, monkeypatch):
    flows: list[RunOptions] = []
    plain = runs.run
    flow = SimpleNamespace(run_flow=lambda options, watch, _: flows.append(options) or plain(options, watch))
    monkeypatch.setitem(sys.modules, "flows.orchestration.run_flow", flow)
    for value, number in (("1", 0), ("0", 1)):
        assert dehusk("run", "pages", DEHUSK_NO_PREFECT=value).exit_code == 0
        assert len(flows) == number
    assert len(asked) == 2


def test_what_does_all_anew_cannot_be_left_on_by_the_environment(asked):
    assert options_of(dehusk("run", "pages", "--no-prefect", DEHUSK_FRESH="1"), asked) == DEFAULTS
    assert options_of(dehusk("run", "pages", "--no-prefect", "--fresh"), asked) == with_changes(fresh=True)


def test_all_variables_are_tried_here():
    named = {str(option.envvar) for option in main.commands["run"].params if option.envvar}
    assert named == {*(name for name, *_ in VALUES), *(name for name, *_ in FLAGS), "DEHUSK_QUIET", "DEHUSK_NO_PREFECT"}


@pytest.mark.parametrize("command", ["clean", "explain", "serve", "status", "verify"])
def test_the_commands_have_their_options_in_common(command):
    known = {option.opts[0]: option.envvar for option in main.commands["run"].params if isinstance(option, click.Option)}
    own = {option.opts[0]: option.envvar for option in main.commands[command].params if isinstance(option, click.Option)}
    shared = {name for name, variable in own.items() if variable}
    assert shared
    assert {name: own[name] for name in shared} == {name: known[name] for name in shared}


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEHUSK_WORKERS", "many"), ("DEHUSK_WORKERS", "-1"), ("DEHUSK_SETTLE", "-1"), ("DEHUSK_ENGINE", "abacus"),
     ("DEHUSK_STRICT", "perhaps"), ("DEHUSK_NO_SITE_PACKS", "perhaps")],
)  # fmt: skip
def test_a_variable_that_makes_no_sense_is_a_mistake(asked, name, value):
    result = dehusk("run", "pages", "--no-prefect", **{name: value})
    assert (result.exit_code, result.stdout, asked) == (2, "", [])
    assert f"Invalid value for '--{name.removeprefix('DEHUSK_').lower().replace('_', '-')}'" in result.stderr


@pytest.mark.parametrize(
    ("problem", "code", "says"),
    [
        (UsageError("no input given"), 2, "no input given"),
        (Failed("the run is not whole"), 1, "the run is not whole"),
        (OSError(28, "No space left on device", "/out/a"), 1, "No space left on device: /out/a"),
        (OSError("nothing there"), 1, "nothing there"),
        (OSError("nobody at https://me:secret@host/a?token=secret"), 1, "nobody at https://"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(problem, code, says):
    @click.command()
    @one_sentence_errors
    def command() -> None:
        raise problem

    result = CliRunner().invoke(command)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"dehusk: {says}")
    assert result.stderr.count("\n") == 1
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a b", "a b"), ("a\nb\tc\u2028d", "a b c d"), ("\x1b[31mred\x07", "�[31mred�"), ("\udcff", "�"), ("é字", "é字")],
)
def test_a_terminal_is_shown_what_it_cannot_obey(text, shown):
    assert printable(text) == shown
