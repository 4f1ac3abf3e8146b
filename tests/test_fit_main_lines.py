"""The fit of the judgement of lines: the same pages give the same bytes, and held-out figures are printed."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from tests.fit import main_lines
from tests.fit.main_lines import best_thresholds, fit_main_lines, judgements, odds_of, texts_above

SITES = 16


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a set of pages on which each line of class `note` is no text, whatever its words."""
    folder = tmp_path_factory.mktemp("set")
    (folder / "pages").mkdir()
    rows = []
    for i in range(SITES):
        story = [f"{text} It was so on day {i}." for text in (ONE, TWO, THREE)]
        note = f"<div class=note><p>We may be paid when you buy from shop number {i}, as has been said before.</p></div>"
        body = "".join(f"<p>{text}</p>" for text in story[:2]) + note + f"<p>{story[2]}</p>"
        html = page(f"{MENU}<article><h1>Old crane to go</h1>{body}</article>{FOOTER}")
        (folder / "pages" / f"{i}.html.gz").write_bytes(gzip.compress(html))
        rows.append(json.dumps({"page": str(i), "gold": "\n".join(story), "domain": f"site{i}.example"}))
    (folder / "gold.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_the_names_that_tell_most_get_weights(folder):
    pages = judgements([folder], 1)
    assert len(pages) == SITES
    weights = fit_main_lines(pages, 1)
    assert set(weights.names) == {"note"}
    assert weights.names["note"] < 0
    thresholds = best_thresholds([(page, odds_of(page, weights)) for page in pages])
    kept = [texts_above(page, odds_of(page, weights), **thresholds) for page in pages]
    assert not any("paid" in text for texts in kept for text in texts)
    assert all(any(part in text for text in texts) for texts in kept for part in (ONE, TWO, THREE))


def test_the_same_pages_give_the_same_bytes_in_any_number_of_processes(folder, tmp_path, monkeypatch, capsys):
    written = []
    for processes in ("1", "2"):
        file = tmp_path / f"{processes}.json"
        arguments = ["main_lines", "--html", str(folder), "--names", "3", "--processes", processes, "--write", str(file)]
        monkeypatch.setattr(sys, "argv", arguments)
        main_lines.main()
        written.append(file.read_bytes())
    assert written[0] == written[1]
    assert "judged, held-out sites" in capsys.readouterr().out
