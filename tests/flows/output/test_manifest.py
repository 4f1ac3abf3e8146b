"""Manifests are read back as they were written, also those of older versions, and hold no password."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from flows.errors import UsageError
from flows.inputs.discovery import Skipped
from flows.options import DASK, RowFields, RunOptions
from flows.output.manifest import (
    Manifest,
    RecordedOptions,
    ShardFailure,
    ShardFiles,
    checksums_of_manifests,
    decode_manifest,
    last_number,
    manifest_names,
    manifest_time,
    public_options,
    read_manifest,
    readable_manifests,
    write_manifest,
)
from flows.output.metrics import Counts
from flows.output.sample import SampledPage

BEGAN = "2025-07-05T12:00:00.000001Z"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path


def test_a_manifest_is_read_back_as_it_was_written(out):
    manifest = Manifest(
        contract="1.0",
        run=12,
        began=BEGAN,
        seconds=1.5,
        options=RecordedOptions(inputs=["a", "b"], out="out", fields=RowFields(text="body", html="")),
        counts=Counts(pages=2, records=Counter(article=2), rule_kinds={"en.ad-line": "ad"}),
        moving=["c.txt"],
        failed=[ShardFailure("00001-0123456789ab", "disk full")],
        shards=[ShardFiles("00000-0123456789ab", {"records/00000-0123456789ab.jsonl": "ab"})],
        skipped=[Skipped("d.png", "not a page")],
        sample=[SampledPage(7, "a", "00000-0123456789ab", 0, 0)],
    )
    options = RunOptions(inputs=("a", "b"), engine=DASK, scheduler="tcp://a:1", fields=RowFields(text="body", html=""))
    name = write_manifest(out, manifest, options)
    assert name == "runs/000012-20250705T120000.000001Z.json"
    assert decode_manifest(out / name) == read_manifest(out / name) == manifest
    assert isinstance(decode_manifest(out / name).counts.records, Counter)


@pytest.mark.parametrize("odd", [{"engine": "process"}, {"workers": None}, {"scheduler": None}])
def test_a_manifest_is_read_whatever_its_other_options_are(odd, out):
    (out / "runs" / "1.json").write_text(json.dumps({"began": BEGAN, "options": {"out": "there", **odd}}))
    assert read_manifest(out / "runs" / "1.json").options == RecordedOptions(out="there")


def test_a_manifest_of_an_older_version_lacks_keys_and_has_others(out):
    (out / "runs" / "1.json").write_text(json.dumps({"began": BEGAN, "counts": {"pages": 3}, "gone": 1}))
    assert read_manifest(out / "runs" / "1.json") == Manifest(began=BEGAN, counts=Counts(pages=3))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"began": 1}', f'{{"began": "{BEGAN}", "counts": {{"records": [1]}}}}'])
def test_a_file_that_is_no_manifest_is_a_mistake_and_passed_over_in_a_list(out, content):
    (out / "runs" / "1.json").write_text(content)
    with pytest.raises(UsageError, match=r"1\.json is no manifest of a run .*; take it away, or name another with --run"):
        read_manifest(out / "runs" / "1.json")
    name = write_manifest(out, Manifest(began=BEGAN), RunOptions())
    files = [out / "runs" / "1.json", out / name, out / "runs" / "gone.json"]
    assert [manifest.began for manifest in readable_manifests(files)] == [BEGAN]


def test_a_manifest_that_is_not_there_is_a_mistake(out):
    with pytest.raises(UsageError, match=r"1\.json cannot be read \(No such file or directory\); name the folder"):
        read_manifest(out / "runs" / "1.json")


def test_manifests_are_in_the_order_of_their_runs_whatever_their_times(out):
    names = [
        "20250705T120000.000001Z",
        "000002-20990101T000000.000000Z",
        "000010-20010101T000000.0Z",
        "1000000-20020101T000000.0Z",
    ]
    for name in (*reversed(names), "mine", "2-20250705T120000.1Z"):
        (out / "runs" / f"{name}.json").write_text("{}")
    assert manifest_names(out) == [f"runs/{name}.json" for name in names]
    assert last_number(out) == 1_000_000
    assert last_number(out / "other") == 0


def test_a_manifest_that_cannot_be_read_is_not_taken_for_none(out):
    (out / "runs" / "1.json").mkdir()
    (out / "runs" / "2.json").write_text("{")
    shards, problems, bad = checksums_of_manifests(out)
    assert (shards, bad) == ({}, ["runs/2.json"])
    assert [problem.split(":")[0] for problem in problems] == ["runs/1.json cannot be read", "runs/2.json is no manifest"]


def test_options_are_written_without_passwords_and_with_any_name():
    options = RunOptions(
        inputs=("https://me:secret@a.example/b?key=secret", "\udcff.txt"),
        out="out\udcff",
        packs="packs\udcff",
        state="postgresql://me:secret@a.example/state",
    )
    public = public_options(options)
    assert public.inputs == ("https://a.example/b", "\\xff.txt")
    assert (public.out, public.packs, public.state) == ("out\\xff", "packs\\xff", "postgresql://a.example/state")


def test_times_are_written_in_utc_and_sort_as_text():
    times = [datetime(2025, 7, 5, 12, 0, 0, micro, UTC) for micro in (0, 1, 999_999)]
    assert [manifest_time(time) for time in times] == sorted(manifest_time(time) for time in times)
    assert manifest_time(times[1]) == BEGAN
