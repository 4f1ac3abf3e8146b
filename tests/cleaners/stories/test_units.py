"""A text of any script is parted in units that do not depend on how it was typed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.units import _PLAIN, is_number, units_of
from cleaners.text.normalize import composed


@pytest.mark.parametrize(
    ("text", "units", "to_a_word"),
    [
        ("Don’t PANIC: 3,041 seats", ["don", "t", "panic", "3,041", "seats"], 1),
        ("Das Café öffnet um 9:30.", ["das", "cafe", "offnet", "um", "9:30"], 1),
        ("أَعْلَنَت ١٢٫٥", ["اعلنت", "12.5"], 1),
        ("한국어 기사", ["한국어", "기사"], 1),
        ("猫が来た。", ["猫", "か", "来", "た"], 2),
        ("ＡＢＣ１２", ["abc", "12"], 1),
        ("แม่น้ำ ๒๕๖๓", ["แ", "ม", "น", "า", "2563"], 4),
        ("", [], 1),
        ("—…\u200b!", [], 1),
    ],
)
def test_scripts(text, units, to_a_word):
    assert units_of(text) == (units, to_a_word)


def test_a_few_foreign_letters_change_no_script():
    assert units_of("The film 千と千尋 came out in the summer of that year and people stood in line for it").to_a_word == 1


@given(st.text())
def test_any_text_has_units_that_are_the_same_in_every_form_of_unicode(text):
    units = units_of(text).units
    assert all(unit and not unit.isspace() for unit in units)
    assert units_of(unicodedata.normalize("NFD", text)).units == units_of(unicodedata.normalize("NFC", text)).units
    assert [unit for unit in units if is_number(unit)] == [unit for unit in units if unit[0] in "0123456789"]


@given(st.text(st.characters(max_codepoint=0x2FFF) | st.sampled_from("aZ09.,:_- \t’“éß猫ｱ한ไᏍİ"), max_size=40))
def test_a_text_is_made_plain_as_each_of_its_characters_is(text):
    expected = re.findall(r"\d+(?:[.,:]\d+)*|[^\W\d_]+", composed(text).translate(_PLAIN))
    assert units_of(text).units == expected
    assert [is_number(unit) for unit in expected] == [unit[0].isdigit() for unit in expected]
