"""Sequences of runs: after any changes of inputs and any ends of runs, the output is that of one run into an empty folder."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.execution.run import run
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS
from flows.options import RunOptions
from flows.planning import shards
from flows.planning.database import open_state
from flows.planning.state import State
from tests.support.kills import Killed, killing
from tests.support.story_files import by_definition, stories_in

PAGES = ("a.txt", "b.txt", "sub/d.txt")
ROWS = ("c.jsonl",)
CONTENTS = (b"Title\nOne.\nAdvertisement", b"Title\nTwo.\nAdvertisement", b"Other\nREAD MORE: A tale\nThree.", b"\xff\xff", b"")
STAYS = "z.txt"  # without a page, a run is a mistake


@dataclass
class World:
    """Inputs and an output folder with the expected content: each input's content and the rules of its last run."""

    folder: Path
    cleaned: dict[str, tuple[bytes, bool]] = field(default_factory=dict)

    @property
    def pages(self) -> Path:
        return self.folder / "pages"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def inputs(self) -> dict[str, bytes]:
        files = (file for file in self.pages.rglob("*") if file.is_file())
        return {file.relative_to(self.pages).as_posix(): file.read_bytes() for file in files}

    def write(self, name: str, content: bytes) -> None:
        (self.pages / name).parent.mkdir(exist_ok=True, parents=True)
        (self.pages / name).write_bytes(content)

    def delete(self, name: str) -> None:
        (self.pages / name).unlink(missing_ok=True)

    def touch(self, name: str) -> None:
        if (self.pages / name).exists():
            os.utime(self.pages / name)

    def rename(self, name: str, other: str) -> None:
        if (self.pages / name).exists():
            (self.pages / other).parent.mkdir(exist_ok=True)
            (self.pages / name).replace(self.pages / other)

    def run(self, strict: bool, prune: bool, fresh: bool) -> None:
        run(RunOptions((str(self.pages),), str(self.out), workers=1, strict=strict, prune=prune, fresh=fresh))
        now = {name: (content, strict) for name, content in self.inputs().items()}
        self.cleaned = now if prune or fresh else self.cleaned | now

    def kill(self, name: str, content: bytes, strict: bool, after: int, at: str) -> None:
        """Change an input, kill a run that is to clean it, take the change back, and run."""
        before = self.inputs().get(name)
        self.write(name, content)
        of, what = {"a rename": (Path, "replace"), "a commit": (State, "commit")}[at]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(of, what, killing(getattr(of, what), after))
            with suppress(Killed):
                run(RunOptions((str(self.pages),), str(self.out), workers=1, strict=strict))
        if before is not None:
            self.write(name, before)
        self.run(strict=False, prune=False, fresh=False)

    def lose(self, folder: str, number: int) -> None:
        """Delete a file of the output, forget the inputs that are gone, and run."""
        files = sorted((self.out / folder).glob("*.jsonl")) if self.out.exists() else []
        if files:
            lost = files[number % len(files)]
            with open_state(self.out) as state:
                names = {known.name for known in state.known() if known.shard == lost.stem}
            pieces = {name for name in names if name.endswith(ROWS) and name not in self.inputs()}
            if not pieces:  # of a file in pieces that is gone, other pieces would stay
                for name in names - self.inputs().keys():
                    del self.cleaned[name]
                lost.unlink()
        self.run(strict=False, prune=False, fresh=False)

    def expected(self) -> dict[str, list[bytes]]:
        found: dict[str, list[bytes]] = {name: [] for name in FOLDERS}
        for strict in (False, True):
            other = World(self.folder / f"strict-{strict}")
            for name, (content, rules) in self.cleaned.items():
                if rules is strict:
                    other.write(name, content)
            if other.pages.exists():
                other.run(strict=strict, prune=False, fresh=False)
                for name, lines in other.lines().items():
                    found[name] += lines
        return {name: sorted(lines) for name, lines in found.items()}

    def lines(self) -> dict[str, list[bytes]]:
        files = {name: sorted((self.out / name).glob("*")) for name in FOLDERS}
        return {name: sorted(line for file in files[name] for line in file.read_bytes().splitlines()) for name in FOLDERS}


def rows_of(numbers: list[int]) -> bytes:
    return b"".join(b'{"text": "Row %d\\nBody."}\n' % number if number else b'{"text": 0}\n' for number in numbers)


page_writes = st.tuples(st.sampled_from(PAGES), st.sampled_from(CONTENTS))
row_writes = st.tuples(st.sampled_from(ROWS), st.lists(st.integers(0, 3), max_size=12).map(rows_of))
writes = page_writes | row_writes
names = st.sampled_from((*PAGES, *ROWS))
no, perhaps = st.just(False), st.booleans()
plain_runs = st.tuples(st.just("run"), no, no, no)
steps = st.one_of(
    writes.map(lambda write: ("write", *write)),
    writes.map(lambda write: ("write", *write)),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("touch"), names),
    st.tuples(st.just("rename"), st.sampled_from(PAGES), st.sampled_from(PAGES)),
    plain_runs,
    plain_runs,
    st.tuples(st.just("run"), perhaps, perhaps, st.sampled_from((False, False, False, True))),
    st.builds(
        lambda write, *more: ("kill", *write, *more),
        writes,
        perhaps,
        st.integers(0, 4),
        st.sampled_from(("a rename", "a commit")),
    ),
    st.tuples(st.just("lose"), st.sampled_from(FOLDERS), st.integers(0, 9)),
)


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 10)  # each makes many runs
@example([("kill", "a.txt", CONTENTS[1], False, 0, "a commit")])
@example([("kill", "a.txt", CONTENTS[1], False, 1, "a rename")])
@example([("kill", "b.txt", CONTENTS[1], True, 1, "a commit")])
@example([("delete", "a.txt"), ("write", "c.jsonl", rows_of([1])), ("run", False, False, False), ("lose", "records", 0)])
@example([("write", "c.jsonl", rows_of([1] * 12)), ("kill", "c.jsonl", rows_of([2]), False, 1, "a commit")])
@given(st.lists(steps, max_size=14))
def test_any_sequence_ends_with_the_records_of_a_fresh_run(sequence):
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(shards, "SHARD_BYTES", 100)
        patch.setattr(shards, "MIN_SOURCE_BYTES", 0)
        world = World(Path(folder))
        world.write(STAYS, b"Title\nIt stays.")
        world.write("a.txt", CONTENTS[0])
        world.write("c.jsonl", rows_of([1, 0, 2, 3, 1]))
        world.run(strict=False, prune=False, fresh=False)
        for step, *arguments in sequence:
            getattr(world, step)(*arguments)
        world.run(strict=False, prune=False, fresh=False)
        assert world.lines() == world.expected()
        assert stories_in(world.out) == by_definition(world.out)
        assert list(verify_output(world.out, [], "", RunOptions(()).fields)) == []
        assert list(verify_output(world.out, [str(world.pages)], "", RunOptions(()).fields)) == []
        again = run(RunOptions((str(world.pages),), str(world.out), workers=1))
        assert (again.counts.pages, again.manifest, again.unchanged) == (0, "", len(world.inputs()))
