"""The lists that a page shows by the form that it repeats."""

from __future__ import annotations

import pytest

from tests.cleaners.segmentation.page_grammar.pages import (
    OWN_TEXT,
    SOURCES,
    TEXTS,
    TIMES,
    TITLE,
    TITLES,
    items_of,
    lists_of,
    page,
    text_of,
    titles_of,
)

ROWS = list(zip(TITLES, TEXTS, SOURCES, TIMES, strict=True))


@pytest.mark.parametrize(
    "rows",
    [
        [(time, source, title, text) for title, text, source, time in ROWS],
        [(title, text, source, time) for title, text, source, time in ROWS],
        [(source, title, time, text) for title, text, source, time in ROWS],
        [(title, f"{source} · {time}", text) for title, text, source, time in ROWS],
        [(title, title, source, time, text) for title, text, source, time in ROWS],
        [(f"• {title}", source, time, text) for title, text, source, time in ROWS],
        [(title, source, time, text, "Read more") for title, text, source, time in ROWS],
    ],
    ids=["time first", "text inside", "title inside", "glued", "doubled", "bullets", "read more"],
)
def test_finds_stories_in_any_order_of_fields(rows: list[tuple[str, ...]]) -> None:
    lines = page("More stories", *rows)
    items = items_of(lines)
    assert [text_of(lines, item.title) for item in items] == list(TITLES)
    assert [text_of(lines, item.source) for item in items] == list(SOURCES)
    assert [text_of(lines, item.time) for item in items] == list(TIMES)
    assert [[lines[i] for i in item.body] for item in items] == [[text] for text in TEXTS]


def test_finds_headlines_with_times_without_a_label() -> None:
    lines = page(*((title, time) for title, _, _, time in ROWS))
    assert titles_of(lines) == list(TITLES)
    assert not any(item.body for item in items_of(lines))


def test_finds_bare_headlines_under_a_label() -> None:
    lines = page("Related articles", TITLES)
    assert titles_of(lines) == list(TITLES)
    (found,) = lists_of(lines)
    assert found.label_index == lines.index("Related articles")


def test_names_the_form_and_the_numbers_of_a_list() -> None:
    (found,) = lists_of(page("More stories", *((time, source, title, text) for title, text, source, time in ROWS)))
    assert found.form == "time / source / title / text"
    assert found.reasons["items"] == len(ROWS)


def test_leaves_ads_between_items_to_no_item() -> None:
    rows = [(source, time, title, text) for title, text, source, time in ROWS]
    lines = page("More stories", *rows[:2], "Advertisement", *rows[2:])
    (found,) = lists_of(lines)
    assert [text_of(lines, item.title) for item in found.items] == list(TITLES)
    assert found.between == [lines.index("Advertisement")]


def test_marks_the_item_that_the_end_of_the_page_cuts_off() -> None:
    rows = [(source, time, title, text) for title, text, source, time in ROWS]
    lines = page("More stories", *rows)
    assert [item.truncated for item in items_of(lines)] == [False, False, False, False, True]


def test_finds_the_header_of_the_page_by_the_form_of_the_list() -> None:
    rows = [(title, source, time, text) for title, text, source, time in ROWS]
    lines = [TITLE, "Coast Gazette", "1 hour ago", *OWN_TEXT, *(line for row in rows for line in row)]
    (found,) = lists_of(lines)
    assert found.own is not None
    assert text_of(lines, found.own.title) == TITLE
    assert text_of(lines, found.own.source) == "Coast Gazette"
    assert [text_of(lines, item.title) for item in found.items] == list(TITLES)


def test_finds_a_full_story_that_follows() -> None:
    more = [f"{text} Nobody in the village had expected that." for text in TEXTS]
    lines = [TITLE, "By Ada Marsh", "3 July 2025", *OWN_TEXT, TITLES[0], "By Bea Holm", "2 July 2025", *more]
    (item,) = items_of(lines)
    assert text_of(lines, item.title) == TITLES[0]
    assert [lines[i] for i in item.body] == more


def test_finds_nothing_in_a_lone_story() -> None:
    assert lists_of(page()) == []
    assert lists_of([]) == []


def test_gives_the_same_lists_again() -> None:
    lines = page("More stories", *((time, title, text) for title, text, _, time in ROWS))
    assert [found.form for found in lists_of(lines)] == [found.form for found in lists_of(lines)]
    assert titles_of(lines) == titles_of(lines)


def test_finds_stories_with_text_on_both_sides_of_a_time() -> None:
    lines = page("More stories", *[(title, text, time, OWN_TEXT[0]) for title, text, _, time in ROWS])
    items = items_of(lines)
    assert [text_of(lines, item.title) for item in items] == list(TITLES)
    assert [len(item.body) for item in items] == [2] * len(ROWS)
