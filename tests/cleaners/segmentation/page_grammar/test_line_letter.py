"""The class of a line by its words."""

from __future__ import annotations

import pytest

from cleaners.segmentation.page_grammar.line_letter import LineClass, line_class
from tests.cleaners.segmentation.page_grammar.pages import OWN_TEXT, TITLE, features_for


def class_of(line: str) -> LineClass:
    """Return the class of a line."""
    features, ruleset = features_for([line])
    return line_class(features[0], ruleset)


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
    assert class_of(line).letter == letter


def test_takes_marks_and_bullets_off() -> None:
    lines = [f"• {TITLE}", f"### [{TITLE} again](https://paper.example/1)", f"{TITLE} {TITLE}"]
    classes = [class_of(line) for line in lines]
    assert [found.text for found in classes] == [TITLE, f"{TITLE} again", TITLE]
    assert all(line.startswith(found.text, found.offset) for line, found in zip(lines, classes, strict=True))


def test_a_long_line_has_the_same_class_without_being_remembered() -> None:
    found = class_of(f"• {' '.join(OWN_TEXT)}")
    assert (found.letter, found.text, found.offset) == ("P", " ".join(OWN_TEXT), 2)
