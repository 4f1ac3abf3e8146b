from __future__ import annotations

import pytest

from cleaners import Library, clean_page, shipped_packs
from cleaners.output.record import Cleaned
from tests.support.packs import HEAD, STORY
from tests.support.packs import cleaned as cleaned_by

PACK = b"""
name = "quay"
title = "The Quay Post"
signs = ["The Quay Post since 1900", "Tides and timetables"]

[[layout]]
id = "quay.header"
role = "header"
lines = ["{title}", "[{standfirst}]", "{author} | {source} - {time}"]

[[layout]]
id = "quay.opening"
role = "opening"
lines = ["{category} (QPA){body}"]

[[rule]]
id = "quay.tides"
kind = "navigation"
line = ["Tides and timetables"]
remove = ["Tides and timetables"]
keep = ["Tides and timetables differ."]
"""
LINKS = (
    "Photos: Village inherits house and 755 books from teacher",
    "Photos: Plum growers shrug off late frost in the valley",
    "Photos: Pellbridge schools reopen after burst main",
    "Harbour",
)
TITLE = "Old crane is taken down in the harbour"
STANDFIRST = "A hundred years of lifting end with a bang this month"
BYLINE = "Ada Quay | QPA - 5 July 2025"
TEXT = (
    "The harbour board said on Monday that the old crane would be taken down within the month, after years of talks.",
    "Nobody had used it since the spring, the master of the quay told reporters, and nobody will miss its noise at night.",
    "The board expects to sell the iron, and to use the ground for a second shed that holds the nets of the fishing fleet.",
)
FOOTER = ("Tides and timetables", "The Quay Post since 1900")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library((*shipped_packs(), ("quay.toml", PACK)))


def clean(library: Library, *lines: str) -> Cleaned:
    return clean_page("\n".join(lines), library)


def rules(cleaned: Cleaned, text: str) -> dict[str, str | None]:
    return {text[part.start : part.end]: part.rule for part in cleaned.segments}


def test_a_header_layout_finds_the_title_below_links(library: Library) -> None:
    own = clean(library, *LINKS, TITLE, BYLINE, *TEXT, *FOOTER).records[0]
    assert (own.title, own.source, own.authors, own.published_raw) == (TITLE, "QPA", ["Ada Quay"], "5 July 2025")
    assert own.text == "\n".join(TEXT)


def test_the_standfirst_of_a_header_is_text(library: Library) -> None:
    own = clean(library, *LINKS, TITLE, STANDFIRST, BYLINE, *TEXT, *FOOTER).records[0]
    assert own.text == "\n".join((STANDFIRST, *TEXT))


def test_the_lines_above_a_header_belong_to_no_story(library: Library) -> None:
    lines = (*LINKS, TITLE, BYLINE, *TEXT, *FOOTER)
    removed = rules(clean(library, *lines), "\n".join(lines))
    assert any(LINKS[0] in text and rule == "generic.article.before" for text, rule in removed.items())


def test_a_header_below_the_text_is_of_another_story(library: Library) -> None:
    own = clean(library, TITLE, "By Ada Quay", *TEXT, *FOOTER, LINKS[0], BYLINE).records[0]
    assert (own.title, own.text) == (TITLE, "\n".join(TEXT))


def test_a_page_of_a_header_alone_is_a_story_without_text(library: Library) -> None:
    records = clean(library, "Harbour", TITLE, BYLINE, *FOOTER).records
    assert [(record.kind, record.title, record.text) for record in records] == [("article", TITLE, "")]


def test_the_text_begins_with_its_opening(library: Library) -> None:
    captions = (
        "A crane on the quay stands idle while the gulls rest on its arm and on its cabin.",
        "The crane in 1925, photographed.",
    )
    opening = f"Calder Harbour (QPA){TEXT[0]}"
    own = clean(library, TITLE, *captions, opening, *TEXT[1:], *FOOTER).records[0]
    assert own.text == "\n".join((opening, *TEXT[1:]))


def test_a_page_with_a_label_of_its_site_is_no_text_on_its_own(library: Library) -> None:
    cleaned = clean(library, TITLE, *TEXT, *FOOTER)
    assert cleaned.records[0].text.startswith("\n".join(TEXT))
    assert rules(cleaned, "\n".join((TITLE, *TEXT, *FOOTER)))[FOOTER[0]] == "quay.tides"


def test_lines_of_a_header_that_differ_belong_to_no_record():
    layout = """
[[layout]]
id = "quay.header"
role = "header"
lines = ["{other}", "{title}", "{other}", "{author} for {source}{? / {category}}", "{time}"]
"""
    header = "Front page\nNight ferry returns in June\nThree minutes\nAda Quay for Quay Post / Harbour\n5 July 2025"
    text = f"Menu\nContact\n{header}\n{STORY.partition(chr(10))[2]}"
    found = cleaned_by(text, layout)
    assert [text[it.start : it.end].strip() for it in found.segments if it.rule == "quay.header"] == [
        "Front page", "Three minutes", "for", "/",
    ]  # fmt: skip
    record = found.records[0]
    assert (record.title, record.source, record.category) == ("Night ferry returns in June", "Quay Post", "Harbour")
    old = layout.replace("{? / {category}}", " / {category}")
    assert "quay.header" not in cleaned_by(text, old, HEAD.replace("format = 2\n", "")).kinds
