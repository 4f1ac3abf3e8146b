from __future__ import annotations

import pytest

from cleaners import clean_page, read_html
from cleaners.html.boxes import Boxes
from cleaners.html.looks import look_of
from cleaners.html.parse import parse_html
from cleaners.html.reader import html_page

STORY = (
    "<h1>Swing bridge closes to lorries</h1>"
    "<p>The town council voted on Tuesday evening to close the old swing bridge to lorries from the first of March.</p>"
    "<p>The county engineer expects the repair to cost about two million crowns, and the work to last until spring.</p>"
)
NOTICE = (
    "<h2>We value your privacy</h2>"
    + "<p>We and our 812 partners store information on your device and process personal data, such as identifiers.</p>" * 6
)
COMMENTS = "".join(
    f"<li class='comment'><b>Reader {number}</b><p>I worked on that bridge {number} years ago, and we painted it each summer, "
    "whatever the paper says; my brother has photographs of it, and will send them in if he is asked.</p></li>"
    for number in range(6)
)


def text_of(html: str) -> str:
    return "\n".join(record.text for record in clean_page(html_page(f"<html><body>{html}</body></html>")).records)


def part_of(html: str) -> str:
    tree = parse_html(f"<html><body>{html}</body></html>")
    element = tree.find("body")[0]
    box = look_of(element).box
    return box if box and Boxes(tree).is_beside(element, box) else ""


@pytest.mark.parametrize(
    "start",
    [
        "<div class='modal'>",
        "<div role='dialog'>",
        "<div role='alertdialog'>",
        "<section aria-modal='true'>",
        "<div id='cmp-box'>",
        "<div class='site cookie-banner'>",
        "<div class='cookieNotice'>",
        "<div id='privacy_manager'>",
        "<div class='newsletter-popup'>",
        "<div class='welcome-overlay'>",
    ],
)
def test_a_dialog_longer_than_the_story_is_none_of_it(start):
    assert part_of(f"{start}{NOTICE}</div>") == "frame"
    text = text_of(f"{start}{NOTICE}</div></section><div class='wrap'>{STORY}</div>")
    assert "swing bridge to lorries" in text
    assert "812 partners" not in text


def test_comments_longer_than_the_story_are_none_of_it():
    text = text_of(f"<div class='post'>{STORY}</div><div id='comments'><h3>6 Comments</h3><ol>{COMMENTS}</ol></div>")
    assert "county engineer" in text
    assert "painted it" not in text


@pytest.mark.parametrize(
    "html",
    [
        f"<div class='modal'>{STORY}</div>",
        f"<div role='dialog'><main>{NOTICE}</main></div>",
        "<div class='modal'><div itemprop='articleBody'><p>The old bridge closes.</p></div></div>",
        f"<article class='modal'>{NOTICE}</article>",
        f"<div class='newsletter-wrapper'>{NOTICE}</div>",
        f"<div class='cmp-section'>{NOTICE}</div>",
        f"<div class='paywall'>{NOTICE}</div>",
        f"<div class='category-cookies'>{NOTICE}</div>",
        f"<div id='comments'>{NOTICE}</div>",
        f"<div>{NOTICE}</div>",
    ],
)
def test_what_may_hold_a_story_is_no_box(html):
    assert part_of(html) == ""


def test_a_page_with_no_text_but_boxes_keeps_it():
    story = STORY.replace("h1>", "h2>")
    assert "county engineer" in text_of(f"<div class='modal'>{story}</div>")


def test_dialogs_of_known_vendors_go_by_a_rule():
    html = f"<div id='onetrust-consent-sdk'><div><h1>Your privacy</h1>{NOTICE}</div></div><div class='wrap'>{STORY}</div>"
    cleaned = clean_page(read_html(f"<html><body>{html}</body></html>"))
    assert "generic.consent-vendor" in cleaned.kinds
    assert "812 partners" not in "".join(record.text for record in cleaned.records)
