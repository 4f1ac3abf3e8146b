from __future__ import annotations

from cleaners.library import LANGUAGES, Library, shipped_packs


def names(ruleset) -> list[str]:
    return [index.pack.name for index in ruleset.indexes]


def test_the_rules_of_a_page_are_its_sites_its_languages_and_those_for_any(library):
    daily8 = next(site for site in library.sites if site.name == "daily8")
    assert names(library.ruleset(daily8, "ar")) == ["daily8", "ar", "en", "generic"]
    assert names(library.ruleset(None, "en")) == ["en", "generic"]
    assert names(library.ruleset(None, "xx")) == ["en", "generic"]
    assert names(library.ruleset(None, "no")) == ["nb", "en", "generic"]


def test_a_ruleset_is_made_once(library):
    assert library.ruleset(None, "de") is library.ruleset(None, "de")


def test_every_language_named_has_a_pack():
    assert {f"{code}.toml" for code in LANGUAGES} <= {name for name, _ in shipped_packs()}


def test_without_site_packs_no_site_is_known():
    assert Library(shipped_packs(), site_packs=False).sites == []


def test_all_packs_go_together(library):
    assert list(library.check()) == []
