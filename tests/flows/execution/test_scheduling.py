"""Scheduling: shards begin as slots become free, and none begins once a run is stopped."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from flows.execution.progress import SharedProgress
from flows.execution.scheduling import run_bounded
from flows.planning.shards import Shard
from flows.signals import is_stopping

SHARDS = [Shard(name, ()) for name in "abcde"]


@pytest.fixture(autouse=True)
def _goes_on_afterwards():
    yield
    is_stopping.clear()


class Engine:
    """Begins shards, and ends the first at once, the others by a call of `end`."""

    def __init__(self) -> None:
        self.begun: dict[str, Future[str]] = {}

    def begin(self, shard: Shard) -> Future[str]:
        self.begun[shard.name] = Future()
        if shard.name == "a":
            self.end("a")
        return self.begun[shard.name]

    def end(self, name: str) -> None:
        self.begun[name].set_result(name.upper())


def test_as_many_are_at_work_as_there_are_hands_and_what_ends_first_comes_first():
    board, engine = SharedProgress(SHARDS), Engine()
    results = run_bounded(SHARDS, board, lambda: 2, engine.begin)
    for name, begun in (("a", "abc"), ("c", "abcd"), ("b", "abcde"), ("d", "abcde"), ("e", "abcde")):
        if name != "a":
            engine.end(name)
        shard, promise = next(results)
        assert (shard.name, promise.result(), "".join(engine.begun)) == (name, name.upper(), begun)
    assert board.in_flight == 0
    assert list(results) == []


def test_none_is_begun_once_a_run_is_to_stop_and_those_in_hand_are_finished():
    board, engine = SharedProgress(SHARDS), Engine()
    results = run_bounded(SHARDS, board, lambda: 2, engine.begin)
    next(results)
    is_stopping.set()
    assert board.in_flight == 2
    engine.end("b")
    engine.end("c")
    assert [shard.name for shard, _ in results] == ["b", "c"]
    assert [*engine.begun] == ["a", "b", "c"]


def test_hands_may_become_more_and_fewer():
    board, engine = SharedProgress(SHARDS), Engine()
    hands = [3]
    results = run_bounded(SHARDS, board, lambda: hands[0], engine.begin)
    next(results)
    assert [*engine.begun] == ["a", "b", "c", "d"]
    hands[0] = 1
    for name in "bcd":
        engine.end(name)
    for number in (4, 4, 5):  # of three in hand two are not followed by another one
        next(results)
        assert len(engine.begun) == number
    engine.end("e")
    assert [shard.name for shard, _ in results] == ["e"]


def test_nothing_is_begun_where_there_is_nothing_or_the_run_has_been_stopped():
    board, engine = SharedProgress(SHARDS), Engine()
    assert list(run_bounded([], board, lambda: 2, engine.begin)) == []
    is_stopping.set()
    assert list(run_bounded(SHARDS, board, lambda: 2, engine.begin)) == []
    assert engine.begun == {}
