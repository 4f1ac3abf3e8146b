"""Boxes in which readers give an e-mail address."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.html.parse import parse_html
from cleaners.html.reader import html_page
from cleaners.html.signup_boxes import MAX_CHARS, signup_boxes
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

HEADING, TEASER = "The Quay Letter", "The week on the river, with the tide table and a poem, every Friday before you get up."
GERMAN = "Was in der Woche am Fluss geschah, dazu die Gezeiten und ein Gedicht, jeden Freitag um sechs."


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=nl><h3>{HEADING}</h3><p>{TEASER}</p><form><input type=email><button>Sign me up</button></form></div>",
        f"<section><div><h4>{HEADING}</h4><p>{TEASER}</p></div><form><input name=EMAIL><input type=submit></form></section>",
        f"<div><p>{GERMAN}</p><input type=text placeholder='Deine E-Mail-Adresse'><a href=#>Bestellen</a></div>",
        f"<form><p>{HEADING}</p><p>{TEASER}</p><p><label>Mail</label><input type=EMAIL></p></form>",
    ],
)
def test_a_box_in_a_story_is_none_of_its_text(box: str):
    above, below = f"<p>{ONE}</p><p>{TWO}</p>", f"<p>{THREE}</p><p>{ONE} So it was.</p><p>{TWO} It is late.</p>"
    body = f"{MENU}<article><h1>Old crane to go</h1>{above}{box}{below}</article>{FOOTER}"
    records = clean_page(html_page(page(body))).records
    text = f"{ONE}\n{TWO}\n{THREE}\n{ONE} So it was.\n{TWO} It is late."
    assert [(record.title, record.text) for record in records] == [("Old crane to go", text)]


@pytest.mark.parametrize(
    "field",
    ["<input type=search name=q>", "<input type=hidden name=email>", "<input type=checkbox id=mail-me>", "<input name=q>"],
)
def test_other_inputs_make_no_box(field: str):
    assert signup_boxes(parse_html(f"<body><div><p>{TEASER}</p>{field}</div></body>")) == set()


@pytest.mark.parametrize("around", ["div", "article", "main"])
def test_a_box_never_holds_the_story(around: str):
    story = f"<p>{ONE}</p>" * (MAX_CHARS // len(ONE) + 1 if around == "div" else 1)
    tree = parse_html(f"<body><{around}>{story}<form><input type=email></form></{around}></body>")
    assert {box.tag for box in signup_boxes(tree)} == {"form"}
    assert signup_boxes(parse_html(f"<body><{around}>{story}<input type=email></{around}></body>")) == set()


def test_a_page_that_is_hardly_more_than_its_box_is_read():
    body = f"<div><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p><form><input type=email></form></div>"
    assert clean_page(html_page(page(body))).records[0].text == f"{ONE}\n{TWO}"
