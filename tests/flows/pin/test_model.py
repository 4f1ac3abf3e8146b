"""Whatever a page is named and holds: its pin gives it back, has a safe name, and differs when its records do."""

from __future__ import annotations

import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from flows.inputs.raw_page import RawPage
from flows.options import RunOptions
from flows.pin.compare import differences
from flows.pin.model import Pin, encoded, file_name
from flows.pin.page import options_of, page_in, pin_of

OPTIONS = options_of(RunOptions(), (), 0)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
VALUES = st.one_of(st.sampled_from(["", "a", "b\n\x1b"]), st.integers(0, 2), st.lists(st.sampled_from(["a", "b"]), max_size=2))
RECORDS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "kind", "title", "text", "position", "page", "text_sha256"]),
        st.one_of(VALUES, st.none(), st.dictionaries(st.sampled_from(["site", "url"]), VALUES)),
    ),
    max_size=3,
)


@given(NAMES, st.binary(max_size=200))
def test_any_bytes_are_held(name, raw):
    from cleaners.pipeline import default_library

    page = RawPage(name, raw)
    pin = pin_of(page, OPTIONS, default_library())
    assert page_in(msgspec.json.decode(encoded(pin), type=Pin)) == page


@given(NAMES, st.text(max_size=200))
def test_any_text_is_held_also_with_halves_of_characters(name, text):
    from cleaners.pipeline import default_library

    pin = pin_of(RawPage(name, b"", text=text), OPTIONS, default_library())
    assert page_in(msgspec.json.decode(encoded(pin), type=Pin)).text == text


@given(NAMES, NAMES, st.binary(max_size=9), st.binary(max_size=9))
def test_a_file_is_that_of_one_page_and_its_name_is_safe(name, other, stored, its_bytes):
    file = file_name(name, stored)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,80}\.json", file)
    assert (file == file_name(other, its_bytes)) == ((name, stored) == (other, its_bytes))


@given(RECORDS, RECORDS)
def test_differences_are_told_exactly_where_there_are_some(pinned, now):
    found = list(differences(pinned, now))
    assert bool(found) == (pinned != now)
    assert all(text.isprintable() for difference in found for text in difference)


def test_records_in_another_order_differ():
    first, second = {"id": "a", "position": 0}, {"id": "b", "position": 1}
    (difference,) = differences([first, second], [second, first])
    assert difference == ("all records", "a / b", "b / a")


def test_a_record_that_is_new_or_gone_is_told_of_without_its_fields():
    kept, gone = {"id": "a", "kind": "article", "position": 0}, {"id": "b", "kind": "story", "position": 1, "title": "t" * 90}
    new = {"id": "c", "kind": "headline", "position": 2, "title": ""}
    assert list(differences([kept, gone], [kept, new])) == [
        (f"story 1 ({'t' * 40}…)", "pinned", ""),
        ("headline 2 (no title)", "", "new"),
    ]
