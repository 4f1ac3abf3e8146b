"""The order of day and month on a page."""

from __future__ import annotations

import pytest

from cleaners.dates.order import order_on_page


@pytest.mark.parametrize(
    ("text", "region", "order"),
    [
        ("03/04/2026", "", ""),
        ("03/04/2026 and 21/04/2026", "us", "dmy"),
        ("03/04/2026 and 04/21/2026", "gb", "mdy"),
        ("13/04/2026 and 04/21/2026", "", ""),  # both
        ("03/04/2026", "gb", "dmy"),
        ("03/04/2026", "US", "mdy"),
        ("version 1.21.04.2026, 192.21/04/20261", "", ""),
    ],
)
def test_dates_of_the_page_go_before_its_region(text, region, order):
    assert order_on_page(text, region) == order
