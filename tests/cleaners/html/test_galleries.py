"""Galleries, of which a page shows the first picture alone."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.html.reader import html_page
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

CAPTIONS = [
    "The crane in 1931, when the first ship from Harn was unloaded at the quay.",
    "Its hook, which nobody has moved since the spring; a museum in the next town wants it.",
    "Der Fuß des Krans steht bei Flut im Wasser und ist darum an vielen Stellen rostig.",
]


def figure(caption: str, attributes: str = "") -> str:
    return f"<figure {attributes}><img src=a><figcaption>{caption}</figcaption></figure>"


def gallery(form: str, hiding: str) -> str:
    pictures = [(caption, hiding if number else "") for number, caption in enumerate(CAPTIONS)]
    if form == "figures":
        return "".join(figure(caption, attributes) for caption, attributes in pictures)
    tag, around = {"list": ("li", "ul"), "slides": ("div", "div")}[form]
    return (
        f"<{around}>{''.join(f'<{tag} {attributes}>{figure(caption)}</{tag}>' for caption, attributes in pictures)}</{around}>"
    )


def text_of(inner: str) -> str:
    body = f"{MENU}<article><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{inner}<p>{THREE}</p></article>{FOOTER}"
    return clean_page(html_page(page(body))).records[0].text


@pytest.mark.parametrize("form", ["figures", "list", "slides"])
@pytest.mark.parametrize("hiding", ["hidden", "style='display: none'", "class=visually-hidden"])
def test_the_captions_of_a_gallery_are_kept_in_their_order(form: str, hiding: str):
    assert text_of(gallery(form, hiding)).split("\n") == [ONE, TWO, *CAPTIONS, THREE]


def test_a_hidden_picture_with_the_same_caption_is_a_copy():
    pictures = figure(CAPTIONS[0]) + figure(CAPTIONS[1], "hidden") + figure(CAPTIONS[1], "hidden")
    assert text_of(pictures).count(CAPTIONS[1]) == 1


@pytest.mark.parametrize("before", ["<p>Below.</p>", "<figure><img src=a></figure>", ""])
def test_a_hidden_picture_that_follows_no_other_stays_hidden(before: str):
    assert CAPTIONS[0] not in text_of(before + figure(CAPTIONS[0], "hidden"))
