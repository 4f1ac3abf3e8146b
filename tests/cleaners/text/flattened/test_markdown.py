from __future__ import annotations

import pytest

from cleaners.document.page import Page
from cleaners.text.flattened.edited import edited
from cleaners.text.flattened.markdown import is_markdown, marks
from cleaners.text.flattened.read import plain_page


def plain(text: str) -> str:
    return edited(text, marks(text)).text


@pytest.mark.parametrize(
    ("marked", "clean"),
    [
        ("The [ferry](https://quay.example/f) sails", "The ferry sails"),
        ("The [ferry](/f_\\(old\\).html) sails", "The ferry sails"),
        ("The [ferry](/f_(old)) sails", "The ferry sails"),
        ('The [ferry](/f "The ferry") sails', "The ferry sails"),
        ("The [ ferry ](/f) sails", "The ferry sails"),
        ("Before ![a quay](/q.jpg) after", "Before after"),
        ("![a quay](/q.jpg)", ""),
        ("![By Quill \\(archive\\) [CC BY] 2.0\\]](/q.jpg)", ""),
        ("[![a quay](/q.jpg)](/f)", ""),
        ("[ ![a quay](/q.jpg) Old crane to go ](/f)", "Old crane to go"),
        ("## Old crane to go", "Old crane to go"),
        ("### [Old crane to go](/f)", "Old crane to go"),
        ("> > The crane was old.", "The crane was old."),
        ("A **bold** word and _one_ more", "A bold word and one more"),
        ("_By**Tobin Marsh**_", "ByTobin Marsh"),
        ("See [one](/a) **two** ![three](/b)  _four_ .", "See one two four ."),
        ("# [one](/a) **two**", "one two"),
        ("2018\\. It was \\- they say \\- old", "2018. It was - they say - old"),
        ("See <https://quay.example/f>.", "See https://quay.example/f."),
        ("  * [Log in](/login)", "  * Log in"),
        ("* * *", ""),
        ("---|---", ""),
        ("[\n\nOld crane to go\n\n](/f)", "\n\nOld crane to go\n\n"),
    ],
)
def test_marks_go_and_words_stay(marked, clean):
    assert plain(marked) == clean


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_names and 2 * 3 * 4",
        "He said [sic] that (see page 4) it was",
        "Vote #1 and #2",
        "a_b [1] (c)",
        "x ** y",
    ],
)
def test_what_is_no_mark_stays(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("[Home](/)\nOld crane to go\n[More](/m)", True),
        ("# Old crane to go\nThe **crane** is old.\n## Why", True),
        ("Write [text](/address) for a link.", False),
        ("# one\n# two\n# three\n# four", False),
        ("Old crane to go\nThe crane is old.", False),
    ],
)
def test_a_page_shows_that_it_is_markdown_by_several_marks(text, is_one):
    assert is_markdown(text) is is_one


def test_many_open_brackets_take_no_long_time():
    text = "[" * 20_000 + "](/a)" * 20_000
    assert "](/a)" not in plain(text)
    assert is_markdown("![" * 50_000 + "](/a)](/b)") is True


def test_marks_say_what_is_a_heading_and_what_is_a_link():
    text = '# [Old crane](/crane "x") to go\n\n  * [Home](/)\n\nThe [old](https://quay.example/a) crane\n\n[Two\nlines](/b)'
    page, steps = plain_page(Page(text))
    found = {page.text[start:].partition("\n")[0]: hint for start, hint in page.marked.items()}
    assert [(line, hint.tag, hint.link) for line, hint in found.items()] == [
        ("Old crane to go", "h1", "/crane"),
        ("* Home", "", "/"),
        ("The old crane", "", "https://quay.example/a"),
        ("Two", "", "/b"),
        ("lines", "", "/b"),
    ]
    assert found["* Home"].linked > 0.5 > found["The old crane"].linked > 0
    assert page.hint(0) == found["Old crane to go"]
    assert len(steps) == 1


def test_a_plain_page_stays_as_it_is():
    page = Page("Old crane to go\nThe crane is old.")
    assert plain_page(page) == (page, [])
