"""The authors of a story, chosen among the names on its page."""

from __future__ import annotations

import pytest

from cleaners.document.page import Metadata
from cleaners.output.authors import authors_of


@pytest.fixture
def authors(library):
    def call(
        line: str = "", head: tuple[str, ...] = (), source: str = "", language: str = "en", url: str = "", **rest
    ) -> list[str]:
        return authors_of(line, Metadata(authors=head, **rest), source, url, library.ruleset(None, language))

    return call


@pytest.mark.parametrize(
    ("line", "head", "names"),
    [
        ("Ina Varr", ("Ole Brandt",), ["Ole Brandt"]),
        ("Ina Varr and Ole Brandt", ("Ole Brandt",), ["Ina Varr", "Ole Brandt"]),  # the line names more
        ("Ina Varr", ("ivarr",), ["Ina Varr"]),  # a user name
        ("", ("ivarr",), ["ivarr"]),
        ("Ina", ("ivarr",), ["ivarr"]),
        ("Ina Varr", ("Quay Post",), ["Ina Varr"]),
        ("", ("Quay Post",), []),
        ("Ina", (), ["Ina"]),
        ("", (), []),
    ],
)
def test_full_names_go_before_user_names_and_the_head_before_a_line(authors, line, head, names):
    assert authors(line, head, source="Quay Post") == names


@pytest.mark.parametrize(
    ("byline", "language"),
    [
        ("Ina VarrUpdated", "en"),
        ("By Ina Varr on", "en"),
        ("By Ina Varr Updated on 12 May 2026 9:30 am", "en"),
        ("12 May 2026 by Ina Varr · 5 min read", "en"),
        ("INA VARR, Associated Press", "en"),
        ("Von Ina Varr, aktualisiert am 12. Mai 2026", "de"),
        ("Von Ina Varr, Redaktion", "de"),
        ("Par Ina Varr, le 12 mai 2026", "fr"),
        ("Por Ina Varr, periodista", "es"),
        ("Di Ina Varr", "it"),
        ("Автор: Ina Varr, корреспондент", "ru"),
        ("Tekst: Ina Varr", "pl"),
        ("Door Ina Varr, verslaggever", "nl"),
        ("Af Ina Varr", "da"),
        ("Oleh: Ina Varr", "id"),
    ],
)
def test_a_byline_leaves_its_names(authors, byline, language):
    for found in (authors(byline, language=language), authors(head=(byline,), language=language)):
        assert [name.title() for name in found] == ["Ina Varr"]


@pytest.mark.parametrize(
    ("joiner", "language"),
    [
        ("und", "de"),
        ("et", "fr"),
        ("y", "es"),
        ("en", "nl"),
        ("и", "ru"),
        ("i", "pl"),
        ("och", "sv"),
        ("ja", "fi"),
        ("&", "it"),
    ],
)
def test_names_are_split_in_many_languages(authors, joiner, language):
    assert authors(f"Ina Varr {joiner} Ole Brandt", language=language) == ["Ina Varr", "Ole Brandt"]


def test_the_site_and_declared_companies_are_no_authors(authors):
    assert authors(head=("Lurne",), url="https://www.lurne.example/a") == []
    assert authors(head=("Supply",), companies=("Supply",)) == []
