"""The parts of the lines of a column, in languages with date words and without."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.pipeline import default_library
from cleaners.segmentation.page_grammar.column_parts import _last_words, cells_of
from cleaners.segmentation.page_grammar.line_times import WORD_SIGN

RULESET = default_library().ruleset()


def parts(*values: str, is_time: bool = False) -> list[tuple[str, str]]:
    """Return the name before the time and the time of each value."""
    cells = cells_of(values, RULESET, is_time=is_time)
    return [
        (value[slice(*cell.before)], value[slice(*cell.time)] if cell.time else "")
        for value, cell in zip(values, cells, strict=True)
    ]


def test_unknown_words_of_relative_times_show_by_their_units() -> None:
    assert parts("Ruza9 minot nazad", "Lipa5 casov nazad", "Omsk12 minot nazad") == [
        ("Ruza", "9 minot nazad"),
        ("Lipa", "5 casov nazad"),
        ("Omsk", "12 minot nazad"),
    ]


@pytest.mark.parametrize("values", [("28 otvet", "12 otvet", "7 otvet"), ("84 mina", "12 casov", "7 mina")])
def test_counters_are_no_times(values: tuple[str, ...]) -> None:
    assert [time for _, time in parts(*values)] == ["", "", ""]


def test_words_that_values_share_before_their_numbers_belong_to_the_time() -> None:
    assert parts("Ruza Newshaci 9 min", "Lipa Posthaci 5 dag", "Omsk Wirehaci 3 min") == [
        ("Ruza News", "haci 9 min"),
        ("Lipa Post", "haci 5 dag"),
        ("Omsk Wire", "haci 3 min"),
    ]


def test_few_words_before_clock_times_name_the_day() -> None:
    times = [
        time for _, time in parts("Ruza, Vcera v 05:28", "Lipa, Vcera v 19:35", "Omsk, Segod v 07:10", "Perm, Segod v 20:40")
    ]
    assert times == ["Vcera v 05:28", "Vcera v 19:35", "Segod v 07:10", "Segod v 20:40"]


def test_a_label_before_clock_times_is_no_part_of_them() -> None:
    assert [time for _, time in parts("Zmena: 05:28", "Zmena: 19:35", "Zmena: 07:10")] == ["05:28", "19:35", "07:10"]


def test_a_long_word_before_a_sign_is_looked_at_once() -> None:
    word = "haci" * 20  # a pattern that goes back would try 2 to the power of its length
    assert parts(f"Ruza {word}, 9 min", f"Lipa {word}, 5 dag", f"Omsk {word}, 3 min") == [
        (f"Ruza {word}", "9 min"),
        (f"Lipa {word}", "5 dag"),
        (f"Omsk {word}", "3 min"),
    ]


WORDS = st.text(st.sampled_from("ab \t\u00e9\u0e31\u3042|,.9\x1c"), max_size=8)  # what goes back takes long for more


@given(WORDS)
def test_the_last_words_are_those_that_a_pattern_finds(text: str) -> None:
    found = re.search(rf"(?:{WORD_SIGN}+\s*)+$", text)
    assert _last_words(text) == (found[0] if found else "")
