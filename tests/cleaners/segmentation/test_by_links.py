from __future__ import annotations

import pytest

from cleaners.segmentation.by_links import address_of

PAGE = "https://quaypost.example/news/ferry"


@pytest.mark.parametrize(
    ("link", "page", "base", "address"),
    [
        ("band", PAGE, "", "https://quaypost.example/news/band"),
        ("//other.example/x", PAGE, "", "https://other.example/x"),
        ("band", PAGE, "/archive/", "https://quaypost.example/archive/band"),
        ("band", "", "https://base.example/", "https://base.example/band"),
        ("/band", "", "", ""),
        ("#top", PAGE, "", ""),
        ("javascript:void(0)", PAGE, "", ""),
        ("mailto:a@b.example", PAGE, "", ""),
        ("http://[bad", PAGE, "", ""),
        ("http://", "", "", ""),
    ],
)
def test_a_link_is_resolved_to_an_address_on_the_web(link, page, base, address):
    assert address_of(link, page, base) == address
