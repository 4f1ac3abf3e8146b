"""What is right, wrong and missing is counted as worked out by hand."""

from __future__ import annotations

import json

import pytest

from tests.public_metadata import HALVES, MetadataLabels, MetadataTally, StoryMetadata, labels_of, metadata_table, read_labels


@pytest.fixture
def judged():
    """Return the figures of one page."""

    def call(labels: MetadataLabels, have: StoryMetadata) -> dict[str, float]:
        tally = MetadataTally()
        tally.add(labels, lambda: have)
        return tally.figures()

    return call


@pytest.mark.parametrize(
    ("published", "have", "figures"),
    [
        ("2026-05-12", "2026-05-12T09:30:00Z", {"day right": 1, "day wrong": 0, "day missing": 0}),
        ("2026-05-12", "2026-05-13", {"day right": 0, "day wrong": 1, "day missing": 0}),
        ("2026-05-12", "", {"day right": 0, "day wrong": 0, "day missing": 1}),
        ("", "2026-01-01", {"day invented": 1}),
        ("", "", {"day invented": 0}),
        (None, "2026-01-01", {}),
    ],
)
def test_a_day_is_right_wrong_missing_or_invented(judged, published, have, figures):
    assert judged(MetadataLabels(published=published), StoryMetadata(published=have)) == figures


@pytest.mark.parametrize(
    ("authors", "have", "figures"),
    [
        (("Ina Varr",), ("INA VARR",), (1, 1, 0)),
        (("Ina Varr", "Ole Brandt"), ("Ole Brandt", "Reporter"), (1, 0, 0)),
        (("Ina Varr",), ("Ina",), (0, 0, 0)),
        (("Ina Varr",), (), (0, 0, 1)),
    ],
)
def test_authors_are_right_with_one_name_and_exact_with_all(judged, authors, have, figures):
    names = ("authors right", "authors exact", "authors missing")
    assert judged(MetadataLabels(authors=authors), StoryMetadata(authors=have)) == dict(zip(names, figures, strict=True))


def test_authors_are_invented_where_the_page_names_none(judged):
    assert judged(MetadataLabels(authors=()), StoryMetadata(authors=("Quay Post",))) == {"authors invented": 1}


def test_a_tool_that_fails_reads_nothing():
    tally = MetadataTally()
    tally.add(MetadataLabels(title="Ferry returns", published="2026-05-12"), lambda: 1 / 0)
    assert (tally.figures()["title"], tally.figures()["day missing"]) == (0, 1)


def test_labels_come_from_the_row_or_its_address():
    labelled = {"https://quay.example/a": {"published": "2026-05-12", "authors": ["Ina Varr"]}}
    row = {"page": "1", "url": "https://quay.example/a", "title": "Ferry returns"}
    labels = labels_of(row, labelled)
    assert labels[:3] == ("Ferry returns", "2026-05-12", ("Ina Varr",))
    assert labels_of({**row, "published": ""}, labelled).published == ""
    assert labels_of({"page": "1", "url": "https://quay.example/b"}, labelled)[:3] == ("", None, None)
    assert labels.half == labels_of({**row, "url": "https://www.quay.example/b"}, labelled).half  # a site is in one half


def test_the_table_has_both_halves_and_none_for_titles_alone():
    tally = MetadataTally()
    for half, day in zip(HALVES, ("2026-05-12", "2026-05-13"), strict=True):
        tally.add(MetadataLabels("Ferry", "2026-05-12", half=half), lambda day=day: StoryMetadata("Ferry", day))
    _, _, first, second, both = metadata_table("mine", {"dehusk": tally})
    assert [row.split(" | ")[2] for row in (first, second, both)] == ["100.0", "0.0", "50.0"]
    titles = MetadataTally()
    titles.add(MetadataLabels("Ferry"), lambda: StoryMetadata("Ferry"))
    assert list(metadata_table("mine", {"dehusk": titles})) == []


def test_the_labels_in_the_project_are_days_and_names():
    labelled = read_labels()
    assert len(labelled) > 400
    for row in labelled.values():
        labels = labels_of({"page": "", **row}, {})
        assert labels.published is None or labels.published == "" or len(labels.published) == len("2026-05-12")
        assert labels.authors is None or all(labels.authors), json.dumps(row)
