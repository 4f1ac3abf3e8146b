"""The class letters of lines."""

from __future__ import annotations

import pytest

from cleaners.segmentation.page_grammar.line_classes import columns_of
from tests.cleaners.segmentation.page_grammar.pages import OWN_TEXT, TITLE, features_for


def letters_of(*lines: str) -> str:
    """Return the class letters of a page."""
    return columns_of(*features_for(list(lines)), None).letters


@pytest.mark.parametrize(
    ("line", "letter"),
    [
        (OWN_TEXT[0], "P"),
        (TITLE, "H"),
        ("3 hours ago", "T"),
        ("27 ביולי 2025", "T"),
        ("By Ada Marsh", "B"),
        ("12", "N"),
        ("Harbour Post", "s"),
        ("Related articles", "R"),
        (f"{TITLE} 3 hours ago", "g"),
    ],
)
def test_letter_of_a_line(line: str, letter: str) -> None:
    assert letters_of(line) == letter


def test_leaves_out_labels_and_credits_but_remembers_them() -> None:
    columns = columns_of(*features_for([TITLE, "Advertisement", "© Rolf Tamm", OWN_TEXT[0]]), None)
    assert columns.letters == "HP"
    assert columns.index == [0, 3]
    assert columns.label_after == "10"


def test_marks_a_line_that_is_repeated() -> None:
    assert letters_of(TITLE, TITLE, "Harbour Post", "Harbour Post") == "DHds"


def test_takes_marks_and_bullets_off() -> None:
    lines = [f"• {TITLE}", f"### [{TITLE} again](https://paper.example/1)", f"{TITLE} {TITLE}"]
    columns = columns_of(*features_for(lines), None)
    assert [line.text for line in columns.lines] == [TITLE, f"{TITLE} again", TITLE]
    assert [text[line.offset :][: len(line.text)] for text, line in zip(lines, columns.lines, strict=True)] == [
        line.text for line in columns.lines
    ]


def test_short_lines_with_several_numbers_may_be_times() -> None:
    assert letters_of("19 ngày trước", TITLE, "4 ngày trước") == "uHu"
