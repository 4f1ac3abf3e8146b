"""Changes of sites: from run to run and from month to month, with few pages and many, and none where nothing changed."""

from __future__ import annotations

from collections import Counter

import pytest

from cleaners import Library, shipped_packs
from flows.execution.run import run
from flows.inspect.drift import ERROR_RATE, LEAST_RISE, RUNS_COMPARED, find_drift
from flows.learning.sample import SITE_PAGES
from flows.options import RunOptions
from flows.output.manifest import Manifest, write_manifest
from flows.output.metrics import Counts
from flows.output.site_months import EARLIER, MonthCounts
from tests.support.pages import AI_BOX

PIER = """format = 2
name = "pier"
title = "The Pier"
hosts = ["pier.example"]
signs = ["The Pier since 1910", "Pier notices"]
"""
TEMPLATES = """
[[template]]
id = "pier.news"
signs = ["News desk"]
seen = {seen}

[[template]]
id = "pier.blog"
signs = ["Blog desk"]
"""
MANY, ANEW = "since 2026-03", "has the site changed? learn it again beside its pack: dehusk learn INPUT --to PACKS"


def library(templates: str = "") -> Library:
    return Library([*shipped_packs(), ("pier.toml", (PIER + templates).encode())])


PLAIN = library()


def month(pages=100, unknown=0, unsigned=0, **templates):
    named = {"" if name == "none" else f"pier.{name}": count for name, count in templates.items()}
    return MonthCounts(pages=pages, unknown_layout=unknown, lacks_signs=unsigned, templates=Counter(named))


def counts(**months) -> Counts:
    """Return the counters of a run over pages of the pier; `m1` is the first month of 2026, `old` what is summed before."""
    names = {"old": EARLIER, "undated": ""}
    of_months = {names.get(name) or ("" if name == "undated" else f"2026-{name[1:]:>02}"): one for name, one in months.items()}
    pages = sum(one.pages for one in of_months.values())
    unknown = sum(one.unknown_layout for one in of_months.values())
    return Counts(sites=Counter(pier=pages), unknown_layout=Counter(pier=unknown), months={"pier": of_months})


def write_run(out, number: int, found: Counts, rules: str = "", **options) -> None:
    (out / "runs").mkdir(exist_ok=True)
    manifest = Manifest(began="2026-01-01T00:00:00.000000Z", run=number, counts=found, rules=rules)
    write_manifest(out, manifest, RunOptions(**options))


def told(found: Counts, out, used: Library = PLAIN, **more) -> list[str]:
    return [one.sentence for one in find_drift(found, out, used, ["pier"], **more)]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ((100, 5), (100, 50), "50% of the pages of pier follow no known layout, against 5% in earlier runs"),
        ((100, 5), (100, 9), ""),
        ((10, 0), (10, 9), "90% of the pages of pier follow no known layout, against 0% in earlier runs"),
        ((10, 0), (10, 4), ""),
        ((1, 0), (1, 1), ""),
        ((100_000, 5_000), (100_000, 5_500), ""),
        ((100_000, 500), (100_000, 2_500), "2% of the pages of pier follow no known layout, against 0% in earlier runs"),
        ((100, 50), (100, 5), ""),
    ],
)
def test_more_pages_without_a_layout_than_in_earlier_runs_are_told(tmp_path, before, now, words):
    write_run(tmp_path, 1, counts(undated=month(*before)))
    (tmp_path / "runs" / "000002-20250705T120000.0Z.json").write_text("{not json")
    assert told(counts(undated=month(*now)), tmp_path) == ([f"{words}; {ANEW}"] if words else [])


def test_manifests_of_older_versions_know_unknown_layouts_alone(tmp_path):
    (tmp_path / "runs").mkdir()
    old = '{"began": "", "counts": {"sites": {"pier": 100}, "unknown_layout": {"pier": 1}}}'
    (tmp_path / "runs" / "000001-20250705T120000.0Z.json").write_text(old)
    assert told(counts(undated=month(100, 0, 100, none=100)), tmp_path) == []
    (sentence,) = told(counts(undated=month(100, 60, 100)), tmp_path)
    assert sentence.startswith("60% of the pages of pier follow no known layout, against 1% in earlier runs")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unknown": 90}, "90% of the pages of pier since 2026-03 follow no known layout, against 0% before"),
        (
            {"unsigned": 95},
            "95% of the pages of pier since 2026-03 lack its signs and are known by their address alone, against 0%",
        ),
    ],
)
def test_a_change_from_month_to_month_shows_within_one_run(tmp_path, changed, words):
    found = counts(undated=month(7, 7, 7), m1=month(), m2=month(), m3=month(**changed), m4=month(**changed))
    (sentence,) = told(found, tmp_path)
    assert sentence.startswith(words)
    assert sentence.endswith(ANEW)


def test_the_month_is_that_of_the_steepest_rise(tmp_path):
    rising = counts(m1=month(), m2=month(unknown=2), m3=month(unknown=30), m4=month(unknown=70), m5=month(unknown=100))
    (sentence,) = told(rising, tmp_path)
    assert sentence.startswith("67% of the pages of pier since 2026-03 follow no known layout, against 1% before")


def test_months_before_those_that_are_kept_count_together(tmp_path):
    (sentence,) = told(counts(old=month(1000), m3=month(unknown=90)), tmp_path)
    assert MANY in sentence


@pytest.mark.parametrize("shares", [[0, 0, 0, 0], [100, 0, 0, 0], [5, 0, 9, 4, 8], [30, 2, 28, 5, 31, 33]])
def test_months_that_differ_as_before_tell_nothing(tmp_path, shares):
    found = counts(**{f"m{number}": month(unknown=unknown) for number, unknown in enumerate(shares, 1)})
    assert told(found, tmp_path) == []


