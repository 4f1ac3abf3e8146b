from __future__ import annotations

import pytest

from cleaners.dates.timestamps import published_time


@pytest.mark.parametrize(
    ("text", "time", "precision"),
    [
        ("2024-02-06T18:10:00Z", "2024-02-06T18:10:00Z", "second"),
        ("2024-02-06 18:10:00 UTC", "2024-02-06T18:10:00Z", "second"),
        ("2024-02-06 18:10:00 GMT", "2024-02-06T18:10:00Z", "second"),
        ("2024-02-06 19:10:00 +0100", "2024-02-06T18:10:00Z", "second"),
        ("2024-02-06 19:10:00.123 +01:00", "2024-02-06T18:10:00Z", "second"),
        ("2024-02-06T18:10+0100", "2024-02-06T17:10:00Z", "second"),
        ("2024-02-06T18:10:00.0000000Z", "2024-02-06T18:10:00Z", "second"),
        ("2024/02/06 18:10", "2024-02-06T18:10:00Z", "day"),
        ("2024/2/6", "2024-02-06T00:00:00Z", "day"),
        ("2024-2-6", "2024-02-06T00:00:00Z", "day"),
        ("20240206181000", "2024-02-06T18:10:00Z", "second"),
        ("Tue, 06 Feb 2024 18:10:00 GMT", "2024-02-06T18:10:00Z", "second"),
        ("1707239400", "2024-02-06T17:10:00Z", "second"),
        ("1707239400000", "2024-02-06T17:10:00Z", "second"),
    ],
)
def test_timestamps_of_programs_are_read(text, time, precision):
    assert published_time(text) == (time, precision)


@pytest.mark.parametrize(
    "text",
    [
        "", "2024", "2024-13-06", "2024/02", "06/02/2024", "2024-02-06 25:10:00 UTC", "2024-02-06 UTCX", "x", "17072394",
        "February 6, 2024 6:10 pm", "6 Feb 2024 6:10 p.m.",  # in words, which `cleaners.dates.find` reads
    ],
)  # fmt: skip
def test_other_texts_are_no_timestamps(text):
    assert published_time(text) == ("", "")
