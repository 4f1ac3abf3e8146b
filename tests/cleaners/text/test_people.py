"""Names of people in the author fields of pages and rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.people import BylineWords, people

WORDS = BylineWords(
    frozenset({"by", "von", "written by"}), frozenset({"and", "und"}), frozenset({"reporter", "editor", "redakteurin"})
)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Ina Varr"], ["Ina Varr"]),
        (["By Ina Varr"], ["Ina Varr"]),
        (["Written by: Ina Varr"], ["Ina Varr"]),
        (["Ina Varr, Ole Brandt"], ["Ina Varr", "Ole Brandt"]),
        (["Ina Varr, Ole Brandt and Tom Ash"], ["Ina Varr", "Ole Brandt", "Tom Ash"]),
        (["Von Kurier-Redakteurin Ina Varr und Ole Brandt"], ["Ina Varr", "Ole Brandt"]),
        (["Ina Varr, Political Editor"], ["Ina Varr"]),
        (["Ina Varr in Marrowick"], ["Ina Varr in Marrowick"]),
        (["Ina Varr, Marrowick"], ["Ina Varr"]),
        (["Varr, Ina"], ["Varr, Ina"]),
        (["Ina Varr (Quay Post)", "ina@quaypost.example"], ["Ina Varr"]),
        (["Ina Varr | Quay Post"], ["Ina Varr"]),
        (["Quay Post"], ["Quay Post"]),
        (["https://quaypost.example/ina"], []),
        (["Ina Varr | 6 February 2024"], ["Ina Varr"]),
        (["Ina Varr", "INA VARR"], ["Ina Varr"]),
        (["Ina O&#39;Varr"], ["Ina O'Varr"]),
        (["张三、李四"], ["张三", "李四"]),
        (["Editor"], ["Editor"]),
        (["", " "], []),
    ],
)
def test_names_stand_alone(values, names):
    assert people(values, WORDS, ["Quay Post"]) == names


@given(st.lists(st.text(max_size=60), max_size=4))
def test_names_have_no_outer_blanks_and_none_twice(values):
    names = people(values, WORDS)
    assert all(name == " ".join(name.split()) != "" for name in names)
    assert len({name.casefold() for name in names}) == len(names)
