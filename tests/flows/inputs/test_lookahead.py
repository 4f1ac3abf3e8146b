"""Slow work is done side by side, and its results come in order."""

from __future__ import annotations

import threading
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.inputs import lookahead
from flows.inputs.lookahead import THREADS, WAITING, in_order
from tests.support.waiting import wait_until


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(), st.booleans()), max_size=600))
def test_results_come_in_the_order_of_the_items(items):
    assert [*in_order(lambda item: item[0] + 1, iter(items), lambda item: item[1])] == [number + 1 for number, _ in items]


def test_slow_items_are_worked_on_at_once_and_a_fast_one_waits_its_turn():
    together, meanwhile = threading.Barrier(THREADS, timeout=60), []

    def work(item: int) -> int:
        if item % 2:
            together.wait()
        else:
            meanwhile.append(threading.current_thread())
        return item

    items = range(2 * THREADS)
    assert [*in_order(work, items, lambda item: item % 2 == 1)] == [*items]
    assert {*meanwhile} == {threading.current_thread()}


def test_only_so_many_items_are_taken_ahead(monkeypatch):
    monkeypatch.setattr(lookahead, "WAITING", 5)
    gate, taken = threading.Event(), []

    def items():
        for item in count():
            taken.append(item)
            if len(taken) == 6:
                gate.set()
            yield item

    found = in_order(lambda item: gate.wait(60) and item, items(), lambda item: True)
    assert [*islice(found, 3)] == [0, 1, 2]
    assert len(taken) <= 3 + 6
    found.close()
    assert WAITING > THREADS


def test_an_error_ends_the_rest_and_comes_in_order():
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 3:
            raise OSError("the disk")
        return item

    found = in_order(work, count(), lambda item: True)
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OSError, match="the disk"):
        next(found)
    number = len(begun)
    wait_until(lambda: len(begun) == number, "the end of all work")
    assert number < 3 + WAITING + THREADS + 2
