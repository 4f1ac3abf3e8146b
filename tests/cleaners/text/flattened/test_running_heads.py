"""Running heads and page numbers in the text of printed pages."""

from __future__ import annotations

import textwrap

import pytest

from cleaners import Page, clean_page
from cleaners.text.flattened.read import read_flattened
from tests.cleaners.text.flattened.test_line_breaks import SENTENCES

PARAGRAPHS = [" ".join(SENTENCES), " ".join(reversed(SENTENCES)), " ".join(SENTENCES[1:])]
WRAPPED = [textwrap.fill(paragraph, 62) for paragraph in PARAGRAPHS]


def plain(text: str) -> str:
    steps = read_flattened(text)
    return steps[-1].text if steps else text


@pytest.mark.parametrize(
    "heads",
    [
        ("THE POST   TUESDAY, 6 MAY 2025   3", "4   THE POST   TUESDAY, 6 MAY 2025", "THE POST   TUESDAY, 6 MAY 2025   5"),
        ("Hafenbote · Nr. 12 · Seite | 3", "Hafenbote · Nr. 12 · Seite | 4", "Hafenbote · Nr. 12 · Seite | 5"),
        ("Page 3 of 8", "Page 4 of 8", "Page 5 of 8"),
        ("- 12 -", "- 13 -", "- 14 -"),
        ("7", "8", "9"),
    ],
)
def test_a_line_on_each_page_of_print_is_no_text(heads: tuple[str, ...]):
    text = "\n\n".join(part for pair in zip(heads, WRAPPED, strict=True) for part in pair)
    assert plain(text).split("\n\n") == PARAGRAPHS
    cleaned = clean_page(Page(text))
    assert "\n".join(record.text for record in cleaned.records) == "\n".join(PARAGRAPHS)
    removed = [
        text[segment.start : segment.end].strip() for segment in cleaned.segments if segment.rule == "generic.running-head"
    ]
    assert removed == list(heads)


@pytest.mark.parametrize("feed", ["", "\f"])
def test_a_paragraph_goes_on_over_the_pages(feed: str):
    lines = WRAPPED[0].split("\n")
    first, second = "\n".join(lines[:3]), "\n".join(lines[3:])
    text = f"{WRAPPED[1]}\n\n3\n\n{first}\n\n4\n{feed}\n{second}\n\n{WRAPPED[2]}"
    assert second[0].islower()
    assert plain(text).split("\n\n") == [PARAGRAPHS[1], PARAGRAPHS[0], PARAGRAPHS[2]]


@pytest.mark.parametrize(
    "heads",
    [
        ("Step 1", "Step 2", "Step 3"),
        ("In the year 1998", "In the year 1931", "In the year 2024"),
        ("12 boats", "9 boats", "4 boats"),
        ("The summer of 2024", "The winter of 2024", "The spring of 2024"),
    ],
)
def test_headings_with_numbers_stay(heads: tuple[str, ...]):
    text = "\n\n".join(part for pair in zip(heads, WRAPPED, strict=True) for part in pair)
    assert plain(text) == "\n\n".join(part for pair in zip(heads, PARAGRAPHS, strict=True) for part in pair)


def test_a_text_that_is_not_wrapped_keeps_its_numbers():
    text = "\n\n".join(part for pair in zip("345", PARAGRAPHS, strict=True) for part in pair)
    assert plain(text) == text
