"""Packs learnt from the pages of two real sites read their other pages well, and the measure of learning counts right."""

from __future__ import annotations

import json
from collections import Counter

import pytest

pytest.importorskip("threadpoolctl", reason="pip install -e '.[fit]'")

from cleaners.rules.model import Pack, Rule
from tests import learning
from tests.cleaners.learning.sites import record
from tests.learning import (
    LabelledSite,
    SiteScore,
    count_lines,
    invented_sites,
    learn,
    measure,
    real_sites,
    report,
    score,
    text_lines,
    worse,
)
from tests.support.labelled import CASES

SITES = list(real_sites(CASES / "learn"))
SIZE = 20
FLOORS = {"stories": 0.95, "clutter": 0.98, "prose": 0.99}
CASE = {
    "text": "Menu\nFerry returns\nThe ferry is back.\nShare\nIt sails at nine.\nRead on\nPier closes\nThe pier is old.\nEnd",
    "expected": {
        "main": {"title": "Ferry returns", "first_words": "The ferry is", "last_words": "sails at nine."},
        "related": [{"title": "Pier closes", "first_words": "The pier", "last_words": "is old."}],
        "clutter": ["Menu", "Share", "Read on"],
        "either": ["End"],
        "keep": ["The ferry is back."],
    },
}


def test_there_are_sites_to_learn_from():
    assert {site.name: (len(site.learn), len(site.cases)) for site in SITES} == {"biolog-pl": (19, 13), "express-gr": (20, 14)}


@pytest.mark.slow
@pytest.mark.parametrize("site", SITES, ids=[site.name for site in SITES])
def test_a_learnt_pack_reads_a_site_well(site):
    pack = learn(site, SIZE)
    assert pack is not None
    found, nothing = score(site, SIZE, pack), score(site, 0, None)
    assert {name: value for name, value in found.figures.items() if value < FLOORS[name]} == {}
    assert worse(found, nothing) == []
    assert found.lines["texts"] == found.lines["titles"] == 0


def test_a_page_is_counted_as_its_label_wants():
    site = LabelledSite("quay", [], [CASE])
    assert score(site, 0, None).counts["story"] == 2
    assert list(text_lines(CASE)) == ["The ferry is back.", "The ferry is back.", "It sails at nine.", "The pier is old."]


def test_clutter_that_is_the_title_of_a_record_counts_as_left():
    titles = ["MENU", "Ferry returns", "Share", "Nothing of the page"]
    records = [record(f"r{n}", {"title": [title]}) for n, title in enumerate(titles)]
    assert learning.count_clutter_titles(CASE, records) == 2
    assert learning.count_clutter_titles(CASE, [*records, record("own", {"text": ["Share"]})]) == 1  # counted as left already


def test_fixed_lines_that_are_lines_of_stories_are_counted():
    lines = ("Menu", "Share {{all}}", "It sails at nine.", "PIER CLOSES")
    rules = [
        Rule(id="quay.line", kind="navigation", line=lines, remove=("Menu",), keep=("It is so.",)),
        Rule(id="quay.prefix", kind="navigation", line=("Picture by {tail}",), remove=("Picture by A",), keep=("It is so.",)),
    ]
    found = count_lines(Pack(name="quay", title="Quay", rule=tuple(rules)), [CASE])
    assert found == {"lines": 4, "texts": 1, "titles": 1}


def written(folder, name, size=3):
    """Write a site of two forms: as a folder of its own, and as invented pages are written."""
    for path in (folder / "real" / name / "learn", folder / "invented" / "learn" / name):
        path.mkdir(parents=True)
        for number in range(size):
            (path / f"{number}.txt").write_text(f"{CASE['text']}\n{number}", encoding="utf-8")
    (folder / "real" / name / "test.jsonl").write_text(f"{json.dumps(CASE)}\n" * 2, encoding="utf-8")
    for number in range(2):
        (folder / "invented" / f"{name}-{number}.json").write_text(json.dumps(CASE), encoding="utf-8")


def test_sites_are_read_in_both_forms(tmp_path):
    written(tmp_path, "quay", 11)
    assert list(real_sites(tmp_path / "real")) == list(invented_sites(tmp_path / "invented"))
    (site,) = real_sites(tmp_path / "real")
    assert (site.name, len(site.learn), site.learn[2][-1], site.learn[10][-2:], len(site.cases)) == ("quay", 11, "2", "10", 2)


def test_the_report_has_a_row_for_each_number_of_pages(tmp_path, capsys):
    written(tmp_path, "quay")
    learning.main(
        ["--sites", str(tmp_path / "real"), "--invented", str(tmp_path / "invented"), "--pages", "0,2,all", "--processes", "1"]
    )
    rows = [line.split()[:4] for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows[:4]] == ["learnt", "0", "2", "all"]
    assert rows[1][1:] == ["0", "of", "2"]
    assert rows[2:] == [["2", "0", "of", "2"], ["all", "0", "of", "2"]]


def test_a_site_that_is_worse_than_with_nothing_is_named():
    good = Counter({"story": 2, "story found": 2, "prose": 4, "prose right": 4})
    bad = Counter({"story": 2, "story found": 1, "prose": 4, "prose right": 3})
    lines = Counter(lines=2_000, texts=3, titles=1)
    nothing, learnt = SiteScore("quay", 0, False, good, Counter()), SiteScore("quay", 20, True, bad, lines)
    assert (worse(learnt, nothing), worse(nothing, learnt)) == (["stories", "prose"], [])
    said = list(report({0: [nothing], 20: [learnt]}))
    assert "20 pages: of 1,000 learnt fixed lines 1.5 texts and 0.5 titles of labelled stories (2,000 lines)" in said
    assert "20 pages: quay is worse: story F1 1.000 > 0.667, prose kept 1.000 > 0.750" in said


def test_the_same_figures_in_any_number_of_processes():
    site = LabelledSite("quay", [CASE["text"]], [CASE])
    assert measure([site, site], [0, None], 1) == measure([site, site], [0, None], 2)


@pytest.mark.parametrize("arguments", [["--pages", "5,many"], ["--pages", "-1"], [], ["--sites", "nowhere"]])
def test_a_wrong_call_gets_a_sentence(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        learning.main(arguments)
    assert ended.value.code == 2
    assert "give" in capsys.readouterr().err
