from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from cleaners import BadPage
from flows.errors import UsageError
from flows.inputs.capture_time import parse_capture_time, parse_captured_at, provenance


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("file-time", "file-time"),
        ("sidecar", "sidecar"),
        ("2025-07-05T12:00:00Z", "2025-07-05T12:00:00+00:00"),
        ("2025-07-05T14:00:00+02:00", "2025-07-05T12:00:00+00:00"),
        ("2025-07-05 12:00", "2025-07-05T12:00:00+00:00"),
    ],
)
def test_the_option_is_read(text, read):
    assert parse_captured_at(text) == read


def test_what_is_no_time_is_a_mistake():
    with pytest.raises(UsageError, match="--captured-at: 'yesterday' is no time; write it as 2025"):
        parse_captured_at("yesterday")


def test_nothing_is_known_unless_it_is_asked_for(tmp_path):
    page = tmp_path / "a.txt"
    page.write_text("A title", encoding="utf-8")
    (tmp_path / "a.txt.json").write_text('{"captured_at": "2025-07-05T12:00:00Z", "url": "https://example.org/a", "x": 1}')
    os.utime(page, (1_000_000_000, 1_000_000_000))
    noon = datetime(2025, 7, 5, 12, tzinfo=UTC)
    assert provenance("", str(page)) == (None, "")
    assert provenance("sidecar", str(page)) == (noon, "https://example.org/a")
    assert provenance("file-time", str(page)) == (datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC), "")
    assert provenance(parse_captured_at("2025-07-05T12:00:00Z"), str(page)) == (noon, "")
    (tmp_path / "a.txt.json").unlink()
    assert provenance("sidecar", str(page)) == (None, "")


def test_a_sidecar_gives_only_addresses_of_the_web(tmp_path):
    (tmp_path / "a.txt.json").write_text('{"url": "javascript:alert(1)"}')
    assert provenance("sidecar", str(tmp_path / "a.txt")) == (None, "")


def test_a_page_whose_name_leaves_no_room_has_no_sidecar(tmp_path):
    (tmp_path / ("a" * 253)).touch()
    assert provenance("sidecar", str(tmp_path / ("a" * 253))) == (None, "")


def test_a_sidecar_without_end_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.inputs.capture_time.MAX_SIDECAR_BYTES", 9)
    (tmp_path / "a.txt.json").write_text('{"x": ""}')
    assert provenance("sidecar", str(tmp_path / "a.txt")) == (None, "")
    (tmp_path / "a.txt.json").write_text('{"x": "1"}')
    with pytest.raises(BadPage, match="a.txt.json: over 9 bytes"):
        provenance("sidecar", str(tmp_path / "a.txt"))


@pytest.mark.parametrize("sidecar", ["{", "[]", '{"url": 1}', '{"captured_at": "yesterday"}'])
def test_a_sidecar_that_cannot_be_read_is_told(tmp_path, sidecar):
    (tmp_path / "a.txt").write_text("A title", encoding="utf-8")
    (tmp_path / "a.txt.json").write_text(sidecar, encoding="utf-8")
    with pytest.raises(BadPage, match=r"JSON|Expected|is no time|truncated"):
        provenance("sidecar", str(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2025-07-05T14:00:00+02:00", "2025-07-05T12:00:00+00:00"),
        ("2025-07-05 12:00:00", "2025-07-05T12:00:00+00:00"),
        ("20250705120000", "2025-07-05T12:00:00+00:00"),
        (20250705120000, "2025-07-05T12:00:00+00:00"),
        ("Sat, 05 Jul 2025 12:00:00 GMT", "2025-07-05T12:00:00+00:00"),
        (1751716800, "2025-07-05T12:00:00+00:00"),
        (1751716800.5, "2025-07-05T12:00:00.500000+00:00"),
        (1751716800000, "2025-07-05T12:00:00+00:00"),
        ("2025-07-05", ""),
        (20250705, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        (-5, ""),
        (True, ""),
        (None, ""),
        ("1751716800", "2025-07-05T12:00:00+00:00"),
        ("1751716800000", "2025-07-05T12:00:00+00:00"),
        ("soon", ""),
        ("9" * 5000, ""),
        (["2025-07-05T12:00:00Z"], ""),
    ],
)
def test_a_row_says_when_it_was_captured(value, moment):
    found = parse_capture_time(value, accept_date=False)
    assert (found.isoformat() if found else "") == moment


@pytest.mark.parametrize("seconds", [10**12, -(10**12), 2**62])
def test_a_time_of_a_file_in_no_year_is_none(seconds, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("A title")
    status = os.stat_result((*(tmp_path / "a.txt").stat()[:8], seconds, 0))
    monkeypatch.setattr("flows.inputs.capture_time.Path.stat", lambda _: status)
    assert provenance("file-time", str(tmp_path / "a.txt")) == (None, "")
