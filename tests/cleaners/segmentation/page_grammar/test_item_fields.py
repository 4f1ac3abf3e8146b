"""The fields of items: columns judged over all items, and glued lines parted."""

from __future__ import annotations

import pytest

from tests.cleaners.segmentation.page_grammar.pages import SOURCES, TEXTS, TIMES, TITLES, items_of, page, text_of

ROWS = list(zip(TITLES, TEXTS, SOURCES, TIMES, strict=True))
SECTIONS = ("Culture", "Music", "Business", "Schools", "Markets")


def test_words_of_the_menu_are_categories() -> None:
    menu = " | ".join(("Front page", *SECTIONS, "Letters"))
    rows = [(section, title, time, text) for section, (title, text, _, time) in zip(SECTIONS, ROWS, strict=True)]
    lines = [menu, *page("More stories", *rows)]
    items = items_of(lines)
    assert [text_of(lines, item.category) for item in items] == list(SECTIONS)
    assert [item.source for item in items] == [None] * len(items)


def test_a_constant_is_a_label() -> None:
    lines = page("More stories", *(("Exclusive", source, title, time, text) for title, text, source, time in ROWS))
    items = items_of(lines)
    assert [text_of(lines, item.source) for item in items] == list(SOURCES)
    assert [item.category for item in items] == [None] * len(items)


@pytest.mark.parametrize(
    "glue",
    ["{source} · {time}", "{source}· {time}", "{time} | {source}", "Published: {time} | {source}", "By Ada Marsh - {time}"],
)
def test_parts_glued_lines(glue: str) -> None:
    rows = [(title, glue.format(source=source, time=time), text) for title, text, source, time in ROWS]
    lines = page("More stories", *rows)
    items = items_of(lines)
    assert [text_of(lines, item.time) for item in items] == list(TIMES)
    if "{source}" in glue:
        assert [text_of(lines, item.source) for item in items] == list(SOURCES)
    else:
        assert {text_of(lines, item.author) for item in items} == {"Ada Marsh"}


def test_a_number_of_comments_is_no_part_of_a_time() -> None:
    lines = page("More stories", *((title, text, f"{i + 1}/3/2025 | {i + 50}") for i, (title, text, _, _) in enumerate(ROWS)))
    assert [text_of(lines, item.time) for item in items_of(lines)] == [f"{i + 1}/3/2025" for i in range(len(ROWS))]


def test_a_source_that_stands_twice_is_a_repeat() -> None:
    lines = page("More stories", *((source, time, source, title, text) for title, text, source, time in ROWS))
    items = items_of(lines)
    assert [text_of(lines, item.source) for item in items] == list(SOURCES)
    assert [len(item.repeats) for item in items] == [1] * len(items)


def test_times_above_the_titles_are_not_those_of_the_items_above() -> None:
    dates = [f"{day} May 2025" for day in range(11, 16)]
    rows = [(date, title, text, "Mehr »") for date, (title, text, _, _) in zip(dates, ROWS, strict=True)]
    lines = page("Aus derselben Reihe", *rows)
    assert [text_of(lines, item.time) for item in items_of(lines)] == dates
