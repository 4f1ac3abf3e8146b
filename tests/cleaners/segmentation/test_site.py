from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.rules.load import shipped_packs
from cleaners.rules.registry import Library
from cleaners.segmentation.site import find_site, has_signs
from tests.support.pages import AI_BOX, LOGO_STORY, PLAIN_STORY

QUAY = b"""name = "quay"
title = "The Quay Post"
hosts = ["quaypost.example"]
names = ["Quay Post"]
signs = ["The Quay Post since 1900", "Save for later", "3 min read", "Weather on the quay"]
signs_needed = 3
"""


@pytest.fixture(scope="module")
def quay() -> Library:
    return Library([*shipped_packs(), ("quay.toml", QUAY)])


def site_of(text: str, library: Library, url: str = "") -> str:
    site = find_site(split_lines(text), url, library)
    return site.name if site else ""


@pytest.mark.parametrize(
    ("text", "site"),
    [
        (f"T\nB\n{AI_BOX}\n{PLAIN_STORY}", "daily8"),
        (f"logo\nT\n\nT\n\nB\n{LOGO_STORY}", "daily8"),
        ("logo\n#\nLatest news with #lanterns\n\nYahoo", "daily8"),
        ("T\nB\nHashtags\n\nTry O", "daily8"),
        ("T\nB\nlogo\nT\nT", ""),
        ("T\nTry Our AI Features\nB", ""),
        ("T\nB\nlogo", ""),
        ("", ""),
    ],
)
def test_the_lines_of_a_claimed_grammar_are_signs(library, text, site):
    assert site_of(text, library) == site


@pytest.mark.parametrize(("host", "site"), [("www.daily8.com", "daily8"), ("notdaily8.com", "")])
def test_an_address_is_enough(library, host, site):
    assert site_of("T\nB", library, f"https://{host}/en/article/0") == site


def test_what_is_not_an_address_names_no_site(library):
    assert site_of("T\nB", library, "not an address") == ""


def test_one_common_line_at_the_end_of_a_page_claims_none(library):
    page = (
        "Kestrel found\nThe kestrel was found on Monday.\ntime15 minutes ago\n  • Kestrel found\nSign up\nTry our AI features"
    )
    assert site_of(page, library) == ""


def test_a_listing_needs_one_more_sign_than_its_heading_such_as_a_story(library):
    assert site_of("Latest news with #lanterns\n\nYahoo", library) == ""
    assert site_of(f"Latest news with #lanterns\n{PLAIN_STORY}", library) == "daily8"


def test_a_line_with_the_name_of_the_site_is_enough(quay):
    assert site_of("Old crane to go\nThe Quay Post since 1900", quay) == "quay"


def test_other_lines_are_enough_together_and_each_counts_once(quay):
    assert site_of("Save for later\n3 min read\nOld crane to go\n5 min read\nSave for later", quay) == ""
    assert site_of("Save for later\n3 min read\nOld crane to go\nWeather on the quay", quay) == "quay"


def test_two_sites_may_share_a_sign():
    dock = QUAY.replace(b"quay", b"dock").replace(b"Quay", b"Dock")
    library = Library([*shipped_packs(), ("quay.toml", QUAY), ("dock.toml", dock)])
    assert site_of("Save for later\n3 min read\nWeather on the dock", library) == "dock"
    assert site_of("Save for later\n3 min read\nWeather on the quay", library) == "quay"


def test_every_sign_of_a_shipped_pack_can_claim_a_page_alone_or_with_others(library):
    for site in library.sites:
        page = "\n".join(site.signs)
        assert not site.signs or site_of(page, library) == site.name, site.name


@pytest.mark.parametrize(
    ("text", "name", "has"),
    [
        ("Old crane to go\nThe Quay Post since 1900", "quay", True),
        ("Save for later\n3 min read\nOld crane to go", "quay", False),
        (f"T\nB\n{AI_BOX}\n{PLAIN_STORY}", "quay", False),
        (f"T\nB\n{AI_BOX}\n{PLAIN_STORY}", "daily8", True),
        (f"logo\nT\n\nT\n\nB\n{LOGO_STORY}", "daily8", True),
        ("T\nB\nHashtags\n\nTry O", "daily8", True),
        ("T\nB", "daily8", False),
        ("", "quay", False),
    ],
)
def test_a_page_known_by_its_address_may_lack_the_signs_of_its_site(quay, text, name, has):
    (site,) = (site for site in quay.sites if site.name == name)
    assert has_signs(split_lines(text), site, quay) is has


def test_a_pack_without_signs_is_not_missed():
    library = Library([*shipped_packs(), ("pier.toml", b'name = "pier"\ntitle = "Pier"\nhosts = ["pier.example"]\n')])
    (site,) = (site for site in library.sites if site.name == "pier")
    assert has_signs(split_lines("T\nB"), site, library)
