from __future__ import annotations

import pytest

from cleaners.text.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council said on Monday that the bridge would stay shut for nine more weeks.", "en"),
        ("Der Stadtrat teilte am Montag mit, dass die Brücke noch neun Wochen gesperrt bleibt.", "de"),
        ("أعلنت إدارة المتاحف الصغيرة أن العمل في خزان المياه القديم سيُستأنف مع نهاية الشهر.", "ar"),
        ("THE COUNCIL SAID ON MONDAY THAT THE BRIDGE WOULD STAY SHUT FOR NINE MORE WEEKS.", "en"),
        ("ГОРОДСКОЙ СОВЕТ СООБЩИЛ В ПОНЕДЕЛЬНИК, ЧТО МОСТ ОСТАНЕТСЯ ЗАКРЫТЫМ ЕЩЁ ДЕВЯТЬ НЕДЕЛЬ.", "ru"),
        ("Fire in Quay", ""),
        ("", ""),
        ("12 34 56 78 90 12 34 56 78 90 12 34 56 78 90 12 34", ""),
    ],
)
def test_the_language_is_told_or_left_open(text, language):
    assert language_of(text) == language
