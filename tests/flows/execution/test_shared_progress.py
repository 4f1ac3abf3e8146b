"""Progress: the counters that shards report while they are cleaned."""

from __future__ import annotations

import gzip
import random
from contextlib import nullcontext
from dataclasses import replace

import pytest

from flows.execution import engines
from flows.execution import progress as boards
from flows.execution.context import prepared_run
from flows.execution.process_pool import Pool
from flows.execution.progress import ProgressReporter, ProgressSnapshot, SharedProgress, report_to
from flows.execution.run import run
from flows.execution.shard import clean_shard
from flows.inputs.discovery import Source
from flows.options import RunOptions
from flows.output.metrics import Counts
from flows.output.written import digests
from flows.planning.shards import Shard
from tests.support import ended

ROW = b'{"text": "A title of a row\\nThe body of the row, which goes on for a while."}\n'
SHARDS = [Shard("a", (Source("", "1", 30), Source("", "2", 10))), Shard("b", (Source("", "3", 60),))]


@pytest.fixture
def pages(tmp_path, cut_at):
    """Two pages, each to be cleaned in a shard of its own."""
    cut_at(20)
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        (tmp_path / "pages" / f"{name}.txt").write_text(f"Title {name}\nBody {name}.")
    return tmp_path / "pages"


@pytest.fixture
def often(monkeypatch):
    """Report each page."""
    monkeypatch.setattr(boards, "REPORT_SECONDS", 0)


@pytest.fixture
def told(monkeypatch):
    """All counters, in the order in which they are set."""
    found = []
    tell = SharedProgress.set_done

    def remember(self, *what):
        found.append(what)
        tell(self, *what)

    monkeypatch.setattr(SharedProgress, "set_done", remember)
    return found


def test_nothing_is_done_at_first():
    assert SharedProgress(SHARDS).snapshot() == ProgressSnapshot(0, 2, 0, 100, 0, 0)
    assert SharedProgress([]).snapshot() == ProgressSnapshot(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("is_shared", [True, False])
def test_what_shards_tell_is_added_up(is_shared):
    board = SharedProgress(SHARDS, is_shared=is_shared)
    board.set_done("a", 25, 3, 1)
    board.set_done("b", 10, 1, 0)
    assert board.snapshot() == ProgressSnapshot(0, 2, 35, 100, 4, 1)
    board.finish_shard("a", Counts(pages=4))
    assert board.snapshot() == ProgressSnapshot(1, 2, 50, 100, 5, 0)


def test_a_shard_that_is_begun_anew_is_not_counted_twice():
    board = SharedProgress(SHARDS)
    report_to(board)
    try:
        board.set_done("b", 50, 5, 1)
        ProgressReporter(SHARDS[1])
        assert board.snapshot() == ProgressSnapshot(0, 2, 0, 100, 0, 0)
    finally:
        report_to(None)


def test_a_shard_that_nobody_watches_tells_nothing(told):
    teller = ProgressReporter(SHARDS[0])
    teller.start_source(SHARDS[0].sources[0])
    teller.report_page(Counts(pages=1))
    assert told == []


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_what_is_told_grows_with_what_is_read(pack, told, tmp_path):
    dice = random.Random(1)
    packed = pack(b"".join(ROW.replace(b"row", b"%x" % dice.getrandbits(400)) for _ in range(3_000)))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_bytes(packed)
    (tmp_path / "in" / "b.txt").write_text("A title\nA body.")
    run(RunOptions((str(tmp_path / "in"),), str(tmp_path / "out"), workers=1))
    done = [bytes_done for _, bytes_done, _, _ in told]
    assert done == sorted(done)
    assert len(set(done)) > (500 if pack is bytes else 5)
    assert done[-1] == len(packed) + len("A title\nA body.")
    assert told[-1][2:] == (3_001, 0)


@pytest.mark.usefixtures("often")
def test_of_a_file_in_pieces_each_is_told_by_itself(cut_at, told, tmp_path):
    cut_at(len(ROW) * 7)
    (tmp_path / "a.jsonl").write_bytes(ROW * 20)
    run(RunOptions((str(tmp_path / "a.jsonl"),), str(tmp_path / "out"), workers=1))
    ends = [(done, pages) for _, done, pages, _ in told if done]
    assert max(done for done, _ in ends) == len(ROW) * 7
    assert {(len(ROW) * number, number) for number in range(1, 8)} == set(ends)


def test_only_what_is_to_be_done_counts(pages, tmp_path):
    asked = RunOptions((str(pages),), str(tmp_path / "out"), workers=1)
    with prepared_run(asked) as context:
        assert context.progress.snapshot().bytes == sum(file.stat().st_size for file in pages.iterdir())
    run(asked)
    (pages / "b.txt").write_text("Title b\nAnother body.")
    with prepared_run(asked) as context:
        assert context.progress.snapshot() == ProgressSnapshot(0, 1, 0, len("Title b\nAnother body."), 0, 0)


def test_what_processes_of_a_pool_tell_is_seen(pages, tmp_path):
    with prepared_run(RunOptions((str(pages),), str(tmp_path / "out"), workers=2)) as context:
        with Pool(2, engines.cleaning(context.settings), context.progress) as pool:
            pool.call(context.plan.shards[0])
        reading = context.progress.snapshot()
    assert (reading.pages, reading.shards_done, 0 < reading.bytes_done <= reading.bytes) == (1, 0, True)


def test_a_worker_that_is_killed_does_not_make_more_of_it(pages, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(engines, "clean_shard", ended.end_once)
    run(RunOptions((str(pages),), str(tmp_path / "out"), workers=2), lambda board: nullcontext(shown.append(board)))
    assert (tmp_path / "out" / ended.MARK).exists()
    reading = shown[0].snapshot()
    assert (reading.bytes_done, reading.shards_done, reading.pages) == (reading.bytes, 2, 2)


def test_outputs_are_the_same_whether_or_not_they_are_told(pages, tmp_path):
    with prepared_run(RunOptions((str(pages),), str(tmp_path / "out"), workers=1)) as context:
        shard = context.plan.shards[0]
        plain = clean_shard(shard, context.settings)
        report_to(context.progress)
        try:
            reported = clean_shard(shard, context.settings)
            assert digests(reported.files) == digests(plain.files)
            assert replace(reported, files={}) == replace(plain, files={})
        finally:
            report_to(None)
