"""Readers of exports find every record with its types, whichever record comes first and however files are cut."""

from __future__ import annotations

import os
import subprocess

import msgspec
import pytest

from cleaners import clean_page
from flows.export.dataset import ExportOptions, export
from tests.conftest import ROOT
from tests.integration.test_readme import blocks_of
from tests.support.extras import skip_without
from tests.support.services import TOOLS
from tests.support.stories import in_parts, record, story, write_records, write_stories

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records
LATE = msgspec.structs.replace(RECORD, kind="story", authors=["Ann Lee"], tags=["ferry"], language="no", flags=["truncated"])
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("consumers")]
RECORDS = 30_000  # more than any of them looks at to guess types


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Records, only the last of them with an author."""
    folder = tmp_path_factory.mktemp("consumers")
    (folder / "records").mkdir()
    (folder / "records" / "00000-000000000000.jsonl").write_bytes((msgspec.json.encode(RECORD) + b"\n") * RECORDS)
    (folder / "records" / "00001-000000000000.jsonl").write_bytes(msgspec.json.encode(LATE) + b"\n")
    return folder


def exported(out, to, format_):
    export(ExportOptions(out, to, format_, partition_by=("kind", "language", "site")))
    return to


@pytest.mark.parametrize("format_", ["parquet", "jsonl", "csv"])
def test_datasets_reads_an_export_by_its_card(format_, out, tmp_path, monkeypatch):
    skip_without("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    found = datasets.load_dataset(
        str(exported(out, tmp_path / "to", format_)), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert found.num_rows == RECORDS + 1
    late = found.filter(lambda row: row["kind"] == "story")[0]
    if format_ == "csv":
        assert (late["authors"], late["page.layout"]) == ('["Ann Lee"]', LATE.page.layout)
    else:
        assert msgspec.convert(late, type(LATE)) == LATE


@pytest.mark.parametrize("partition_by", [(), ("kind",), ("language",), ("site",), ("kind", "language")])
def test_datasets_reads_csv_whatever_columns_of_a_folder_are_empty(partition_by, tmp_path, monkeypatch):
    skip_without("datasets")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    change = msgspec.structs.replace
    records = [
        RECORD, change(RECORD, kind="headline", text="", title="null", category="Sport"), change(LATE, source="NA"),
        change(RECORD, language="de", published="2025-07-05T12:00:00Z", url="https://quaypost.example/1"),
    ]  # fmt: skip
    # Columns of texts that pandas would take for numbers, for truth values, and for times.
    records = [change(record, attribution="007", published_raw="2025-07-05", language="00") for record in records]
    (tmp_path / "records").mkdir()
    lines = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    (tmp_path / "records" / "00000-000000000000.jsonl").write_bytes(lines)
    export(ExportOptions(tmp_path, tmp_path.parent / f"{tmp_path.name}-to", "csv", partition_by=partition_by))
    found = datasets.load_dataset(f"{tmp_path}-to", split="train", cache_dir=str(tmp_path / "cache"))
    names = ("kind", "title", "text", "source", "category", "published", "url", "language", "position", "confidence",
             "attribution", "published_raw")  # fmt: skip
    loaded = sorted(tuple(row[name] for name in names) for row in found)
    assert loaded == sorted(tuple(getattr(record, name) for name in names) for record in records)


def test_tables_and_sql_read_an_export_whose_folders_bear_the_names_of_columns(out, tmp_path):
    skip_without("pandas", "polars", "duckdb")
    import duckdb
    import pandas as pd
    import polars as pl

    data = exported(out, tmp_path / "to", "parquet") / "data"
    table = pd.read_parquet(data)
    assert len(table) == RECORDS + 1
    assert table[table["kind"] == "story"]["authors"].tolist()[0].tolist() == ["Ann Lee"]
    lazy = pl.scan_parquet(data / "**/*.parquet").filter(pl.col("kind") == "story")
    assert lazy.collect()["authors"].to_list() == [["Ann Lee"]]
    found = duckdb.sql(f"select authors, language, page.layout from '{data}/**/*.parquet' where kind = 'story'").fetchall()
    assert found == [(["Ann Lee"], "no", LATE.page.layout)]


def crawled(title, path, host, day, **more):
    """A record of a page of a site with a pack, captured at noon of a day."""
    made = record(title, path=path, captured_at=f"{day}T12:00:00Z" if day else "", **more)
    info = msgspec.structs.replace(made.page, url=f"https://{host}/{path}" if host else "", site=host.partition(".")[0])
    return msgspec.structs.replace(made, page=info)


FERRY = [
    (crawled("Ferry", "a.txt", "quay.example", "2025-07-05"), "same"),
    (crawled("Ferry", "b.txt", "quay.example", "2025-07-06"), "same"),
    (crawled("Ferry", "c.txt", "harbour.example", "2025-07-06"), "excerpt"),
    (crawled("Head", "d.txt", "harbour.example", "2025-07-07", text="", position=2), "mention"),
]
LONE = crawled("Lone", "e.txt", "", "")
HOW_TOS = {"pandas": 'lines("stories")', "polars": "out/stories/", "duckdb": "out/stories/"}
SPREAD = {
    "pandas": ["Ferry 2025-07-05T12:00:00Z 2025-07-07T12:00:00Z 4 2"],
    "polars": ["Ferry 4 2025-07-05 2 3"],
    "duckdb": [
        "2025-07-05 quay.example same 1 1", "2025-07-06 harbour.example excerpt 1 1", "2025-07-06 quay.example same 1 1",
        "2025-07-07 harbour.example mention 1 1",
    ],
}  # fmt: skip
UNDATED = {"pandas": "Lone unknown unknown 1 1", "polars": "Lone 1 0 1", "duckdb": "same 1 1"}


@pytest.mark.parametrize("has_undated", [True, False])
@pytest.mark.parametrize("module", SPREAD)
def test_the_how_tos_tell_how_stories_spread_over_time_and_sites(module, has_undated, tmp_path):
    """Those of the README of an output folder, with a story that goes on in another line, and with or without unknown times."""
    skip_without(module)
    write_records(tmp_path / "out", [*(told for told, _ in FERRY), LONE])
    write_stories(tmp_path / "out", in_parts(story(*FERRY, canonical=FERRY[0][0], best=FERRY[0][0]), 3), "2025-07-05.jsonl")
    if has_undated:
        write_stories(tmp_path / "out", [story((LONE, "same"), canonical=LONE, best=LONE)])
    blocks = [block.code for block in blocks_of("out/README.md") if f"import {module}" in block.code]
    (code,) = [code for code in blocks if HOW_TOS[module] in code]
    env = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    rows = [" ".join(line.replace("│", " ").replace("┆", " ").split()) for line in done.stdout.splitlines()]
    assert [row for row in rows if row in SPREAD[module]] == SPREAD[module]
    assert (UNDATED[module] in rows) == has_undated
