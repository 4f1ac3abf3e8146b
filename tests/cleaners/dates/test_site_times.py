from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners.dates.resolve import resolve
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