def test_days_that_come_one_run_after_the_other_add_up_to_months(tmp_path):
    rules = PLAIN.digest
    for number in range(1, 9):
        write_run(tmp_path, number, counts(**{f"m{1 + (number > 5)}": month(5, unsigned=5 * (number > 5))}), rules)
    found = counts(m2=month(5, unsigned=5))
    (sentence,) = told(found, tmp_path)
    assert sentence.startswith("100% of the pages of pier since 2026-02 lack its signs")
    assert told(found, tmp_path, is_fresh=True) == []  # it cleaned the pages of the runs before again


def test_months_by_other_rules_do_not_count(tmp_path):
    write_run(tmp_path, 1, counts(m1=month(), m2=month(unsigned=100)), "other")
    assert told(counts(m1=month(), m2=month()), tmp_path) == []


def test_runs_before_one_that_cleaned_all_anew_do_not_count_by_month(tmp_path):
    write_run(tmp_path, 1, counts(m1=month(), m2=month(unsigned=100)), PLAIN.digest)
    write_run(tmp_path, 2, counts(m1=month(), m2=month()), PLAIN.digest, fresh=True)
    assert told(counts(m3=month(9)), tmp_path) == []


def test_only_the_last_runs_are_compared(tmp_path):
    write_run(tmp_path, 1, counts(undated=month(10_000)))
    for number in range(2, RUNS_COMPARED + 2):
        write_run(tmp_path, number, counts(undated=month(10, 10)))
    assert told(counts(undated=month(10, 10)), tmp_path) == []


def test_more_pages_without_a_template_are_told(tmp_path):
    used = library(TEMPLATES.format(seen='["2026-01-01", "2026-02-28"]'))
    found = counts(m1=month(news=100), m2=month(news=90, blog=10), m3=month(none=70, blog=30))
    (sentence,) = told(found, tmp_path, used)
    assert sentence == f"70% of the pages of pier since 2026-03 have none of its templates, against 0% before; {ANEW}"


@pytest.mark.parametrize(
    ("seen", "is_told"),
    [("[]", True), ('["2025-01-01", "2026-01-31"]', True), ('["2026-02-01"]', False), ('["2025-01-01", "2026-05-01"]', False)],
)
def test_a_template_that_is_not_seen_any_more_is_told_unless_its_pack_says_so(tmp_path, seen, is_told):
    used = library(TEMPLATES.format(seen=seen))
    found = counts(m1=month(news=100), m2=month(news=60, blog=40), m3=month(blog=100), m4=month(blog=100))
    sentences = told(found, tmp_path, used)
    words = "no page of pier since 2026-03 has its template pier.news, against 80% before"
    assert sentences == ([f"{words}; {ANEW}"] if is_told else [])


def test_a_template_that_was_always_rare_is_not_missed(tmp_path):
    found = counts(m1=month(news=98, blog=2), m2=month(40, news=40))
    assert told(found, tmp_path, library(TEMPLATES.format(seen="[]"))) == []


def test_the_advice_for_a_pack_that_nobody_can_learn_again_is_to_look(tmp_path):
    (one,) = find_drift(counts(m1=month(), m2=month(unsigned=90)), tmp_path, PLAIN)
    assert (one.site, one.sentence[-67:]) == ("pier", "has the site changed? dehusk explain PAGE shows a page line by line")


def test_a_site_without_pages_in_this_run_or_without_a_pack_is_not_told(tmp_path):
    write_run(tmp_path, 1, counts(m1=month(), m2=month(unsigned=100)), PLAIN.digest)
    other = Counts(sites=Counter(unknown=100), unknown_layout=Counter(unknown=100))
    assert told(other, tmp_path) == []


def test_of_many_sites_one_that_changed_is_found(tmp_path):
    names = [f"pier-{number}" for number in range(300)]
    packs = [(f"{name}.toml", PIER.replace('"pier"', f'"{name}"').encode()) for name in names]
    months = {name: {f"2026-{n:02}": month(20, unsigned=n % 2) for n in range(1, 13)} for name in names}
    months["pier-7"]["2026-12"] = month(20, unsigned=20)
    found = Counts(sites=Counter(dict.fromkeys(names, 240)), months=months)
    (one,) = find_drift(found, tmp_path, Library([*shipped_packs(), *packs]))
    assert one.site == "pier-7"
    assert "since 2026-12" in one.sentence


def test_the_least_rise_is_what_learning_may_find():
    from cleaners.learning.templates import MIN_PAGES

    assert MIN_PAGES / SITE_PAGES == LEAST_RISE
    assert 0 < ERROR_RATE < 0.05


def test_a_run_warns_when_a_site_has_changed(tmp_path, seeds):
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(25):
        (pages / f"{n}.txt").write_text(f"Title {n}\nBody {n}.\n{AI_BOX}\nYahoo\n2 hours ago\n- Yahoo\nOther {n}\nText {n}.")
    assert run(RunOptions((str(pages),), str(tmp_path / "out"))).drift == []
    for n in range(25):
        (pages / f"{n}.txt").write_text(f"Title {n}\nBody {n}.\n{AI_BOX}\nYAHOO, two hours since\nOther {n}\nText {n}.")
    summary = run(RunOptions((str(pages),), str(tmp_path / "out")))
    (warning,) = summary.drift
    assert warning.startswith("100% of the pages of daily8 follow no known layout, against 0% in earlier runs")
    assert summary.drifting == {"daily8": {"": MonthCounts(pages=50, unknown_layout=25)}}
