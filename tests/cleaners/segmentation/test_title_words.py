from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.title_form import words_of
from cleaners.segmentation.title_words import OPENING_LINES, TextWords, find_word

RULESET = default_library().ruleset()
ENGLISH = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday, after a long dispute.",
    "Harbour officials said: the ferry_boat would sail at nine, returning before the morning tide.",
    "Überfahrten nach Larkspur kosten nichts; die Straße zum Hafen bleibt gesperrt.",
    "Passengers had waited since spring for the night crossing.",
)
JAPANESE = (
    "大阪港のフェリーは月曜日に運航を再開した。",
    "乗客は春から大阪の港で待っていた。",
    "港の職員によると、フェリーは九時に出る。",
)
TITLES = ("Night ferry returns", "Waited for the ferries of spring", "ÜBERFAHRT nach Strasse", "大阪港のフェリー", "On it")


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE])
@pytest.mark.parametrize("title", [*TITLES, None])
@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_finds_the_words_that_sets_of_all_words_share(text: tuple[str, ...], title: str | None, line: int) -> None:
    lines = [features_of(found, RULESET, i) for i, found in enumerate(split_lines("\n".join(["Home", *text])))]
    page = TextWords(lines, [1.0] * len(lines), [False] * len(lines), (1, len(text)))
    if title is not None:
        line = 0  # a line above the text
    elif not 1 <= line <= len(text):
        return
    words = frozenset(words_of(title or text[line - 1]))
    sets = [set(words_of(other)) for i, other in enumerate(text, 1) if i != line]
    opening = [set(words_of(other)) for other in text[:OPENING_LINES]]
    found, in_opening = page.shared(words, line)
    assert found == {word for word in words if any(word in known for known in sets)}
    assert in_opening == sum(any(word in known for known in opening) for word in words)


def test_a_word_is_found_by_its_beginning_and_not_inside_others() -> None:
    assert find_word("\nreturning tides\n", "return") == 1
    assert find_word("\nthe tides\n", "tide") == -1
    assert find_word("\nriptide\ntide\n", "tide") == 9
    assert find_word("\nat sea\n", "at") == -1
