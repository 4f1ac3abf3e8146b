"""HTML pages: their visible text, hints and metadata, and hostile pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import BadPage, clean_page
from cleaners.html.reader import html_page
from cleaners.output.ledger import check_ledger
from tests.support.html_pages import COMMENTS, FOOTER, MENU, ONE, PIECES, RELATED, STORY, THREE, TWO, page


def test_a_page_becomes_its_story_and_those_embedded_in_it():
    read = html_page(page(f"{MENU}<article>{STORY}</article>{RELATED}{COMMENTS}{FOOTER}"), "crane.html")
    own, *embedded = clean_page(read).records
    assert (own.kind, own.title, own.text) == ("article", "Old crane to go", f"{ONE}\n{TWO}\n{THREE}")
    assert (own.source, own.published, own.published_precision) == ("The Quay Post", "2026-05-12T07:30:00Z", "second")
    assert own.url == "https://quaypost.example/crane"
    assert own.authors == ["Tobin Marsh"]
    assert [(record.kind, record.title, record.text) for record in embedded] == [
        ("headline", "Ferry to sail on Sundays too", ""),
        ("story", "Town band plays on the pier", TWO),
    ]
    assert {record.parent_id for record in embedded} == {own.id}
    assert [record.url for record in embedded] == ["https://quaypost.example/a", "https://quaypost.example/b"]


def test_the_ledger_accounts_for_the_visible_text_alone():
    read = html_page(page(f"{MENU}{STORY}{RELATED}{COMMENTS}{FOOTER}<p style='x'>Bye.</p><style>p {{ }}</style>"))
    check_ledger(read.text, clean_page(read).segments)
    assert "var x" not in read.text
    assert "p { }" not in read.text
    assert all(read.text[start - 1 : start] in ("", "\n") for start in read.hints)


def test_a_box_within_the_story_goes_and_the_story_goes_on():
    box = "<div class=newsletter><h4>The Quay in your inbox</h4><p>Enter your email address</p><button>Sign up</button></div>"
    body = f"{MENU}<article><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{box}<p>{THREE}</p></article>{FOOTER}"
    assert clean_page(html_page(page(body))).records[0].text == f"{ONE}\n{TWO}\n{THREE}"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<html></html>", "empty"),
        (b"<html><body><script>x</script></body></html>", "empty"),
        (b"   ", "empty"),
        (b"%PDF-1.4", "binary"),
        (b"<html><body>" + b"<div>" * 100_000 + b"<p>deep</p>", "html"),
    ],
)
def test_a_page_that_cannot_be_read_has_a_reason(raw, reason):
    with pytest.raises(BadPage) as caught:
        html_page(raw)
    assert caught.value.reason == reason


def test_a_page_that_shows_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr("cleaners.document.page.MAX_LINES", 20)
    assert html_page("<p>a" * 20).text.count("\n") == 19
    with pytest.raises(BadPage, match="too-large: the page has 21 lines; a page may have 20"):
        html_page("<p>a" * 21)


def test_white_space_from_a_repair_ends_no_line():
    assert html_page("<p>One.</p><p>Two\u00e2\u20ac\u00a8three.</p>".encode()).text == "One.\nTwo three."


def test_entities_of_a_page_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret of the quay")
    raw = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>{ONE} &x;</p></body></html>'.encode()
    assert "secret of the quay" not in html_page(raw).text


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(PIECES, max_size=60))
def test_no_html_crashes_and_every_ledger_is_complete(pieces):
    raw = f"<html><body>{''.join(pieces)}</body></html>".encode("utf-8", "replace")
    try:
        read = html_page(raw)
    except BadPage as error:
        assert error.reason in ("empty", "html", "binary")
        return
    check_ledger(read.text, clean_page(read).segments)


def test_a_paid_card_that_ends_in_the_last_footer_is_removed():
    paragraphs = "".join(f"<p>{text}</p>" for text in (ONE, TWO, THREE) * 2)
    card = "<h3>Ten gadgets that every sailor must own</h3><footer>TaboolaSponsored</footer>"
    (record,) = clean_page(html_page(page(f"<h1>Old crane to go</h1>{paragraphs}{card}"))).records
    assert "gadgets" not in f"{record.title} {record.text}"
    assert "truncated" not in record.flags


def test_what_is_for_screen_readers_or_shows_how_to_read_is_no_text():
    hidden = 'a letter<span class="btn sr-only">, opens new tab</span><i style="clip:rect(0px,0px,0px,0px)"> (external)</i>'
    text = html_page(page(f"<p>{ONE} Read {hidden}.</p><p><ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>が閉まる。</p>")).text
    assert f"{ONE} Read a letter." in text
    assert "橋が閉まる。" in text


def test_the_publisher_in_the_head_beats_a_guess_from_a_line():
    head = '<meta property="og:site_name" content="Quay Post">'
    lines = "<h1>Old crane is taken down in the harbour</h1><p class='meta'>Marrowick, 6 February 2024</p>"
    record = clean_page(html_page(page(f"<article>{lines}<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></article>", head))).records[0]
    assert (record.source, record.published) == ("Quay Post", "2024-02-06T00:00:00Z")
