"""Pages of no known layout: invented pages of the kinds that portals, publishers and listings make."""

from __future__ import annotations

import pytest

from cleaners import Library, clean_page, shipped_packs

MENU = "Home\nWorld\nPolitics\nBusiness\nSport\nSign in\nSubscribe\n"
FOOTER = "Privacy Policy\nTerms of Use\nContact us\nCookie Settings\n© 2026 The Quay Post. All rights reserved."
ONE = "The harbour board said on Monday that the old crane would be taken down within the month."
TWO = "Nobody had used it since the spring, the master of the quay told reporters on Tuesday morning."
THREE = "A museum in the next town has asked for the hook, which weighs as much as two grown horses."


def records_of(text: str) -> list[tuple[str, str, str]]:
    return [(record.kind, record.title, record.text) for record in clean_page(text).records]


def test_menus_before_and_footers_after_a_story_go():
    text = f"{MENU}Old crane to go from the quay\nBy Tobin Marsh\n12 May 2026\nShare\nEmail\n{ONE}\n{TWO}\n{FOOTER}"
    (record,) = clean_page(text).records
    assert (record.title, record.text) == ("Old crane to go from the quay", f"{ONE}\n{TWO}")
    assert record.published_raw == "12 May 2026"
    assert record.published == "2026-05-12T00:00:00Z"
    assert record.authors == ["By Tobin Marsh"]


def test_a_standfirst_belongs_to_the_text():
    standfirst = "A hundred years of lifting end with a bang this month"
    text = f"{MENU}Old crane to go from the quay\n{standfirst}\n12 May 2026\n{ONE}\n{FOOTER}"
    assert records_of(text)[0][1:] == ("Old crane to go from the quay", f"{standfirst}\n{ONE}")


def test_a_widget_between_paragraphs_goes_and_the_story_goes_on():
    widget = "Related Articles\nFerry to sail on Sundays too\nTown band plays on the pier"
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{widget}\n{TWO}\n{THREE}\n{FOOTER}"
    assert records_of(text) == [("article", "Old crane to go from the quay", f"{ONE}\n{TWO}\n{THREE}")]


def test_a_subheading_that_is_also_a_menu_word_stays():
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\nHistory\n{TWO}\n{FOOTER}"
    assert records_of(text)[0][2] == f"{ONE}\nHistory\n{TWO}"


def test_stories_that_follow_each_other_in_one_form_become_records():
    more = "\n".join(f"{n} hours ago\nStory number {n} of the harbour list" for n in (2, 3, 5))
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{TWO}\nMost Popular\n{more}\n{FOOTER}"
    own, *embedded = clean_page(text).records
    assert own.text == f"{ONE}\n{TWO}"
    assert [(record.kind, record.title, record.published_raw) for record in embedded] == [
        ("headline", f"Story number {n} of the harbour list", f"{n} hours ago") for n in (2, 3, 5)
    ]
    assert [record.position for record in embedded] == [1, 2, 3]


def test_teasers_with_the_time_twice_become_stories():
    more = "\n".join(f"{n} hrs ago\nStory number {n} of the harbour list\n{THREE}\n{n} hrs ago" for n in (2, 3))
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{TWO}\nMore on this story\n{more}\n{FOOTER}"
    assert [record[0] for record in records_of(text)] == ["article", "story", "story"]


def test_a_digest_of_one_line_stories_is_split():
    digest = "\n".join(f"{body} Read more » {source}" for body, source in ((ONE, "The Quay Post"), (TWO, "Reuters")))
    stories = [(r.kind, r.source, r.text) for r in clean_page(f"{MENU}Evening Briefing\n{digest}\n{FOOTER}").records]
    assert stories == [("story", "The Quay Post", ONE), ("story", "Reuters", TWO)]


@pytest.mark.parametrize("list_label", ["Related Articles", "Most Popular"])
def test_a_prose_line_after_the_labels_is_never_dropped(list_label):
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{list_label}\nTown band plays on the pier\n{TWO}\n{THREE}"
    kept = "\n".join(record[2] for record in records_of(text))
    assert all(paragraph in kept for paragraph in (ONE, TWO, THREE))


