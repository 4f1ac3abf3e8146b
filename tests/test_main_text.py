"""Which lines of an HTML page are its own story."""

from __future__ import annotations

from cleaners import clean_page
from cleaners.html_page import html_page
from cleaners.main_text import are_in
from tests.test_html_page import FOOTER, ONE, STORY, THREE, TWO, page


def test_a_line_is_in_a_text_when_most_of_it_is_and_once():
    text = f"{ONE}\n- Short\n{TWO}"
    assert are_in([ONE, TWO.upper(), THREE, "Short", "Other", ONE], text) == [True, True, False, True, False, False]


def test_teasers_right_below_the_story_are_stories():
    teasers = "".join(f"<div><a href=/{n}>Town band number {n} plays again</a><p>{TWO} Number {n}.</p></div>" for n in range(4))
    own, *more = clean_page(html_page(page(f"<div>{STORY}{teasers}</div>{FOOTER}"))).records
    assert own.text == f"{ONE}\n{TWO}\n{THREE}"
    assert [(story.title, story.text) for story in more] == [
        (f"Town band number {n} plays again", f"{TWO} Number {n}.") for n in range(4)
    ]


def test_a_link_within_the_story_stays():
    body = f"<article><h1>Old crane to go</h1><p>{ONE}</p><p><a href=/x>{TWO}</a></p><p>{THREE}</p></article>{FOOTER}"
    assert clean_page(html_page(page(body))).records[0].text == f"{ONE}\n{TWO}\n{THREE}"
