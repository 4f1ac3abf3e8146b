"""A plan that is made of a stream is the one of all inputs and all of the state in memory, after any changes of both."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.inputs.discovery import Source
from flows.inputs.fingerprint import file_digest, input_digest
from flows.inputs.listing import Listing, find_sources
from flows.options import RunOptions
from flows.output.lines import QuarantineLine
from flows.output.written import written_file
from flows.planning import shards
from flows.planning.comparison import RunRequest
from flows.planning.database import open_state
from flows.planning.folder import make_folders
from flows.planning.planner import plan_run
from flows.planning.state import State
from tests.support.plain_planner import Plan, plain_plan

NAMES = ("a.txt", "a/b.txt", "a-b.txt", "b/ä.txt", "b/\U0001f4f0.txt", "b/\uff21.txt", "c.jsonl", "d/e/f.jsonl")
OPTIONS = ("prune", "retry_quarantine")
names = st.sampled_from(NAMES)
contents = st.integers(0, 60).map(lambda number: b"".join(b'{"text": "T\\nB %03d"}\n' % i for i in range(number % 13)) or b"-")
changes = st.one_of(
    st.tuples(st.just("write"), names, contents),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("touch"), names),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("damage"), st.sampled_from(("size", "rot", "loss")), st.integers(0, 9)),
    st.tuples(st.just("use"), st.sampled_from(("one", "two"))),
)
# Of each run the changes before it, its options, the folder that it cannot read, and the number of shards that it finishes.
runs = st.tuples(
    st.lists(changes, min_size=1, max_size=4),
    st.fixed_dictionaries(dict.fromkeys(OPTIONS, st.booleans())),
    st.sampled_from(("", "d")),
    st.sampled_from((9, 9, 9, 0, 1)),
)


class World:
    """Inputs, and an output folder with made files for each shard: each input is a page in quarantine."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.inputs, self.out, self.chance, self.rules = folder / "inputs", folder / "out", Random(seed), "one"
        make_folders(self.out)
        self.write("z.txt", b"stays")
        for name in NAMES:
            self.write(name, b"".join(b'{"text": "T\\nB %03d"}\n' % i for i in range(14 if name.endswith("l") else 2)))

    def write(self, name: str, content: bytes) -> None:
        (self.inputs / name).parent.mkdir(parents=True, exist_ok=True)
        (self.inputs / name).write_bytes(content)

    def delete(self, name: str) -> None:
        (self.inputs / name).unlink(missing_ok=True)

    def touch(self, name: str) -> None:
        if (self.inputs / name).exists():
            os.utime(self.inputs / name, ns=(1, self.chance.randrange(10**18)))

    def rename(self, name: str, other: str) -> None:
        if (self.inputs / name).exists() and name != other:
            (self.inputs / other).parent.mkdir(parents=True, exist_ok=True)
            (self.inputs / name).replace(self.inputs / other)

    def damage(self, how: str, number: int) -> None:
        files = sorted(self.out.glob("records/*.jsonl"))
        if files and how == "loss":
            files[number % len(files)].unlink()
        elif files:
            file = files[number % len(files)]
            before = file.stat()
            file.write_bytes(b"x" * (before.st_size + (how == "size")))
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def use(self, rules: str) -> None:
        self.rules = rules

    def sources(self) -> list[Source]:
        sources, _ = find_sources([str(self.inputs)], self.out)
        shuffled = [replace(one, stamp="" if one.name.startswith("b/") else one.stamp) for one in sources]
        self.chance.shuffle(shuffled)
        return shuffled

    def plan(self, options: dict[str, bool], unread: str = "", done: int = 9) -> None:
        """Plan a run both ways, and finish some of its shards."""
        request = RunRequest(self.rules, "", replace(RunOptions(), **options), unread=(unread,) if unread else ())
        sources = self.sources()
        with open_state(self.out) as state:
            expected = plain_plan(state, sources, self.out, request)
            plan = plan_run(state, Listing(sources), self.out, request)
            shards, rows = [*plan.shards], [*plan.shards.contents.values()]
            found = Plan(shards, rows, plan.unchanged, plan.damaged, plan.lost, [*state.known()], sorted(state.shards()))
            assert found == expected
            assert [(head.name, head.size) for head in plan.shards.heads] == [(shard.name, shard.size) for shard in shards]
            for shard in shards[:done]:
                self.finish(state, *plan.shards.planned(shard.name))

    def finish(self, state: State, shard, rows) -> None:
        by_key = {source.key: source for source in shard.sources}
        done = []
        for row in rows:
            if row.key not in shard.carried:
                source = by_key[row.key]
                digest = input_digest(source, "")
                row = row._replace(end=source.end, stamp=source.stamp, digest=digest, made_by=self.rules, quarantined=1)
            done.append(row)
        files = {}
        for folder in ("records", "quarantine") if rows else ():
            file = self.out / folder / f"{shard.name}.jsonl"
            lines = [QuarantineLine(f"{row.name}#{row.start}", "no-story", "", 1, "", "rules") for row in rows]
            is_bad = folder == "quarantine"
            content = msgspec.json.Encoder().encode_lines(lines) if is_bad else f"{self.chance.random()}\n".encode()
            file.write_bytes(content)
            files[f"{folder}/{file.name}"] = written_file(file, file_digest(file))
        state.commit(shard.name, done, files)


@settings(max_examples=settings().max_examples // 4)  # each makes many plans
@example([([("damage", "rot", 0), ("write", "a-b.txt", b"new")], {}, "", 9)], 0)  # is found once lines are to be carried over
@example([([("damage", "size", 0), ("delete", "a-b.txt")], {}, "", 9), ([("write", "a-b.txt", b"back")], {}, "", 9)], 0)
@example([([("write", "a-b.txt", b"new")], {}, "", 0), ([("delete", "a.txt"), ("damage", "size", 0)], {}, "", 9)], 0)
@example([([("write", "c.jsonl", b"-"), ("write", "d/e/f.jsonl", b"-")], {}, "", 9)], 0)  # its later pieces are gone
@example([([("delete", "d/e/f.jsonl"), ("delete", "a.txt")], {"prune": True}, "d", 9)], 0)
@example([([("touch", "a.txt")], {"retry_quarantine": True}, "", 9)], 0)
@given(st.lists(runs, max_size=4), st.integers(0, 5))
def test_a_streamed_plan_is_the_plain_one(sequence, seed):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_BYTES", 200)
        patch.setattr(shards, "MIN_SOURCE_BYTES", 0)
        world = World(Path(folder), seed)
        world.plan({})
        for changed, options, unread, done in sequence:
            for name, *values in changed:
                getattr(world, name)(*values)
            world.plan(options, unread, done)
        world.plan({})
        world.plan({})
