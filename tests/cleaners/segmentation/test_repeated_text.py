"""Texts that a page shows twice."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.document.page import Line, Page
from cleaners.html.reader import html_page
from cleaners.segmentation import repeated_text
from cleaners.segmentation.repeated_text import copied_lines
from tests.support.html_pages import FOOTER, MENU, ONE, STORY, THREE, TWO, page

FOUR = "The board will meet again in June, when the price of the steel is known, its secretary wrote."
GERMAN = [
    "Der Hafenrat teilte am Montag mit, dass der alte Kran noch in diesem Monat abgebaut wird.",
    "Seit dem Frühjahr habe ihn niemand mehr benutzt, sagte der Hafenmeister am Dienstag der Presse.",
]
CHINESE = [
    "港务局周一表示，旧起重机将在本月内拆除，费用由市政府和港口各承担一半。",
    "港务长周二上午对记者说，自春天以来没有人使用过它，市民对此并不感到意外。",
]
RULE = "generic.article.repeated-text"


def lines(*texts: str) -> list[Line]:
    return [Line(i * 1000, i * 1000 + len(text), text) for i, text in enumerate(texts)]


@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize("between", ["", f"<div class=related><a href=/a>Ferry to sail on Sundays too</a></div>{MENU}"])
def test_a_copy_for_other_screens_is_no_second_story(copies: int, between: str):
    body = f"{MENU}<div class=wide>{STORY}</div>" + f"{between}<div class=small>{STORY}</div>" * copies + FOOTER
    read = html_page(page(body))
    cleaned = clean_page(read)
    own = [record for record in cleaned.records if record.kind != "headline"]
    assert [(record.title, record.authors, record.text) for record in own] == [
        ("Old crane to go", ["Tobin Marsh"], f"{ONE}\n{TWO}\n{THREE}")
    ]
    copied = "".join(read.text[segment.start : segment.end] for segment in cleaned.segments if segment.rule == RULE)
    assert copied.count(ONE) == copied.count("By Tobin Marsh") == copies
    assert cleaned.kinds[RULE] == "duplicate"


@pytest.mark.parametrize("paragraphs", [GERMAN, CHINESE])
def test_a_copy_is_found_in_any_language(paragraphs: list[str]):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    cleaned = clean_page(html_page(page(f"<div><h1>Kran 港口</h1>{text}</div><div><h2>Kran 港口</h2>{text}</div>", "")))
    assert [record.text.split("\n") for record in cleaned.records] == [paragraphs]


def test_a_copy_in_a_text_page_is_dropped():
    story = f"Old crane to go\nBy Tobin Marsh\n{ONE}\n{TWO}\nThe cost\n{THREE}"
    assert clean_page(Page(f"{story}\n{story}\n{FOUR}")).records[0].text.count(TWO) == 1


def test_short_lines_of_a_copy_go_with_it_and_others_stay():
    found = copied_lines(lines("Title", ONE, "The cost", TWO, "More", "Title", ONE, "The cost", "New", TWO, "More", THREE))
    assert found == {5, 6, 7, 9, 10}


def test_a_copy_with_a_paragraph_of_its_own_is_a_copy():
    caption = "A caption that stands in the copy alone, below its first picture."
    assert copied_lines(lines(ONE, TWO, THREE, FOUR, ONE, TWO, caption, THREE, FOUR)) == {4, 5, 7, 8}


@pytest.mark.parametrize(
    "texts",
    [
        (ONE, TWO, THREE, ONE),  # a quote
        (ONE, TWO, THREE, FOUR, *GERMAN, ONE, TWO),  # a notice in a text of other things
        (ONE, TWO, *GERMAN, ONE, FOUR, TWO, THREE),  # what two products have in common
        (TWO, ONE, ONE, TWO),
        ("home to the bread", "asleep in the shed", "home to the bread", "asleep in the shed"),  # a refrain
    ],
)
def test_other_repeats_are_no_copies(texts: tuple[str, ...]):
    assert copied_lines(lines(*texts)) == set()


def test_small_repeats_do_not_sum_up_the_page_again(monkeypatch):
    texts = [f"{i} {ONE}" for i in range(40)]
    for i in range(0, 40, 2):
        texts += [texts[i], texts[i + 1], f"{i} {TWO}", f"{i} {THREE}", f"{i} {FOUR}"]
    counted = []

    def counting(items, start=0):
        for pair in enumerate(items, start):
            counted.append(pair)
            yield pair

    monkeypatch.setattr(repeated_text, "enumerate", counting, raising=False)
    assert copied_lines(lines(*texts)) == set()
    assert len(counted) == 2 * len(texts)  # once to find the paragraphs, once to find the repeats
