"""The words of times in all languages are those of the Common Locale Data Repository, and more."""

from __future__ import annotations

import pytest

from cleaners.rules.load import shipped_languages
from tests.cldr import dates, language_words, misread_times, missing_names, months, relative_times

WORDS = language_words()
FAULTS = {"ar": ("خلال 3 أشهر", "خلال 5 أشهر")}  # CLDR words these as "within 3 months" by mistake


def test_every_language_has_words():
    assert WORDS.keys() == shipped_languages()


@pytest.mark.parametrize("code", WORDS)
def test_a_pack_has_all_names_of_months_and_days(code):
    assert list(missing_names(code, WORDS[code])) == []


@pytest.mark.parametrize("code", WORDS)
def test_times_of_a_language_are_read(code):
    assert [time for time in misread_times(code, WORDS[code]) if not time.startswith(FAULTS.get(code, ("\n",)))] == []


def test_babel_does_not_mix_up_its_locales():
    assert months("th")[0] != months("he")[0]
    assert len(list(relative_times("ru"))) > 70
    assert len(list(dates("ru"))) == 36
