"""The benchmark: its corpora are the same every time, and its guard tells what has become slower."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from cleaners import Library, clean_page, shipped_packs
from tests.bench import corpora, growth, show, unchanged
from tests.bench.trials import Figure, beside, run_process


@pytest.mark.parametrize(("make", "least", "most"), [(corpora.seed_like, 200, 400), (corpora.short_lines, 33, 41)])
def test_corpora_hold_unique_pages_with_lines_as_long_as_said(make, least, most):
    pages = list(islice(make(), 150))
    lines = [line for page in pages for line in page.splitlines() if line]
    assert len(set(pages)) == len(pages)
    assert pages == list(islice(make(), 150))
    assert least < sum(len(line.encode()) for line in lines) / len(lines) < most


def test_pages_like_the_seeds_are_read_like_the_seeds():
    for page in islice(corpora.seed_like(), 6):
        cleaned = clean_page(page)
        assert cleaned.page.site == "daily8"
        assert [record.kind for record in cleaned.records] == ["article", *["story"] * (len(cleaned.records) - 1)]
        assert len(cleaned.records) >= 3


def test_containers_hold_the_same_pages(tmp_path: Path):
    from fastwarc.warc import ArchiveIterator

    pages = list(islice(corpora.seed_like(), 5))
    rows = corpora.write_jsonl(iter(pages), 10**9, tmp_path / "pages.jsonl")
    folder = corpora.write_files(iter(pages), 5, tmp_path / "files")
    archive = corpora.write_wet(iter(pages), 10**9, tmp_path / "pages.wet.gz")
    assert [json.loads(row)["text"] for row in rows.read_text(encoding="utf-8").splitlines()] == pages
    assert [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))] == pages
    with archive.open("rb") as file:
        assert [record.reader.read().decode() for record in ArchiveIterator(file)] == pages


def test_grown_packs_hold_nine_more_rules_for_each():
    shipped = {name: toml.count(b"[[rule]]") for name, toml in shipped_packs()}
    grown = {name: toml.count(b"[[rule]]") for name, toml in growth.grown()}
    assert sum(grown.values()) > 9 * sum(shipped.values())
    assert not list(Library(growth.grown()).check())
    page = next(corpora.seed_like())
    with_few, with_many = clean_page(page), clean_page(page, Library(growth.grown()))
    assert [record.text for record in with_few.records] == [record.text for record in with_many.records]


def test_ratios_are_of_the_same_round():
    one, two = beside("part", {"floor": [10.0, 20.0], "other": [5.0, 5.0]}, "floor", "MB/s")
    assert (one.ratio, two.ratio, two.low, two.high) == (1, 0.375, 0.25, 0.5)


@pytest.mark.parametrize(
    ("ratio", "better", "falls"),
    [(0.85, "higher", False), (0.79, "higher", True), (1.2, "lower", False), (1.3, "lower", True)],
)
def test_a_ratio_a_fifth_worse_than_recorded_is_told(ratio, better, falls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(show, "RECORDED", tmp_path / "recorded.json")
    now = Figure("text", "dehusk", 1, "MB/s", ratio, 1, 1, "floor", better)
    assert not list(show.fallen([now], 50))
    show.record([Figure("text", "dehusk", 1, "MB/s", 1, 1, 1, "floor", better), Figure("html", "x", 1, "", 3, 3, 3, "y")], 50)
    assert bool(list(show.fallen([now], 50))) is falls
    assert not list(show.fallen([now], 1000))
    show.record([Figure("html", "x", 1, "", 4, 4, 4, "y")], 50)
    assert {(one["part"], one["ratio"]) for one in show.recorded()["50"]} == {("text", 1), ("html", 4)}


def test_a_process_that_fails_is_no_figure():
    with pytest.raises(RuntimeError, match="ended with 3"):
        run_process("sh", "-c", "exit 3")


def test_a_change_of_a_page_is_named(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(unchanged, "MADE_PAGES", 1)
    page = tmp_path / "page.txt"
    page.write_text("Ferry returns\nThe ferry is back.", encoding="utf-8")
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    before = tmp_path / "before"
    assert unchanged.main(["--write", str(before), str(tmp_path)]) == 0
    assert unchanged.main(["--against", str(before), str(tmp_path)]) == 0
    page.write_text("Ferry returns\nThe ferry is late.", encoding="utf-8")
    assert unchanged.main(["--against", str(before), str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "4 pages: 1 differ; 0 are in one of the two alone", f"  {page}",
    ]  # fmt: skip


def test_a_crawl_repeats_lines_as_its_site_does(tmp_path: Path):
    menu = ["Home", "Ferries", "Harbour news", "All rights reserved by the Harbour Gazette"]
    for number in range(3):
        story = [
            f"The ferry number {number} returns at nine.",
            f"It is the {number}th of its kind in the old harbour. Nobody knew why it was late.",
        ]
        (tmp_path / f"{number}.txt").write_text("\n".join([*menu, *story]), encoding="utf-8")
    pages = [page.splitlines() for page in islice(corpora.crawl([tmp_path]), 30)]
    assert all(page[:4] == menu and len(page) == 6 for page in pages)
    assert len({page[5] for page in pages}) > 3
    with pytest.raises(ValueError, match="no .txt files with sentences"):
        corpora.crawl([tmp_path / "none"])
