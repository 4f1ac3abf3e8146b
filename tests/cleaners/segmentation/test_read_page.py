"""Pages of no known layout: invented pages of the kinds that portals, publishers and listings make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Library, clean_page, shipped_packs
from cleaners.document.page import Page
from cleaners.output.ledger import check_ledger
from tests.cleaners.segmentation.pages import (
    BYLINE,
    FOOTER,
    HEAD,
    MENU,
    SECOND_STORY,
    SOURCES,
    STORY,
    TEASERS,
    TIMES,
    TITLE,
    TITLES,
    defect,
    own_record,
    page,
    records_of,
    text,
)

TEASER_ROWS = tuple(zip(TITLES, TEASERS, strict=True))
PAID_CARDS = (
    "Quay Deals",
    "Nine cranes you can buy todayQuay Deals",
    "The calmest game of the year",
    "HarborGamesSponsored",
)


def test_menus_before_and_footers_after_a_story_go():
    (record,) = records_of(HEAD, "Share", "Email", STORY, FOOTER)
    assert (record.title, record.text) == (TITLE, text(*STORY))
    assert (record.published_raw, record.published) == ("12 May 2026", "2026-05-12T00:00:00Z")
    assert record.authors == ["Tobin Marsh"]


def test_a_widget_between_paragraphs_goes_and_the_story_goes_on():
    records = records_of(HEAD, STORY[:3], "Related Articles", TITLES[:2], STORY[3:], FOOTER)
    assert [(record.kind, record.title, record.text) for record in records] == [("article", TITLE, text(*STORY))]


@pytest.mark.parametrize(
    "subheading", ["What happens next", "Two million tonnes", defect("History", why="a word of menus is removed")]
)
def test_a_subheading_stays(subheading):
    assert own_record(HEAD, STORY[:3], subheading, STORY[3:], FOOTER).text == text(*STORY[:3], subheading, *STORY[3:])


@pytest.mark.parametrize("label", ["Getty Images", "Read More", "Advertisement"])
def test_a_label_alone_between_paragraphs_goes(label):
    assert own_record(HEAD, STORY[:2], label, STORY[2:], FOOTER).text == text(*STORY)


@pytest.mark.parametrize("label", ["Related Articles", "Most Popular"])
def test_a_prose_line_after_the_labels_is_never_dropped(label):
    records = records_of(HEAD, STORY[:3], label, TITLES[0], STORY[3:])
    kept = "\n".join(record.text for record in records)
    assert [paragraph for paragraph in STORY if paragraph not in kept] == []


def test_headlines_with_times_become_records():
    rows = tuple(zip(TIMES, TITLES, strict=True))
    own, *embedded = records_of(HEAD, STORY, "Most Popular", *rows, FOOTER)
    assert own.text == text(*STORY)
    assert [(record.kind, record.published_raw, record.title) for record in embedded] == [("headline", *row) for row in rows]
    assert [record.position for record in embedded] == [1, 2, 3, 4, 5]
    assert {record.parent_id for record in embedded} == {own.id}


def test_teasers_with_the_time_twice_become_stories():
    rows = [(time, *row, time) for time, row in zip(TIMES, TEASER_ROWS, strict=True)][:3]
    own, *embedded = records_of(HEAD, STORY, "More on this story", *rows, FOOTER)
    assert own.text == text(*STORY)
    assert [(record.kind, record.title, record.text) for record in embedded] == [("story", *row) for row in TEASER_ROWS[:3]]


@pytest.mark.parametrize("parts", [("More stories", *TEASER_ROWS, FOOTER), (FOOTER, *TEASER_ROWS)], ids=["label", "footer"])
def test_teasers_without_times_become_stories(parts):
    own, *embedded = records_of(HEAD, STORY, *parts)
    assert own.text == text(*STORY)
    assert [(record.kind, record.title, record.text) for record in embedded] == [("story", *row) for row in TEASER_ROWS]


def test_a_listing_gives_each_story_its_own_time():
    rows = list(zip(TITLES, TEASERS, TIMES, strict=True))
    records = records_of(MENU, *rows, FOOTER)
    assert [(record.title, record.text, record.published_raw) for record in records] == rows
    assert {record.kind for record in records} == {"story"}


def test_a_digest_of_one_line_stories_is_split():
    digest = tuple(f"{body} Read more » {source}" for body, source in zip(TEASERS, SOURCES, strict=True))
    stories = [(record.kind, record.source, record.text) for record in records_of(MENU, "Evening Briefing", digest, FOOTER)]
    assert stories == [("story", source, body) for body, source in zip(TEASERS, SOURCES, strict=True)]


def test_a_line_with_title_place_and_first_paragraph_is_a_story():
    bodies = [f"PORT ELLIS, Fenland (AP) – {body[:-1]}..." for body in TEASERS]
    lines = tuple(f"{title} {body} Read more" for title, body in zip(TITLES, bodies, strict=True))
    assert [(story.title, story.text) for story in records_of(lines)] == list(zip(TITLES, bodies, strict=True))


@pytest.mark.parametrize("author", ["", " Tobin Marsh"])
def test_posts_of_a_live_blog_are_stories_of_all_their_paragraphs(author):
    paragraphs = (*STORY, *SECOND_STORY, *TEASERS)
    bodies = [paragraphs[3 * n : 3 * n + 3] for n in range(5)]
    posts = [(f"{14 - n}:30{author}", title, *bodies[n]) for n, title in enumerate(TITLES)]
    page, *stories = records_of(MENU, "Live: storm on the coast", *posts, FOOTER)
    assert (page.kind, page.title, page.text) == ("article", "Live: storm on the coast", "")
    assert [(story.title, story.text) for story in stories] == [
        (title, text(*body)) for title, body in zip(TITLES, bodies, strict=True)
    ]
    assert [story.published_raw for story in stories] == [f"{14 - n}:30" for n in range(5)]


def test_a_text_without_labels_is_left_as_it_is():
    (record,) = records_of(TITLE, "Share", STORY[:2], "The end", "A short last line")
    assert (record.title, record.text) == (TITLE, text("Share", *STORY[:2], "The end", "A short last line"))


@pytest.mark.parametrize("speaker", ["BLITZER:", "الوزير -", "市长先生 —"])
def test_speakers_of_a_transcript_are_no_places_of_wire_stories(speaker):
    lines = tuple(f"{speaker} {paragraph}" for paragraph in STORY)
    assert [record.text for record in records_of(HEAD, lines, FOOTER)] == [text(*lines)]


@pytest.mark.parametrize(
    "items",
    [
        [(f"{n}. {title}", body) for n, (title, body) in enumerate(TEASER_ROWS, 1)],
        [(f"Why does the {title.split()[0].casefold()} matter?", body) for title, body in TEASER_ROWS],
    ],
    ids=["listicle", "interview"],
)
def test_parts_of_a_story_are_no_stories(items):
    (record,) = records_of(HEAD, STORY[0], *items, FOOTER)
    assert record.text == text(STORY[0], *items)


def test_a_date_that_a_store_put_before_the_page_is_no_title():
    cleaned = clean_page(f" date 2026-05-12 {page(HEAD, STORY, FOOTER)}")
    assert (cleaned.records[0].title, cleaned.records[0].text) == (TITLE, text(*STORY))
    assert "generic.store-date" in {segment.rule for segment in cleaned.segments}


@pytest.mark.parametrize("label", [defect((), why="links without a label score like a menu"), ("Related Articles",)])
def test_a_page_of_links_only_keeps_them_as_headlines(label):
    records = records_of(MENU, label, TITLES, FOOTER)
    assert [(record.kind, record.title) for record in records] == [("headline", title) for title in TITLES]


@pytest.mark.xfail(strict=True, reason="after the cards each title is given the source of the story before it")
def test_paid_cards_that_mimic_stories_are_none():
    rows = tuple(zip(TITLES, SOURCES, strict=True))
    cleaned = clean_page(page(HEAD, STORY, "You may also like", PAID_CARDS, *rows, FOOTER))
    assert [(record.title, record.source) for record in cleaned.records[1:]] == list(rows)
    assert {cleaned.kinds[rule] for rule in cleaned.kinds if rule.startswith("generic.paid")} == {"ad-marker"}


@pytest.mark.xfail(strict=True, reason="the first card is missed, and two with one advertiser look like stories of one source")
def test_a_list_under_an_ad_label_is_no_list_of_stories():
    ads = [(f"Ferry discount number {n} that you are owed", "Quay Deals") for n in (2, 3, 4)]
    assert len(records_of(HEAD, STORY, "You may also like", "Sponsored", *ads, FOOTER)) == 1


def test_a_header_layout_of_a_site_says_which_line_is_the_title():
    pack = """
        name = "quay"
        title = "Quay"
        names = ["Quay Post"]
        signs = ["The Quay Post since 1900"]
        [[layout]]
        id = "quay.header"
        role = "header"
        lines = ["{standfirst}", "{title}", "{author} for {source}", "{time}"]
    """
    library = Library([*shipped_packs(), ("quay.toml", pack.encode())])
    head = ("Another story of the day", "After a hundred years of lifting", TITLE, "Tobin Marsh for Reuters", "12 May 2026")
    (record,) = records_of(MENU, "The Quay Post since 1900", head, STORY, FOOTER, library=library)
    assert (record.title, record.source, record.authors) == (TITLE, "Reuters", ["Tobin Marsh"])
    assert (record.text, record.published_raw) == (text("After a hundred years of lifting", *STORY), "12 May 2026")


def test_much_prose_beside_the_story_is_flagged():
    (record,) = records_of(HEAD, STORY[:2], FOOTER, MENU, "12 May 2026", FOOTER, STORY[2:4], FOOTER)
    assert (record.text, "prose-beside" in record.flags) == (text(*STORY[:2]), True)
    assert "prose-beside" not in own_record(HEAD, STORY, FOOTER).flags


def wrapped(paragraph: str) -> str:
    """Return a paragraph in two lines, broken in its middle."""
    middle = paragraph.index(" ", len(paragraph) // 2)
    return f"{paragraph[:middle]}\n{paragraph[middle + 1 :]}"


def marked(title: str) -> str:
    """Return a title as html2text writes a link in a heading."""
    return f"### [{title}](https://quaypost.example/{len(title)})"


LINES = st.one_of(
    st.sampled_from((*MENU, *FOOTER, "Comments", "Most Popular", "Advertisement", "Read more", "Reply")),
    st.sampled_from((*TIMES, "23:41", "12 May 2026", "By Tobin Marsh", "anna 2 hours ago", "Updated: 5 hours ago")),
    st.sampled_from((TITLE, *TITLES, *SOURCES)),
    st.sampled_from((*STORY, *TEASERS)),
    st.builds(wrapped, st.sampled_from(STORY)),
    st.builds("• {}".format, st.sampled_from((*TITLES, "Login", *TEASERS))),
    st.builds(marked, st.sampled_from(TITLES)),
    st.builds("{} | {} - {}".format, st.sampled_from(SOURCES), st.sampled_from(TIMES), st.sampled_from(TITLES)),
    st.sampled_from(("", "* * *", "![](pier.jpg)", "1.", "12", "—", "Photo: Getty Images")),
)
CARDS = st.sampled_from(
    [
        ROW
        for time, source, (title, body) in zip(TIMES, SOURCES, TEASER_ROWS, strict=True)
        for ROW in (f"{time}\n{title}\n{body}", f"{title}\n{title}\n{source} • {time}", f"{source}\n{title}\n{body}\nRead more")
    ]
)


@given(st.lists(LINES | CARDS, min_size=1, max_size=40), st.sampled_from((page(HEAD, STORY), page(MENU, TITLE, BYLINE), "")))
def test_every_visible_character_of_a_mixed_page_is_in_one_segment(lines, start):
    mixed = "\n".join([start, *lines])
    cleaned = clean_page(Page(mixed))
    check_ledger(mixed, cleaned.segments)
    ids = {record.id for record in cleaned.records}
    assert all((segment.record in ids) != (segment.rule is not None) for segment in cleaned.segments)
