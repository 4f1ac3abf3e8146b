"""Counters of sites by month: they add up in any order, and stay small for any number of sites and years."""

from __future__ import annotations

from collections import Counter
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from cleaners import Library, Page, clean_page, shipped_packs
from flows.options import RunOptions
from flows.output import site_months
from flows.output.manifest import Manifest, read_manifest, write_manifest
from flows.output.metrics import Counts
from flows.output.site_months import EARLIER, MonthCounts, in_order, joined_months, plain_months
from tests.support.pages import AI_BOX, PLAIN_STORY

PIER = b"""format = 2
name = "pier"
title = "The Pier"
hosts = ["pier.example"]
signs = ["The Pier since 1910", "Pier notices"]

[[template]]
id = "pier.news"
signs = ["News desk"]

[[template]]
id = "pier.blog"
signs = ["Blog desk"]
"""
counts = st.builds(
    MonthCounts,
    pages=st.integers(0, 9),
    unknown_layout=st.integers(0, 9),
    lacks_signs=st.integers(0, 9),
    templates=st.builds(Counter, st.dictionaries(st.sampled_from(["", "a.x", "a.y"]), st.integers(1, 9))),
)
months = st.dictionaries(st.sampled_from(["", "2024-12", "2025-01", "2025-02", "2025-03"]), counts, min_size=1)
tables = st.dictionaries(st.sampled_from("abcde"), months)


@pytest.fixture(scope="module")
def pier():
    return Library([*shipped_packs(), ("pier.toml", PIER)])


def counted(library, *pages):
    counts = Counts()
    for text, url, captured_at in pages:
        cleaned = clean_page(Page(text, url=url), library)
        counts.add_page(structs.replace(cleaned, page=structs.replace(cleaned.page, captured_at=captured_at)))
    return counts


def test_pages_are_counted_by_site_month_and_template(pier):
    url, story = "https://pier.example/1", "Old crane to go\nThe old crane will be taken down."
    found = counted(
        pier,
        (f"{story}\nNews desk\nPier notices\nThe Pier since 1910", url, "2025-07-31T23:59:59Z"),
        (f"{story}\nNews desk\nBlog desk\nPier notices", url, "2025-07-01T00:00:00Z"),
        (f"{story}\nNews desk\nPier notices\nThe Pier since 1910", "", ""),
        (story, url, "2025-08-01T00:00:00Z"),
        (story, "https://other.example/1", "2025-08-01T00:00:00Z"),
    )
    assert found.as_dict()["months"] == {
        "pier": {
            "": {"pages": 1, "unknown_layout": 0, "lacks_signs": 0, "templates": {"pier.news": 1}},
            "2025-07": {"pages": 2, "unknown_layout": 0, "lacks_signs": 0, "templates": {"pier.blog": 1, "pier.news": 2}},
            "2025-08": {"pages": 1, "unknown_layout": 0, "lacks_signs": 1, "templates": {"": 1}},
        }
    }


def test_pages_without_a_known_layout_are_counted_by_month(library):
    unknown = f"T\nB\n{AI_BOX}\nSomething else\nIt has a text.\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1"
    found = counted(
        library, (unknown, "", "2025-07-01T00:00:00Z"), (f"T\nB\n{AI_BOX}\n{PLAIN_STORY}", "", "2025-07-02T00:00:00Z")
    )
    assert found.months == {"daily8": {"2025-07": MonthCounts(pages=2, unknown_layout=1)}}


def test_a_manifest_holds_them(tmp_path, pier):
    found = counted(pier, ("T\nB\nNews desk", "https://pier.example/1", "2025-07-01T00:00:00Z"))
    (tmp_path / "runs").mkdir()
    name = write_manifest(tmp_path, Manifest(began="2025-07-05T12:00:00.000000Z", counts=found), RunOptions())
    assert read_manifest(tmp_path / name).counts.months == found.months


@given(st.lists(tables, max_size=6), st.randoms(), st.integers(1, 12))
def test_any_order_of_sums_gives_the_same(parts, random, most):
    kept, site_months.MAX_MONTHS = site_months.MAX_MONTHS, most
    try:
        straight = reduce(joined_months, parts, {})
        random.shuffle(parts)
        at = len(parts) // 2
        other = joined_months(reduce(joined_months, parts[:at], {}), reduce(joined_months, parts[at:], {}))
        assert plain_months(straight) == plain_months(other)
        assert list(straight) == sorted(straight)
        assert {site: sum(one.pages for one in of.values()) for site, of in straight.items()} == {
            site: sum(one.pages for part in parts for one in part.get(site, {}).values()) for site in straight
        }
        dated = [month for of in straight.values() for month in of if month not in ("", EARLIER)]
        assert len(dated) <= max(most, site_months.MIN_MONTHS * len(straight))
    finally:
        site_months.MAX_MONTHS = kept


def test_months_of_many_years_are_summed_before_the_last_ones(monkeypatch):
    monkeypatch.setattr(site_months, "MAX_MONTHS", 6)
    one = {"a": {f"2025-{month:02}": MonthCounts(pages=1, templates=Counter({"a.x": 1})) for month in range(1, 10)}}
    found = joined_months(one, {"b": {"2025-09": MonthCounts(pages=1)}, "a": {"": MonthCounts(pages=1)}})
    assert [*found["a"]] == ["", EARLIER, "2025-07", "2025-08", "2025-09"]
    assert found["a"][EARLIER] == MonthCounts(pages=6, templates=Counter({"a.x": 6}))


def test_the_months_are_in_order():
    assert in_order(["2025-02", EARLIER, "", "2024-12"]) == ["", EARLIER, "2024-12", "2025-02"]
