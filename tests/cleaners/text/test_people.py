"""Names of people in the author fields of pages and rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.people import BylineWords, people

WORDS = BylineWords(
    by=frozenset({"by", "von", "written by", "a guest post by"}),
    joiners=frozenset({"and", "und"}),
    roles=frozenset({"reporter", "editor", "redakteurin", "director"}),
    credits=frozenset({"reviewed by", "photos by"}),
    companies=frozenset({"post", "team", "agency"}),
    openers=frozenset({"of", "from", "on"}),
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
        (["Ina Varr and Ole Brandt, Quay Post"], ["Ina Varr", "Ole Brandt"]),
        (["Ina Varr, North Agency"], ["Ina Varr"]),  # a company beside people
        (["North Agency"], ["North Agency"]),  # a byline is worth more than none
        (["Quay Post"], []),  # but the site is no author
        (["quaypost.com"], []),
        (["Quay Post Team"], []),
        (["team"], []),
        (["Ina Varr Photos"], ["Ina Varr Photos"]),
        (["Pia Holm"], ["Pia Holm"]),  # whose name the site has
        (["Holm"], ["Holm"]),
        (["Ina & Ole"], ["Ina", "Ole"]),
        (["Ina and Ole"], ["Ina", "Ole"]),
        (["A guest post by Ina Varr"], ["Ina Varr"]),
        (["Ina Varr Tech Reporter"], ["Ina Varr"]),
        (["Ina K. Varr Deputy Editor"], ["Ina K. Varr"]),
        (["Ina Varr, Deputy Chief Political Editor"], ["Ina Varr"]),
        (["Ina Varr, Director of Operations"], ["Ina Varr"]),
        (["Ina Varr—10 min read"], ["Ina Varr"]),
        (["Ina Varr 4 Comments"], ["Ina Varr"]),
        (["Ina Varr1, Ole Brandt2"], ["Ina Varr", "Ole Brandt"]),
        (["Ina Varr, DVM. Reviewed by Ole Brandt, DVM"], ["Ina Varr"]),
        (["Photos by Ole Brandt"], []),
        (["By"], []),
        (["By\tIna Varr\tHead Baker"], ["Ina Varr"]),
        (["By\tIna Varr\tand\tOle Brandt\tHead Bakers"], ["Ina Varr", "Ole Brandt"]),
        (["Ina Varr\t,\tOle Brandt"], ["Ina Varr", "Ole Brandt"]),
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
    assert people(values, WORDS, ["Quay Post", "Pia Holm"]) == names


@given(st.lists(st.text(max_size=60), max_size=4))
def test_names_have_no_outer_blanks_and_none_twice(values):
    names = people(values, WORDS)
    assert all(name == " ".join(name.split()) != "" for name in names)
    assert len({name.casefold() for name in names}) == len(names)
