from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from cleaners.dates.resolve import resolve
from cleaners.dates.site_times import TimePattern, iso_time
from cleaners.examples import check_time
from cleaners.grammar.template import pieces
from cleaners.rules.time_form import TimeForm
from tests.support.packs import STORY, URL, cleaned, library

FORMS = """times = ["{day}/{month}/{year} {hour}h{minute}",
  "{year}{month}{day}-{hour}{minute}{second}", "on ~{day}. {month-name} {year}"]
"""
CAPTURED = datetime(2025, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def times():
    own = library(FORMS)
    return own.ruleset(own.site_of_url(URL), "en").context.times


@pytest.mark.parametrize(
    ("text", "found", "resolved"),
    [
        ("5/7/2025 8h30", ["5/7/2025 8h30"], "2025-07-05T00:00:00Z"),
        ("Paru 05/07/25  14h30 | Oslo", ["05/07/25  14h30"], "2025-07-05T00:00:00Z"),
        ("20250705-143059", ["20250705-143059"], "2025-07-05T00:00:00Z"),
        ("on ~5. jul 2025", ["on ~5. jul 2025"], "2025-07-05T00:00:00Z"),
        ("5/7/2025 8h30, 2 hours ago", ["5/7/2025 8h30", "2 hours ago"], "2025-07-05T00:00:00Z"),
        ("٥/٧/٢٠٢٥ ٨h٣٠", ["٥/٧/٢٠٢٥ ٨h٣٠"], "2025-07-05T00:00:00Z"),
    ],
)
def test_a_time_in_a_form_of_the_site_is_found(times, text, found, resolved):
    spans = list(times.find(text))
    assert [text[span.start : span.end] for span in spans] == found
    assert resolve(spans[0].expression, CAPTURED) == (resolved, "day")
    assert times.first(text) == spans[0]
    assert times.find_all(text) == spans


@pytest.mark.parametrize("text", ["20251305-143059", "20250705-147559", "20250705-1430591", "20250231-143059"])
def test_what_is_no_time_is_none(times, text):
    assert list(times.find(text)) == []


def test_the_clock_is_kept_as_a_value(times):
    expression = times.read("Published 5/7/2025 8h30")
    assert (expression.year, expression.month, expression.day, expression.clock) == (2025, 7, 5, (8, 30))
    assert times.read("5/7/2025 8h30 in Oslo and elsewhere") is None


def test_a_record_has_the_time_of_its_site():
    title, rest = STORY.split("\n", 1)
    found = cleaned(f"News\nHarbour\n{title}\nBy Ada Quay\n~5. jul 2025\n{rest}", FORMS.replace("on ~", "~")).records[0]
    assert (found.published_raw, found.published, found.published_precision) == ("~5. jul 2025", "2025-07-05T00:00:00Z", "day")


def test_other_sites_do_not_know_the_form():
    own = library(FORMS)
    assert own.ruleset(None, "en").context.times.read("20250705-143059") is None
    assert type(own.ruleset(None, "en").context.times) is not type(own.ruleset(own.site_of_url(URL), "en").context.times)


def test_a_long_line_of_times_is_read_in_one_pass(times):
    line = "5/7/2025 8h30 " * 5_000
    assert len(list(times.find(line))) == 5_000
    assert [span for span in times.find("15/7/2025 8h3" * 5_000) if span.expression.clock] == []


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("{day}{month}{year}-{hour}{minute}", "050725-0830", "2025-07-05T08:30"),
        ("{day}{month}{year}-{hour}{minute}", "05072025-0830", "2025-07-05T08:30"),
        ("{year}{month}{day}", "250705", "2025-07-05"),
        ("{day}|{month} {hour}.{minute}", "5|7 8.30", "--07-05T08:30"),
        ("{day}|{month}|{year}", "31|2|2025", None),
        ("{day}|{month}|{year}", "Paru 5|7|2025", None),
    ],
)
def test_a_form_reads_a_whole_text(form, text, iso):
    found = TimePattern(pieces(form)).read(text)
    assert (iso_time(found) if found is not None else None) == iso


def test_examples_of_a_form_are_run():
    form = TimeForm(
        id="quay.time", form=("{day}. {month-name} {year}",), read=(("le 5. juillet 2025 à", "2025-07-05"),), keep=("5. juli",)
    )
    assert list(check_time(form)) == []
    wrong = replace(form, read=(("5/7/2025", "2025-07-05"), ("5. July 2025", "2025-05-07")), keep=("1. May 2024",))
    assert [problem.split(" in ")[0] for problem in check_time(wrong)] == [
        "quay.time: reads nothing",
        "quay.time: reads 2025-07-05",
        "quay.time: reads 2024-05-01",
    ]
