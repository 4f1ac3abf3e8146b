"""The measure of learning from very many pages: its pages are what they claim to be, and engines are compared."""

from __future__ import annotations

from itertools import islice

import pytest

from flows.learning.sample import page_key
from tests import learn_scale
from tests.learn_scale import REPEATED, Cost, main, rows


def test_repeated_pages_are_near_duplicates_and_varied_ones_are_not():
    number = REPEATED + 20
    repeated, varied = ([*rows(kind, number, 7)] for kind in learn_scale.KINDS)
    for found, distinct in ((repeated, REPEATED), (varied, number)):
        assert len({row["text"] for row in found}) == number
        assert len({page_key(row["text"]) for row in found}) == distinct
        assert len({row["url"].split("/")[2] for row in found}) == 7
        assert all(1_200 < len(row["text"].encode()) < 4_000 for row in found)
    assert [*islice(rows("varied", number, 7), 9)] == varied[:9]


def test_other_bytes_from_another_engine_are_told(monkeypatch, capsys):
    costs = {"1": Cost(2.0, 1.0, 1.0, {1: 5_000_000}, 10, "a"), "2": Cost(2.0, 1.0, 1.0, {1: 5_000_000, 2: 1_000_000}, 10, "b")}
    monkeypatch.setattr(learn_scale, "cost_of", lambda file, engine, learnt: costs[engine])
    assert main(["--pages", "20", "--engines", "1,1"]) == 0
    assert main(["--pages", "20", "--engines", "1,2"]) == 1
    assert "20 pages/s" in capsys.readouterr().out


@pytest.mark.slow
def test_any_number_of_workers_learns_the_same():
    assert main(["--pages", "60", "--sites", "2", "--learnt", "1", "--kind", "varied"]) == 0
