"""One shard: the files and counters of its pages, inputs that are carried over, and inputs that cannot be read."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from pathlib import Path

import pytest

from flows.errors import OtherVersion
from flows.execution import shard as shards
from flows.execution.shard import GC_THRESHOLDS, CleanedInput, clean_shard, make_few_collections
from flows.inputs.discovery import Source
from flows.inputs.fingerprint import current_stamp, file_digest
from flows.layout import FOLDERS
from flows.options import WorkerSettings
from flows.output.written import digests
from flows.packs import read_packs
from flows.planning.shards import Shard
from tests.flows.execution.test_run import rows

NAME = "00000-0123456789ab"


@pytest.fixture
def settings(tmp_path) -> WorkerSettings:
    """Settings with an output folder that is ready for shards."""
    for folder in FOLDERS:
        (tmp_path / "out" / folder).mkdir(parents=True)
    return WorkerSettings(str(tmp_path / "out"), read_packs(""))


def write_source(folder: Path, name: str, content: bytes | None = None) -> Source:
    """Write an input and return it as planning lists it."""
    file = folder / name
    file.write_bytes(content if content is not None else f"Title of {name}\nBody of {name}.".encode())
    source = Source(str(file), name, file.stat().st_size)
    return replace(source, stamp=current_stamp(source, ""))


def titles(settings: WorkerSettings) -> list[str]:
    return [row["title"] for row in rows(Path(settings.out), "records")]


def test_a_shard_has_its_files_with_their_digests_and_counts_its_pages(tmp_path, settings):
    sources = (write_source(tmp_path, "a.txt"), write_source(tmp_path, "b.txt", b"\xff\xfe\xff"))
    result = clean_shard(Shard(NAME, sources), settings)
    assert digests(result.files) == {
        f"{folder}/{NAME}.jsonl": file_digest(tmp_path / "out" / folder / f"{NAME}.jsonl") for folder in FOLDERS
    }
    assert (result.counts.pages, dict(result.counts.quarantined)) == (1, {"undecodable": 1})
    assert result.counts.bytes == sum(source.size for source in sources)
    assert {key: done.quarantined for key, done in result.done.items()} == {("a.txt", 0): 0, ("b.txt", 0): 1}
    assert all(done.digest for done in result.done.values())


def test_a_shard_without_pages_has_no_files(settings):
    result = clean_shard(Shard(NAME, ()), settings)
    assert (result.files, result.done, result.unsettled) == ({}, {}, [])
    assert list(Path(settings.out).rglob("*.*")) == []


def test_an_input_that_is_to_be_carried_over_is_not_read(tmp_path, settings, monkeypatch):
    sources = tuple(write_source(tmp_path, name) for name in ("a.txt", "b.txt"))
    first = clean_shard(Shard(NAME, sources), settings)
    monkeypatch.setattr(shards, "clean_page", lambda *_: pytest.fail("it is cleaned"))
    again = clean_shard(Shard(NAME, sources, frozenset(first.done)), settings)
    assert digests(again.files) == digests(first.files)
    assert (again.done, again.counts.pages) == ({}, 0)


def test_an_input_that_is_still_being_written_keeps_its_lines_and_is_left_to_the_next_run(tmp_path, settings):
    source = write_source(tmp_path, "a.txt")
    clean_shard(Shard(NAME, (source,)), settings)
    Path(source.file).write_text("Another title\nAnother and longer body.")
    os.utime(source.file, (1, 1))
    result = clean_shard(Shard(NAME, (source,)), settings)
    assert (result.unsettled, result.done) == (["a.txt"], {})
    assert titles(settings) == ["Title of a.txt"]


def test_an_input_that_is_gone_keeps_its_lines(tmp_path, settings):
    source = write_source(tmp_path, "a.txt")
    clean_shard(Shard(NAME, (source,)), settings)
    Path(source.file).unlink()
    result = clean_shard(Shard(NAME, (source,)), settings)
    assert (result.unsettled, result.done) == ([], {})
    assert titles(settings) == ["Title of a.txt"]


def test_an_input_that_is_gone_and_has_no_lines_is_quarantined_and_tried_again(tmp_path, settings):
    source = write_source(tmp_path, "a.txt")
    Path(source.file).unlink()
    result = clean_shard(Shard(NAME, (source,)), settings)
    assert result.done == {("a.txt", 0): CleanedInput("", 1)}
    assert [row["reason"] for row in rows(tmp_path / "out", "quarantine")] == ["unreadable"]


def test_other_code_than_that_of_the_run_cleans_nothing(tmp_path, settings):
    shard = Shard(NAME, (write_source(tmp_path, "a.txt"),))
    with pytest.raises(OtherVersion):
        clean_shard(shard, replace(settings, code="other"))
    assert list(Path(settings.out).rglob("*.*")) == []


@pytest.mark.parametrize(
    ("before", "after"), [((700, 10, 10), GC_THRESHOLDS), ((200_000, 5, 5), (200_000, 5, 5)), ((0, 10, 10), (0, 10, 10))]
)
def test_collections_become_fewer_unless_they_are_few_or_off(before, after):
    thresholds = gc.get_threshold()
    try:
        gc.set_threshold(*before)
        make_few_collections()
        assert gc.get_threshold() == after
    finally:
        gc.set_threshold(*thresholds)
