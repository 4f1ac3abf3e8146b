from __future__ import annotations

import pytest

from cleaners import Page, clean_page
from cleaners.errors import PackError
from cleaners.rules.load import read_pack, shipped_languages, shipped_packs, shipped_site_packs
from cleaners.rules.registry import Library


def names(ruleset) -> list[str]:
    return [index.pack.name for index in ruleset.indexes]


def test_shipped_packs_have_names_of_their_own():
    names = [name for name, _ in shipped_packs()]
    assert len(names) == len(set(names))


def test_the_rules_of_a_page_are_its_sites_its_languages_and_those_for_any(library):
    daily8 = next(site for site in library.sites if site.name == "daily8")
    assert names(library.ruleset(daily8, "ar")) == ["daily8", "ar", "en", "generic"]
    assert names(library.ruleset(None, "en")) == ["en", "generic"]
    assert names(library.ruleset(None, "xx")) == ["en", "generic"]
    assert names(library.ruleset(None, "mr")) == ["hi", "en", "generic"]


def test_languages_that_detection_confuses_share_their_packs(library):
    assert names(library.ruleset(None, "no")) == ["nb", "da", "en", "generic"]
    assert names(library.ruleset(None, "da")) == ["da", "nb", "en", "generic"]


def test_a_date_in_numbers_is_read_in_the_order_of_the_language(library):
    assert library.ruleset(None, "vi").date_order == "dmy"
    assert library.ruleset(None, "ko").date_order == "ymd"
    assert library.ruleset(None, "en").date_order == ""  # America and the rest of the world differ


def test_a_ruleset_is_made_once(library):
    assert library.ruleset(None, "de") is library.ruleset(None, "de")


def test_every_language_named_has_a_pack():
    assert {f"{code}.toml" for code in shipped_languages()} <= {name for name, _ in shipped_packs()}


def test_without_site_packs_no_site_is_known():
    assert Library(shipped_packs(), site_packs=False).sites == []
    assert shipped_site_packs() <= {*shipped_packs()}
    assert {pack.name for pack in Library(shipped_packs()).sites} == {name[:-5] for name, _ in shipped_site_packs()}


def test_the_site_packs_of_a_user_stay():
    own = b'name = "daily8"\ntitle = "My own"\nhosts = ["daily8.example"]\n'
    library = Library([*shipped_packs(), ("mine/daily8.toml", own)], site_packs=False)
    assert [pack.title for pack in library.sites] == ["My own"]
    assert library.site_of_url("https://daily8.example/a") is library.sites[0]


def test_all_packs_go_together(library):
    assert list(library.check()) == []


def test_a_pattern_of_a_site_comes_first_for_a_line_that_begins_and_ends_with_the_same_word():
    pack = b"""name = "harbour"
title = "Harbour"
hosts = ["harbour.example"]
[[rule]]
id = "harbour.shop"
kind = "navigation"
line = ["{words} Shop"]
remove = ["The Pier Shop"]
keep = ["The shop opened on Monday."]
"""
    library = Library([*shipped_packs(), ("harbour.toml", pack)], strict=True)
    text = "Ferry returns\nThe ferry is back at the old pier.\nShop at Harbour Shop\nIt sails at nine, he said on Monday."
    segments = clean_page(Page(text, url="https://harbour.example/a"), library).segments
    assert "harbour.shop" in {segment.rule for segment in segments}


QUAY = b"""
name = "quay"
title = "Quay"
hosts = ["quay.example"]
signs = ["Harbour notices", "Tides and weather"]
[[rule]]
id = "quay.bell"
kind = "navigation"
line = ["Ring the bell twice"]
remove = ["Ring the bell twice"]
keep = ["The keeper rang the bell twice."]
"""
PAGE = "\n".join(
    (
        "Harbour notices", "Tides and weather", "Old crane to go", "Ring the bell twice",
        "The harbour board said on Monday that the old crane would be taken down within the month.",
        "Ring the bell twice", "Nobody had expected that, and the mayor said that it had been the last one of its kind.",
    )
)  # fmt: skip


def test_a_library_with_one_more_site_reads_as_one_of_all_files():
    base = Library(shipped_packs())
    clean_page(PAGE, base)  # compiles what both may share
    more, whole = base.with_site(read_pack(QUAY, "quay.toml")), Library([*shipped_packs(), ("quay.toml", QUAY)])
    assert [site.name for site in more.sites] == [site.name for site in whole.sites]
    for page in (PAGE, Page(PAGE, url="https://quay.example/1"), Page("Nothing\n" + PAGE.partition("weather\n")[2])):
        one, other = clean_page(page, more), clean_page(page, whole)
        assert (one.page.site, one.segments) == (other.page.site, other.segments)
        assert [record.text for record in one.records] == [record.text for record in other.records]
    assert clean_page(PAGE, more).page.site == "quay" != clean_page(PAGE, base).page.site
    assert len({base.digest, more.digest, base.with_site(read_pack(QUAY.replace(b"bell", b"gong"), "quay.toml")).digest}) == 3


def test_a_site_that_the_library_has_is_not_added_again():
    base = Library([*shipped_packs(), ("quay.toml", QUAY)])
    with pytest.raises(PackError, match="two packs named quay"):
        base.with_site(read_pack(QUAY, "quay.toml"))
