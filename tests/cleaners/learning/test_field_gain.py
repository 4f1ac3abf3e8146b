from __future__ import annotations

import pytest
from msgspec.structs import replace

from cleaners.learning.field_gain import FieldGain, source_gain, time_gain
from tests.cleaners.learning.sites import marked, paragraphs, title

PROSE = paragraphs(1, 1)[0]
PAGE = f"[[own.title:{title(1)}]]\n[[own.text:{PROSE}]]"


def read(text, *values, field="published"):
    """Return a page as its marks describe it, with a value of a field for each of its records in their order."""
    pages = marked([text])
    reading = pages.readings[0]
    given = (*values, *[""] * len(reading.cleaned.records))
    records = [replace(record, **{field: value}) for record, value in zip(reading.cleaned.records, given, strict=False)]
    return pages.pages[0], replace(reading, cleaned=replace(reading.cleaned, records=records))


def gain(without, with_it, measure=time_gain):
    page, before = without
    return measure([(page, before, with_it[1])])


def sources(before, after):
    return gain(read(PAGE, before, field="source"), read(PAGE, after, field="source"), source_gain)


def test_a_source_or_one_without_its_category_is_a_gain():
    assert sources("", "Quay Post") == FieldGain(1, 0)
    assert sources("Quay Post / Town", "Quay Post") == FieldGain(1, 0)
    assert sources("Quay Post", "Quay Post") == FieldGain(0, 0)


def test_another_source_is_a_loss():
    assert sources("Quay Post", "Pier") == FieldGain(0, 1)
    assert sources("Quay Post / Town", "Town") == FieldGain(0, 1)
    assert sources("Quay Post", "") == FieldGain(0, 1)


def test_a_time_of_the_own_story_is_a_gain():
    found = gain(read(PAGE), read(PAGE, "2025-07-05"))
    assert (found, found.helps) == (FieldGain(1, 0), True)
    assert gain(read(PAGE, "2025-07-04"), read(PAGE, "2025-07-05")) == FieldGain(0, 0)
    other = f"{PAGE}\n[[other.title:Ferry returns]]"
    assert gain(read(other), read(other, "", "2025-07-05")) == FieldGain(0, 0)


@pytest.mark.parametrize(
    "text",
    [
        f"{title(1)}\n[[own.title:{PROSE}]]",
        f"[[own.title:{title(1)}]]\n{PROSE}",
        f"[[own.title:{title(1)}]]\n[[own.attribution:{PROSE}]]",
    ],
)
def test_a_title_or_prose_that_goes_is_a_loss(text):
    found = gain(read(PAGE), read(text, "2025-07-05"))
    assert (found, found.helps) == (FieldGain(1, 1), False)


def test_a_time_that_goes_is_a_loss():
    other = f"{PAGE}\n[[other.title:Ferry returns]]"
    assert gain(read(other, "", "2025-07-05"), read(other)) == FieldGain(0, 1)


def test_other_lines_may_go():
    assert gain(read(f"{PAGE}\n[[own.text:5~7~2025]]"), read(f"{PAGE}\n5~7~2025", "2025-07-05")) == FieldGain(1, 0)
