"""The site of a page: the host of its address, whatever stands before it for other screens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.inputs.site import site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://quaypost.example/crane", "quaypost.example"),
        ("HTTPS://WWW.QuayPost.Example", "quaypost.example"),
        ("http://www.quaypost.example:8080?a=b", "quaypost.example"),
        ("https://m.quaypost.example./", "quaypost.example"),
        ("https://amp.www.quaypost.example/", "quaypost.example"),
        ("https://reader:secret@mobile.quaypost.example/#crane", "quaypost.example"),
        ("https://sport.quaypost.example/", "sport.quaypost.example"),
        ("https://amp.example/", "amp.example"),
        ("https://www.com/", "www.com"),
        ("https://kühlhaus.example/", "xn--khlhaus-n2a.example"),
        ("https://192.0.2.1/", "192.0.2.1"),
        ("https://[2001:db8::1]/", ""),
        ("https://[/", ""),
        ("https://../../etc/passwd", ""),
        ("https://quay%2fpost.example/", ""),
        ("https://" + "a" * 64 + ".example/", ""),
        ("https://" + "a." * 200 + "example/", ""),
        ("", ""),
        ("crane", ""),
    ],
)
def test_a_site_is_a_host(url, site):
    assert site_of(url) == site


@given(st.text(max_size=40))
def test_a_site_holds_no_character_that_could_harm(host):
    assert re.fullmatch(r"([a-z0-9_-]+(\.[a-z0-9_-]+)*)?", site_of(f"https://{host}/"), re.ASCII)
