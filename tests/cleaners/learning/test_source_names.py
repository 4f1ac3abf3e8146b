from __future__ import annotations

from msgspec.structs import replace

from cleaners.learning.site_pages import SitePages
from cleaners.learning.source_names import source_names
from tests.cleaners.learning.sites import marked


def found(*pages, known=()):
    """Return what pages teach, each with a story for each of its sources."""
    made = marked(["\n".join(f"[[s{i}.title:Ferry {i} of {n}]]" for i in range(len(on))) for n, on in enumerate(pages)])
    readings = []
    for reading, sources in zip(made.readings, pages, strict=True):
        records = [replace(one, source=name) for one, name in zip(reading.cleaned.records, sources, strict=True)]
        readings.append(replace(reading, cleaned=replace(reading.cleaned, records=records)))
    return source_names(SitePages(made.pages, readings), known)


def test_names_stand_alone_and_before_categories():
    names = found(["Quay Post", "Pier / Town"], ["Quay Post / Harbour"], ["Pier"], ["Lone / Town"], ["Lone / Harbour"], [""])
    assert (names.names, names.pages, names.of) == (["Pier", "Quay Post"], 3, 6)
    assert names.printed == {
        "Pier / Town": "Pier", "Pier": "Pier", "Quay Post / Harbour": "Quay Post", "Quay Post": "Quay Post",
    }  # fmt: skip


def test_a_category_is_no_name():
    assert found(["Sport", "Quay Post"], ["Sport / Pier", "Quay Post / Sport"], ["Quay Post"]).names == ["Quay Post"]


def test_names_on_one_page_are_none():
    assert found(["Quay Post", "Quay Post / Town"], ["Pier"]) is None


def test_nothing_is_gained_by_names_that_stand_alone_or_are_known():
    assert found(["Quay Post"], ["Quay Post"]) is None
    assert found(["Quay Post"], ["Quay Post / Town"], known=["Quay Post"]) is None
    assert found([""], []) is None
