"""Control characters reach no field of a record, from the text of a page or from its head or row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from cleaners import Page, clean_page
from cleaners.document.controls import without_controls
from cleaners.document.page import Metadata

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"]
STORY = "The old crane goes to the town museum on Monday, the harbour board said."
HEADS = ("Old crane{} to go", "By Tobin{} Marsh", "2 hours{} ago", "Quay{} Post", "{}", "Advertisement{}", "Tags:{} cranes")


def _controls_in(value: object) -> set[str]:
    if isinstance(value, str):
        return set(value).intersection(CONTROLS)
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*map(_controls_in, value)) if isinstance(value, list) else set()


def _fields(cleaned) -> list[object]:
    return json.decode(json.encode(cleaned.records))


@pytest.mark.parametrize("char", CONTROLS)
def test_no_control_character_of_a_text_reaches_a_record(char):
    text = "\n".join(line.format(char) for line in (*HEADS, STORY.replace("crane", "cr{}ane"), STORY.replace(" on ", "{}on ")))
    cleaned = clean_page(text)
    assert cleaned.records
    assert not _controls_in(_fields(cleaned))
    removed = {i for part in cleaned.segments if part.rule is not None for i in range(part.start, part.end)}
    kept = {i for part in cleaned.segments if part.rule is None for i in range(part.start, part.end)}
    assert not removed & kept
    assert all(i in removed or char.isspace() for i, found in enumerate(text) if found == char)


@given(
    st.lists(st.sampled_from([*CONTROLS, *HEADS, STORY, "\n", "\t", " ", "Read more: ", "&#155;", "&#27;", "<b>"]), max_size=30)
)
def test_no_mixture_of_them_does(parts):
    cleaned = clean_page("".join([*parts, "\n", STORY]))
    assert not _controls_in(_fields(cleaned))


@pytest.mark.parametrize("char", CONTROLS)
def test_no_control_character_of_a_head_or_a_row_reaches_a_record(char):
    values = f"Old crane{char} to go"
    head = Metadata(title=values, source=values, authors=(values, char), tags=(values, char), worded=values)
    page = Page(f"Old crane to go\n{STORY}", metadata=head)
    assert page.metadata.authors == page.metadata.tags
    assert not _controls_in([value for value in page.metadata if isinstance(value, str)])
    assert not _controls_in(_fields(clean_page(page)))


def test_values_of_a_head_or_a_row_have_single_blanks():
    """Those that a control character leaves, and those of a value that is cut at its limit, go, too."""
    head = Page(
        "A title", metadata=Metadata(title="Old \x07 crane\xa0to go ", source="Quay\x85\x00", tags=("a \x00 b", "\x00 "))
    ).metadata
    assert (head.title, head.source, head.tags) == ("Old crane to go", "Quay", ("a b",))


@given(st.text())
def test_other_characters_stay(text):
    assert set(text) - set(without_controls(text)) <= set(CONTROLS)
