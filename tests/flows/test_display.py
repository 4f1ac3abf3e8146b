"""Names and JSON that a terminal would not obey."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from flows.display import escaped_name, printable, printable_json

NAMES = st.text(st.characters(exclude_categories=["Cs"]))


def _obeyed(text: str) -> list[str]:
    return [char for char in text if (ord(char) < 32 and char not in "\t\n") or 127 <= ord(char) < 160]


@given(NAMES)
def test_no_name_of_a_file_holds_a_control_character(name):
    assert not _obeyed(escaped_name(name))
    assert not _obeyed(printable(name))


@given(st.text("a\\\x1b\x9b1bux", max_size=6), st.text("a\\\x1b\x9b1bux", max_size=6))
def test_two_names_never_become_one(one, other):
    assert (escaped_name(one) == escaped_name(other)) == (one == other)


@given(NAMES)
def test_printed_json_has_the_same_value_without_control_characters(text):
    encoded = json.dumps([text, "é\x9b\x7f"], ensure_ascii=False).encode()
    assert not _obeyed(printable_json(encoded).decode())
    assert json.loads(printable_json(encoded)) == json.loads(encoded)