def test_a_text_without_labels_is_left_as_it_is():
    text = f"Old crane to go from the quay\nShare\n{ONE}\nThe end\nA short last line"
    assert records_of(text) == [("article", "Old crane to go from the quay", f"Share\n{ONE}\nThe end\nA short last line")]


def test_a_date_that_a_store_put_before_the_page_is_no_title():
    text = f" date 2026-05-12 {MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{FOOTER}"
    cleaned = clean_page(text)
    assert cleaned.records[0].title == "Old crane to go from the quay"
    assert "generic.store-date" in {segment.rule for segment in cleaned.segments}


def test_a_page_of_links_only_keeps_its_lines():
    text = f"{MENU}Old crane to go from the quay\nFerry to sail on Sundays too\n{FOOTER}"
    kept = " ".join(f"{title} {body}" for _, title, body in records_of(text))
    assert "Old crane to go from the quay" in kept
    assert "Ferry to sail on Sundays too" in kept


def test_paid_cards_that_mimic_stories_are_none():
    cards = "\n".join(
        ["Quay Deals", "Nine cranes you can buy todayQuay Deals", "The calmest game of the year", "HarborGamesSponsored"]
    )
    more = "\n".join(f"Story number {n} of the harbour list\nThe Quay Post" for n in (2, 3, 4))
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{TWO}\nYou may also like\n{cards}\n{more}\n{FOOTER}"
    cleaned = clean_page(text)
    assert [record.title for record in cleaned.records[1:]] == [f"Story number {n} of the harbour list" for n in (2, 3, 4)]
    assert {"generic.paid-brand-twice", "generic.paid-sponsored"} <= set(cleaned.kinds)
    assert {cleaned.kinds[rule] for rule in cleaned.kinds if rule.startswith("generic.paid")} == {"ad-marker"}


def test_a_list_under_an_ad_label_is_no_list_of_stories():
    ads = "\n".join(f"Ferry discount number {n} you are owed\nQuay Deals" for n in (2, 3, 4))
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\n{TWO}\nYou may also like\nSponsored\n{ads}\n{FOOTER}"
    assert len(clean_page(text).records) == 1


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
    head = "Another story of the day\nAfter a hundred years of lifting\nOld crane to go from the quay\nTobin Marsh for Reuters"
    text = f"{MENU}The Quay Post since 1900\n{head}\n12 May 2026\n{ONE}\n{TWO}\n{FOOTER}"
    (record,) = clean_page(text, library).records
    assert (record.title, record.source, record.authors) == ("Old crane to go from the quay", "Reuters", ["Tobin Marsh"])
    assert record.text == f"After a hundred years of lifting\n{ONE}\n{TWO}"
    assert record.published_raw == "12 May 2026"


def test_a_label_of_a_widget_goes_even_when_it_stands_alone():
    text = f"{MENU}Old crane to go from the quay\n12 May 2026\n{ONE}\nGetty Images\n{TWO}\nRead More\n{THREE}\n{FOOTER}"
    assert records_of(text)[0][2] == f"{ONE}\n{TWO}\n{THREE}"


def test_posts_of_a_live_blog_are_stories_of_all_their_paragraphs():
    posts = "\n".join(
        f"1{n}:30 Tobin Marsh\nThe crane moves by {n} more metres\n{ONE}\n{TWO}\n{THREE}" for n in range(3, 0, -1)
    )
    stories = [record for record in clean_page(f"{MENU}Live: the crane\n{posts}\n{FOOTER}").records if record.kind == "story"]
    assert [story.title for story in stories] == [f"The crane moves by {n} more metres" for n in (3, 2, 1)]
    assert {story.text for story in stories} == {f"{ONE}\n{TWO}\n{THREE}"}


def test_a_line_with_title_place_and_first_paragraph_is_a_story():
    lines = [f"New crane lifts its first {n} loads PORT ELLIS, Fenland (AP) – {ONE[:-1]}... Read more" for n in ("nine", "ten")]
    stories = clean_page("\n".join(lines)).records
    assert [(story.title, story.text) for story in stories] == [
        (f"New crane lifts its first {n} loads", f"PORT ELLIS, Fenland (AP) – {ONE[:-1]}...") for n in ("nine", "ten")
    ]
