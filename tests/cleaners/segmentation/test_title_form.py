from __future__ import annotations

from cleaners.segmentation.title_form import title_parts, words_of


def test_a_line_with_separators_has_several_parts() -> None:
    found = {(part.text, part.rest) for part in title_parts("Ferry returns to Larkspur | Quay Post")}
    assert found == {
        ("Ferry returns to Larkspur | Quay Post", ""),
        ("Ferry returns to Larkspur", "Quay Post"),
        ("Quay Post", "Ferry returns to Larkspur"),
    }


def test_a_path_has_no_parts() -> None:
    assert [part.text for part in title_parts("Home > News > World > Asia > East > Harbour > Ferry")] == [
        "Home > News > World > Asia > East > Harbour > Ferry"
    ]


def test_bullets_and_marks_are_left_out() -> None:
    line = "## **Ferry returns to Larkspur**"
    part = title_parts(line)[0]
    assert line[part.start : part.end] == part.text == "Ferry returns to Larkspur"
    assert {"heading", "strong"} <= set(part.names)


def test_lines_without_words_hold_no_title() -> None:
    assert not title_parts("12:30")
    assert not title_parts("* * *")


def test_words_are_compared_by_their_beginnings() -> None:
    assert set(words_of("Fähren fahren nachts")) == {"fähren", "fahren", "nachts"}
    assert set(words_of("Returned returns")) == {"return"}
    assert "大阪" in words_of("大阪港のフェリー")
