"""The fit of confidence: records are judged by their labels, shares rise with the odds and hold on other sites."""

from __future__ import annotations

import gzip
import json
from random import Random

import pytest

from cleaners.fitted.confidence import confidence_bytes, read_confidence, shipped_confidence
from tests.cleaners.segmentation.pages import FOOTER, HEAD, STORY, TEASERS, TITLE, TITLES, page
from tests.conftest import ROOT
from tests.support import html_pages

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from tests.fit.__main__ import main
from tests.fit.confidence import FOLDS, fit_model, fit_models, held_out
from tests.fit.judged_records import JudgedRecord, f1_of, judged_records
from tests.fit.reliability import Judged, auc, calibration_error, reliability
from tests.fit.sets import CLEAN, fold_of

CASES = ROOT / "tests" / "cases"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A set of text pages and one of HTML: the gold of the second page of each is another text."""
    root = tmp_path_factory.mktemp("sets")
    made = {"txt": page(HEAD, STORY, FOOTER), "html.gz": html_pages.page(f"<h1>{TITLE}</h1><p>" + "<p>".join(STORY))}
    for suffix, content in made.items():
        folder = root / suffix[:4].strip(".")
        (folder / "pages").mkdir(parents=True)
        golds = {"right": "\n".join(STORY), "wrong": "\n".join(STORY[:3])}
        rows = [{"page": name, "gold": gold, "domain": f"{name}.example", "title": TITLE} for name, gold in golds.items()]
        (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        for name in golds:
            data = content.encode() if isinstance(content, str) else gzip.compress(content)
            (folder / "pages" / f"{name}.{suffix}").write_bytes(data)
    return root


def case_of(folder, **expected) -> list[JudgedRecord]:
    """Return the judged records of a page with three headlines below its story, labelled so."""
    text = page(HEAD, STORY, "Latest news", *TITLES[:3], FOOTER)
    label = {
        "main": {"title": TITLE, "first_words": STORY[0][:40], "last_words": STORY[-1][-40:]},
        "related": [],
        "clutter": [],
    }
    (folder / "case.json").write_text(json.dumps({"text": text, "expected": label | expected}))
    return judged_records([], [folder], [], 0, 1)


def made_up(records: int = 600, seed: int = 1) -> list[JudgedRecord]:
    """Return records that are right the more often, the larger a measure of theirs is."""
    rng = Random(seed)
    xs = [rng.random() for _ in range(records)]
    return [
        JudgedRecord("set", f"site {i // 3}", "html", {"x": x, "noise": rng.random()}, rng.random() < x)
        for i, x in enumerate(xs)
    ]


def test_a_record_is_right_when_its_text_is_nearly_that_of_the_label(folders):
    records = judged_records([folders / "txt", folders / "html"], [], [], 0, 1)
    found = {(record.set, record.site, record.reading): record.is_right for record in records if record.set != CLEAN}
    assert found == {
        ("txt", "right.example", "text"): True, ("txt", "wrong.example", "text"): False,
        ("html-html", "right.example", "html"): True, ("html-html", "wrong.example", "html"): False,
    }  # fmt: skip
    (alone,) = [record for record in records if record.set == CLEAN]
    assert (alone.is_right, alone.measures["alone"], alone.weight < 1) == (True, 1, True)


def test_pages_that_are_no_stories_weigh_more_and_their_gold_texts_are_no_texts_on_their_own(folders):
    records = judged_records([], [], [folders / "txt"], 0, 1)
    assert {(record.set, record.weight > 1) for record in records} == {("txt", True)}
    assert {record.weight for record in judged_records([folders / "html"], [], [], 0, 1)} == {1}


def test_headlines_are_right_by_their_titles_and_open_ones_are_left_out(tmp_path):
    headlines = [{"title": title, "kind": "headline"} for title in TITLES[:2]]
    right = [record.is_right for record in case_of(tmp_path, related=headlines) if record.reading == "headline"]
    assert right == [True, True, False]
    left = case_of(tmp_path, related=headlines, either=[TITLES[2]])
    assert [record.is_right for record in left if record.reading == "headline"] == [True, True]
    assert [record.is_right for record in left if record.reading == "text"] == [True]


def test_the_own_record_of_a_page_without_a_story_is_wrong(tmp_path):
    assert [record.is_right for record in case_of(tmp_path, main=None) if record.reading == "text"] == [False]


def test_records_of_a_layout_of_their_site_are_read_with_its_pack():
    records = judged_records([], [CASES / "daily8_constructed"], [], 0, 1)
    assert {"site", "text"} <= {record.reading for record in records}


def test_texts_are_compared_by_their_runs_of_words():
    text = " ".join(STORY)
    assert (f1_of(text, text), f1_of("", ""), f1_of("", text)) == (1, 1, 0)
    assert f1_of(" ".join(STORY[:5]), text) > 0.85 > f1_of(" ".join(STORY[:3]), text)
    assert f1_of(" ".join((*STORY, *TEASERS)), text) < 0.9


def test_the_share_rises_with_a_measure_and_holds_on_other_sites():
    records = made_up()
    model = fit_model(records)
    shares = [model.share({"x": x / 10, "noise": 0.5}) for x in range(11)]
    assert shares == sorted(shares)
    assert shares[0] < 0.25 < 0.75 < shares[-1]
    judged = held_out(records)
    assert len(judged) == len(records)
    assert calibration_error(judged) < 0.08
    assert auc(judged) > 0.75


def test_the_weights_of_a_measure_of_all_records_are_zero_on_average():
    records = [record._replace(measures={**record.measures, "one": 1.0}) for record in made_up()]
    parts = [fit_model(records).parts(record.measures) for record in records]
    assert {name for part in parts for name in part} == {"x", "noise"}
    assert all(abs(sum(part[name] for part in parts)) / len(parts) < 0.01 for name in ("x", "noise"))


def test_no_confidence_is_of_a_fit_to_the_same_site(monkeypatch):
    fitted: list[set[str]] = []

    def fit(records):
        fitted.append({record.site for record in records})
        return shipped_confidence()["html"]

    monkeypatch.setattr("tests.fit.confidence.fit_model", fit)
    records = made_up(60)
    held_out(records)
    for fold, sites in enumerate(fitted):
        assert {record.site for record in records if fold_of(record.site, FOLDS) == fold}.isdisjoint(sites)
    assert len(fitted) == FOLDS


def test_few_wrong_records_give_one_share_to_all():
    records = [record._replace(is_right=i > 3) for i, record in enumerate(made_up(40))]
    model = fit_model(records)
    assert model.weights == {}
    assert model.share({"x": 0.1}) == model.share({"x": 0.9}) == pytest.approx(36.5 / 41, abs=1e-3)


def test_the_same_records_give_the_same_bytes_and_other_ways_to_read_keep_their_models():
    one, other = (fit_models(made_up()) for _ in range(2))
    assert confidence_bytes(one) == confidence_bytes(other)
    assert confidence_bytes(read_confidence(confidence_bytes(one))) == confidence_bytes(one)
    assert one["text"] is shipped_confidence()["text"]
    assert one["html"] is not shipped_confidence()["html"]


def test_the_command_prints_how_it_holds_and_writes_the_models(folders, tmp_path, capsys, monkeypatch):
    file = tmp_path / "confidence.json"
    sets = ["--flat", folders / "txt", "--cases", CASES / "daily8_constructed", "--invented", "1", "--processes", "1"]
    monkeypatch.setattr("sys.argv", ["fit", "--only", "confidence", *map(str, sets), "--write", str(file)])
    main()
    assert "text      all" in capsys.readouterr().out
    assert read_confidence(file.read_bytes()).keys() == shipped_confidence().keys()


def test_reliability_is_shown_by_set_and_by_band():
    judged = [Judged("a", "html", 0.9, i < 9) for i in range(10)] + [Judged("b", "html", 0.3, i < 5) for i in range(10)]
    lines = list(reliability(judged))
    assert calibration_error(judged) == pytest.approx(0.1)
    assert auc(judged) == pytest.approx((9 * 5 + (9 * 1 + 5 * 5) / 2) / (14 * 6))
    assert "html      a                         10 0.900  0.900  0.000  0.500          10  0.900  0.900" in lines
    assert lines[-2:] == ["0.00 on         10  0.300  0.500", "0.90 on         10  0.900  0.900"]
