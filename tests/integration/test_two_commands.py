"""Two commands in one output folder at once: each does its work, or says in one sentence that it has to wait."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.execution.run import run
from flows.layout import FOLDERS
from flows.options import RunOptions
from tests.support.beside import Call, call, called_beside, change, export_problem
from tests.support.interleave import steps_of, watched, with_another_at

MOST = 20  # calls at one kind of step: who tidies before each lock of a part that is new never lets its writer have one
READERS = ("status", "verify", "report", "export")


class World:
    """Pages that change, and the output of runs over them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pages, self.out = folder, folder / "pages", folder / "out"
        self.pages.mkdir()
        self.version = 0
        self.change()

    def change(self) -> None:
        self.version += 1
        change(self.pages, self.version)

    def run(self, *, fresh: bool = False) -> None:
        """Change the pages and clean them."""
        self.change()
        options = RunOptions((str(self.pages),), str(self.out), workers=1, settle=0, prune=True, fresh=fresh)
        assert not run(options).failed

    def call(self, command: str) -> Call:
        return call(command, self.out, self.pages, self.folder / "exported")

    def is_sound(self) -> bool:
        assert self.call("verify").code == 0
        assert not [path for path in self.folder.rglob("*") if ".part" in path.name or path.name == ".exported.lock"]
        return True


@pytest.fixture
def world(tmp_path, cut_at, monkeypatch) -> World:
    cut_at(1)
    monkeypatch.setattr("os.fsync", lambda _: None)  # these two take longer than all else
    monkeypatch.setattr("flows.report.build._library", lambda *_: None)
    return World(tmp_path)


def calling(command: str, world: World, calls: list[tuple[str, Call]]) -> Callable[[str], None]:
    """Return a function that calls a command at a step, and adds the call to `calls`."""
    times = Counter[str]()

    def at_step(step: str) -> None:
        kind = re.sub(r"\d+-[0-9a-f]{8}\.part|\d+$", "", step)
        times[kind] += 1
        if times[kind] <= MOST:
            calls.append((step, world.call(command)))

    return at_step


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["first", "later", "fresh"])
@pytest.mark.parametrize("command", [*READERS, "repair"])
def test_a_command_may_come_at_any_step_of_a_run(command, kind, world):
    if kind != "first":
        world.run()
    calls: list[tuple[str, Call]] = []
    with watched(world.out, calling(command, world, calls), only_writes=True, statements=True):
        world.run(fresh=kind == "fresh")
    assert len(calls) > 20
    assert [(step, found) for step, found in calls if found.problem] == []
    assert world.call(command).code == 0
    assert world.is_sound()


@pytest.mark.slow
@pytest.mark.parametrize("command", READERS)
def test_a_run_may_come_at_any_step_of_a_command(command, world, monkeypatch):
    monkeypatch.setattr("flows.execution.results._report", lambda *_: "")  # saves time
    world.run()
    world.call(command)
    steps = steps_of(world.folder, lambda: world.call(command))
    assert steps > 5
    for step in range(steps):
        found = with_another_at(step, world.folder, lambda: world.call(command), lambda: world.run(fresh=step % 2 == 1))  # noqa: B023
        assert found.problem == "", f"step {step} of {steps}: {found}"
    assert world.is_sound()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["report", "export"])
def test_a_command_may_come_at_any_step_of_the_same(command, world):
    world.run()
    world.call(command)
    calls: list[tuple[str, Call]] = []
    with watched(world.folder, calling(command, world, calls), only_writes=True):
        first = world.call(command)
    assert first.code == 0
    assert [(step, found) for step, found in calls if found.problem] == []
    assert world.is_sound()


BESIDE = ("run", "run", "report", "report", "export", "export", "verify", "verify", "repair", "status", "clean", "explain")
LEAST = 5  # calls of each that do their work


@pytest.mark.slow
def test_all_commands_may_be_called_again_and_again_beside_each_other(world):
    with called_beside(BESIDE, world.out, world.pages, world.folder, LEAST) as tally:
        pass
    assert tally.problems == []
    assert export_problem(world.folder / "exported") == ""
    options = RunOptions((str(world.pages),), str(world.out), workers=1, settle=0, prune=True)
    run(options)
    run(replace(options, out=str(world.folder / "undisturbed")))
    assert lines(world.out) == lines(world.folder / "undisturbed")
    assert world.is_sound()


def lines(out: Path) -> list[bytes]:
    return sorted(line for name in FOLDERS for file in out.glob(f"{name}/*.jsonl") for line in file.read_bytes().splitlines())
