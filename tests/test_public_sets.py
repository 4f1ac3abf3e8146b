"""The figures on a made-up set are those worked out by hand."""

from __future__ import annotations

import gzip
import json

import pytest

from tests import public_sets
from tests.public_metadata import MetadataLabels
from tests.public_sets import Extracted, LabelledPage, Tally, measure, read_set, shingles, table_row

STORY = "The ferry between the two islands is back in service after a long winter of repairs in the yard."


def write_set(folder, suffix, pages, rows):
    (folder / "pages").mkdir(parents=True)
    for name, text in pages.items():
        raw = text.encode()
        (folder / "pages" / f"{name}{suffix}").write_bytes(gzip.compress(raw) if suffix == ".html.gz" else raw)
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_shingles_are_runs_of_four_words():
    assert shingles("a b, c! d e") == {("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1}
    assert shingles("a b") == {("a", "b"): 1}
    assert shingles(" . ") == {}


def test_figures_are_means_over_pages():
    pages = [LabelledPage(b"", "a b c d e"), LabelledPage(b"", "k l m n"), LabelledPage(b"", "p q r s")]
    outputs = iter(["b c d e x y", "k l m n", ""])  # 1 of 3 shingles right and 1 of 2 found; all right; no output
    tally = Tally()
    for page in pages:
        tally.run(lambda _: Extracted(next(outputs)), page)
    figures = tally.figures()
    assert figures["precision"] == pytest.approx((1 / 3 + 1) / 2)
    assert figures["recall"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert figures["f1"] == pytest.approx(2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))
    assert "title" not in figures


def test_page_on_which_a_tool_fails_counts_as_without_output():
    page = LabelledPage(b"\x00\x01\x02\x00", STORY, MetadataLabels("Ferry returns"))
    figures = measure([page], {"dehusk": public_sets.dehusk_text})["dehusk"].figures()
    assert (figures["recall"], figures["title"]) == (0.0, 0.0)


def test_title_that_a_program_copied_does_not_count(tmp_path):
    rows = [
        {"page": "b", "gold": "Two.", "title": "Second"},
        {"page": "a", "gold": "One.", "title": "First", "title_src": "title-tag"},
    ]
    pages, is_html = read_set(write_set(tmp_path / "set", ".txt", {"a": "One.", "b": "Two."}, rows))
    assert [(page.raw, page.text, page.labels.title) for page in pages] == [(b"One.", "One.", ""), (b"Two.", "Two.", "Second")]
    assert not is_html


def test_row_of_a_text_set_has_no_figures_of_html_tools():
    one = {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "title": 0.25, "speed": 1234.5}
    figures = {"dehusk": one, "trafilatura": {key: value for key, value in one.items() if key != "title"}}
    cell = "50.0 / 100.0 / 66.7"
    assert table_row("mine, text", 4, figures) == f"| mine, text | 4 | {cell} | {cell} | – | 25.0 | 1,234 / 1,234 |"


def test_command_measures_html_and_text(tmp_path, monkeypatch, capsys):
    rows = [{"page": "ferry", "gold": STORY, "title": "FERRY returns!", "authors": ["Ina Varr"]}]
    page = f"<html><head><title>Ferry returns</title></head><body><h1>Ferry returns</h1><p>{STORY}</p></body></html>"
    folders = [
        write_set(tmp_path / "made-up", ".html.gz", {"ferry": page}, rows),
        write_set(tmp_path / "flat", ".txt", {"ferry": f"Ferry returns\n{STORY}\n"}, rows),
    ]
    report = tmp_path / "figures.json"
    monkeypatch.setattr("sys.argv", ["public_sets", *map(str, folders), "--json", str(report)])
    public_sets.main()
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert list(figures) == ["made-up, HTML", "flat, text"]
    for name in figures:
        dehusk = figures[name]["dehusk"]
        assert (dehusk["precision"], dehusk["recall"], dehusk["f1"], dehusk["title"]) == (1.0, 1.0, 1.0, 1.0)
    printed = capsys.readouterr().out
    assert [line.split(",")[0] for line in printed.splitlines() if "half A" in line] == [
        "| dehusk",
        "| trafilatura",
        "| dehusk",
    ]
    header, _, html_row, text_row, *_ = printed.splitlines()
    assert header.startswith("| set | pages | dehusk P / R / F1 |")
    assert html_row.startswith("| made-up, HTML | 1 | 100.0 / 100.0 / 100.0 |")
    assert text_row.startswith("| flat, text | 1 | 100.0 / 100.0 / 100.0 |")
    assert {len(row.split(" | ")) for row in (header, html_row, text_row)} == {7}


def test_folder_without_labels_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["public_sets", str(tmp_path)])
    with pytest.raises(SystemExit):
        public_sets.main()
    assert "no gold.jsonl in" in capsys.readouterr().err
