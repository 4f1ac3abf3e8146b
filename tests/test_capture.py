from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from flows.capture import provenance, read_option
from flows.errors import UsageError


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
    assert read_option(text) == read


def test_what_is_no_time_is_a_mistake():
    with pytest.raises(UsageError, match="--captured-at: 'yesterday' is no time; write it as 2025"):
        read_option("yesterday")


def test_nothing_is_known_unless_it_is_asked_for(tmp_path):
    page = tmp_path / "a.txt"
    page.write_text("A title", encoding="utf-8")
    (tmp_path / "a.txt.json").write_text('{"captured_at": "2025-07-05T12:00:00Z", "url": "https://example.org/a", "x": 1}')
    os.utime(page, (1_000_000_000, 1_000_000_000))
    noon = datetime(2025, 7, 5, 12, tzinfo=UTC)
    assert provenance("", page) == (None, "")
    assert provenance("sidecar", page) == (noon, "https://example.org/a")
    assert provenance("file-time", page) == (datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC), "")
    assert provenance(read_option("2025-07-05T12:00:00Z"), page) == (noon, "")
    (tmp_path / "a.txt.json").unlink()
    assert provenance("sidecar", page) == (None, "")


@pytest.mark.parametrize("sidecar", ["{", "[]", '{"url": 1}', '{"captured_at": "yesterday"}'])
def test_a_sidecar_that_cannot_be_read_is_told(tmp_path, sidecar):
    (tmp_path / "a.txt").write_text("A title", encoding="utf-8")
    (tmp_path / "a.txt.json").write_text(sidecar, encoding="utf-8")
    with pytest.raises(ValueError, match=r"JSON|Expected|is no time|truncated"):
        provenance("sidecar", tmp_path / "a.txt")
