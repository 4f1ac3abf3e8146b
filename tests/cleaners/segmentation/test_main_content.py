"""The choice of lines of an HTML page that are its own story."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.html.reader import are_in, html_page
from cleaners.output.ledger import check_ledger
from tests.cleaners.segmentation import pages
from tests.support.html_pages import FOOTER, MENU, ONE, STORY, THREE, TWO, page


def test_a_line_is_in_a_text_when_most_of_it_is_and_once():
    text = f"{ONE}\n- Short\n{TWO}"
    assert are_in([ONE, TWO.upper(), THREE, "Short", "Other", ONE], text) == [True, True, False, True, False, False]
    assert are_in(["DİYARBAKIR İLİ"], "Bugün DİYARBAKIR İLİ sakin.") == [True]  # more words when it is folded


def test_teasers_right_below_the_story_are_stories():
    teasers = "".join(f"<div><a href=/{n}>Town band number {n} plays again</a><p>{TWO} Number {n}.</p></div>" for n in range(4))
    own, *more = clean_page(html_page(page(f"<div>{STORY}{teasers}</div>{FOOTER}"))).records
    assert own.text == f"{ONE}\n{TWO}\n{THREE}"
    assert [(story.title, story.text) for story in more] == [
        (f"Town band number {n} plays again", f"{TWO} Number {n}.") for n in range(4)
    ]


@pytest.mark.parametrize("links", [[TWO], [TWO, f"{TWO} It is so."]])
def test_links_within_the_story_stay(links):
    linked = "".join(f"<p><a href=/x>{link}</a></p>" for link in links)
    body = f"<article><h1>Old crane to go</h1><p>{ONE}</p>{linked}<p>{THREE}</p></article>{FOOTER}"
    assert clean_page(html_page(page(body))).records[0].text == "\n".join((ONE, *links, THREE))


def test_a_story_in_a_part_of_a_misleading_name_is_found():
    body = f'<nav><a href=/w>Weather and tides</a></nav><div class="comments-enabled"><article>{STORY}</article></div>{FOOTER}'
    record = clean_page(html_page(page(body))).records[0]
    assert (record.title, record.text) == ("Old crane to go", f"{ONE}\n{TWO}\n{THREE}")


def test_the_heading_at_the_start_of_the_text_is_its_title():
    body = f"<article><h1>Easton quay to shut</h1><p>{ONE}</p><p>{TWO}</p></article>"
    record = clean_page(html_page(page(body, "<title>Easton Post</title>"))).records[0]
    assert (record.title, record.text) == ("Easton quay to shut", f"{ONE}\n{TWO}")


def test_a_date_below_the_title_is_when_it_was_published():
    body = f"<article><h1>Old crane to go</h1><div>6 May 2025</div><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></article>"
    record = clean_page(html_page(page(body, "<title>Old crane to go</title>"))).records[0]
    assert (record.published_raw, record.text) == ("6 May 2025", f"{ONE}\n{TWO}\n{THREE}")


def test_an_article_that_follows_in_full_is_a_story():
    first, second = ("".join(f"<p>{paragraph}</p>" for paragraph in story) for story in (pages.STORY, pages.SECOND_STORY))
    own = f"<article><h1>{pages.TITLE}</h1><p>By Tobin Marsh</p>{first}</article>"
    more = f"<article><h1>{pages.SECOND_TITLE}</h1><p>By Joe Hurst</p>{second}</article>"
    article, story = clean_page(html_page(page(f"{own}{more}{FOOTER}"))).records
    assert (article.title, article.text) == (pages.TITLE, pages.text(*pages.STORY))
    assert (story.kind, story.title, story.text) == ("story", pages.SECOND_TITLE, pages.text(*pages.SECOND_STORY))


@pytest.mark.parametrize(
    "form",
    ["<article><h1>{title}</h1><p>{time}</p>{text}</article>", "<div><p>{time}</p><h1>{title}</h1>{text}</div>"],
    ids=["time below", "time above"],
)
def test_an_endless_page_is_parted_where_titles_are_dated_alike(form):
    first, second = ("".join(f"<p>{paragraph}</p>" for paragraph in story) for story in (pages.STORY, pages.SECOND_STORY))
    own = form.format(title=pages.TITLE, time="12 March 2026", text=first)
    more = form.format(title=pages.SECOND_TITLE, time="11 March 2026", text=second)
    article, story = clean_page(html_page(page(f"{MENU}{own}{more}{FOOTER}"))).records
    assert (article.title, article.text) == (pages.TITLE, pages.text(*pages.STORY))
    assert (story.kind, story.title, story.text) == ("story", pages.SECOND_TITLE, pages.text(*pages.SECOND_STORY))


def test_a_second_heading_without_a_time_parts_no_story():
    first, second = ("".join(f"<p>{paragraph}</p>" for paragraph in story) for story in (pages.STORY, pages.SECOND_STORY))
    body = f"<article><h1>{pages.TITLE}</h1><p>12 March 2026</p>{first}<h1>{pages.SECOND_TITLE}</h1>{second}</article>"
    (article,) = clean_page(html_page(page(f"{MENU}{body}{FOOTER}"))).records
    assert pages.SECOND_STORY[-1] in article.text


def test_headings_and_items_between_paragraphs_stay_without_an_article():
    items = "<ul><li>The hook goes first</li><li>The arm goes last</li></ul>"
    story = f"<h1>Old crane to go</h1><p>{ONE}</p><h2>What happens next</h2><p>{TWO}</p>{items}<p>{THREE}</p>"
    text = clean_page(html_page(page(f"<div class=article>{story}</div>{FOOTER}"))).records[0].text
    assert text == "\n".join((ONE, "What happens next", TWO, "The hook goes first", "The arm goes last", THREE))


def test_headings_that_were_never_closed_leave_a_page_to_read():
    raw = (
        b"de. Buses go by way of the hill until then, which takes twenty minutes longer, the bus company said.</><h1>chool gets"
        b' Eas<e>By M<p>L hall since the roof was blown off in November. Saturday of the month, and thecle data-url="/band">'
        b"<h1>n new drumme1><e>By M<p>Whoever wants to try may come to the rehearsal on Thursday at seven. A drum is there, and"
        b" sticks wil"
    )
    for start in range(0, len(raw), 25):
        part = html_page(raw[start:])
        cleaned = clean_page(part)
        check_ledger(part.text, cleaned.segments)
        assert cleaned.records
