"""The columns of a page: the letters of its lines, and what the page makes of them."""

from __future__ import annotations

from cleaners.segmentation.page_grammar.line_classes import columns_of
from tests.cleaners.segmentation.page_grammar.pages import OWN_TEXT, TITLE, features_for


def letters_of(*lines: str) -> str:
    """Return the class letters of a page."""
    return columns_of(*features_for(list(lines)), None).letters


def test_leaves_out_labels_and_credits_but_remembers_them() -> None:
    columns = columns_of(*features_for([TITLE, "Advertisement", "© Rolf Tamm", OWN_TEXT[0]]), None)
    assert columns.letters == "HP"
    assert columns.index == [0, 3]
    assert columns.label_after == "10"


def test_marks_a_line_that_is_repeated() -> None:
    assert letters_of(TITLE, TITLE, "Harbour Post", "Harbour Post") == "DHds"


def test_short_lines_with_several_numbers_may_be_times() -> None:
    assert letters_of("19 ngày trước", TITLE, "4 ngày trước") == "uHu"


def test_short_lines_that_count_up_are_no_times() -> None:
    assert letters_of("Bước 1", TITLE, "Bước 2", "Bước 3") == "sHss"


def test_numbers_that_count_up_are_parted_from_headlines() -> None:
    lines = [f"{number} {TITLE}" for number in (1, 2, 3)]
    columns = columns_of(*features_for(lines), None)
    assert [(line.text, line.offset) for line in columns.lines] == [(TITLE, 2)] * 3
    again = columns_of(*features_for([lines[0], lines[2], lines[1]]), None)
    assert [line.text for line in again.lines] == [lines[0], lines[2], lines[1]]


def test_one_word_beside_numbers_of_several_units_shows_relative_times() -> None:
    assert letters_of("Sądy 13 godzin temu", TITLE, "Książki 6 minut temu") == "uHu"
    assert letters_of("Sądy 130 stron druku", TITLE, "Książki 6 stron druku") == "aHa"  # more than a time counts


def test_a_time_may_stand_between_a_headline_and_a_name() -> None:
    assert letters_of(f"{TITLE} - 12 May 2024, 10:30 Harbour Post") == "g"


def test_counts_the_paragraphs_above_a_line_that_are_not_taken() -> None:
    columns = columns_of(*features_for([TITLE, *OWN_TEXT, TITLE]), None)
    assert [columns.prose_before(line) for line in (1, 3, 6)] == [0, 2, 4]
    columns.mask({1, 2})
    assert columns.letters == "D##PPH"
    assert columns.prose_before(6) == 2


def test_a_picture_is_a_label_unless_a_line_has_its_text() -> None:
    lines = [
        f"![{TITLE}](https://paper.example/1.jpg)",
        TITLE,
        OWN_TEXT[0],
        "![A ship at the quay](https://paper.example/2.jpg)",
    ]
    assert columns_of(*features_for(lines), None).index == [0, 1, 2]
