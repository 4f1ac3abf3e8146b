from __future__ import annotations

from datetime import UTC, datetime

from cleaners import Library, Page
from cleaners.learning.site_pages import read_with, site_page
from cleaners.text.normalize import NO_KEY
from tests.cleaners.learning.sites import MENU, PACKS, keys, marked, paragraphs, plain_page, read, title


def test_lines_without_letters_and_long_lines_have_no_key():
    assert site_page(Page("Menu\n\n1 · 2\n" + "long " * 80)).keys == ["menu", NO_KEY, NO_KEY]


def test_a_line_counts_once_a_page():
    pages = marked(["Menu\nMenu\n1", "MENU\n2", "Other"])
    assert pages.counts == {"menu": 2, "other": 1}
    assert pages.form("menu") == "MENU"


def test_the_parts_of_a_page_give_its_lines_their_roles():
    lines = [
        "Menu",
        "[[own.title:A ferry]]",
        "[[own.source:Post]]",
        "[[own.text:It sails.]]",
        "Share",
        "[[own.text:It stops.]]",
    ]
    pages = marked(["\n".join([*lines, "[[one.title:B]]"])])
    (reading,) = pages.readings
    assert reading.roles == ["", "title", "field", "text", "", "text", "story"]
    assert (reading.title_index, reading.text_bounds) == (1, (3, 5))
    places = {key: "".join(of) for key, of in pages.places.items()}
    inside = dict.fromkeys(["it sails.", "share", "it stops."], "inside")
    assert places == {**dict.fromkeys(["menu", "a ferry", "post"], "before"), **inside, "b": "after"}
    assert pages.roles["share"] == {"": 1}


def test_a_reading_without_a_story_has_no_bounds():
    (reading,) = marked(["Menu"]).readings
    assert (reading.title_index, reading.text_bounds) == (None, None)


def test_dehusk_gives_lines_their_roles():
    (reading,) = read([Page(plain_page(3))]).readings
    page = site_page(Page(plain_page(3)))
    by_text = dict(zip([line.text for line in page.lines], reading.roles, strict=True))
    assert by_text[title(3)] == "title"
    assert {by_text[line] for line in paragraphs(3)} == {"text"}


def test_a_page_that_is_refused_has_no_roles():
    page = site_page(Page("404 Not Found\nThe page you are looking for does not exist.\nHome"))
    reading = read_with(page, Library(PACKS))
    assert reading.cleaned is None
    assert reading.roles == [""] * 3


def test_some_pages_are_counted_by_themselves():
    pages = marked(["Menu\nA", "Menu\nB", "C"], {1: datetime(2026, 5, 2, tzinfo=UTC), 2: datetime(2026, 5, 1, tzinfo=UTC)})
    assert pages.part([0, 2]).counts == {"menu": 1, "a": 1, "c": 1}
    assert pages.days([0, 1, 2]) == ("2026-05-01", "2026-05-02")
    assert pages.days([0]) == ("", "")
    assert keys(*MENU) >= keys(MENU[0])


def test_the_days_of_lines_are_those_of_the_pages_with_them():
    captured = {i: datetime(2026, 5, i + 1, tzinfo=UTC) for i in range(3)}
    pages = marked(["Menu\nOld desk", "Menu\nOld desk", "Menu\nNew desk", "Menu\nNo day"], captured)
    assert pages.days_of_lines(["old desk"]) == ("2026-05-01", "2026-05-02")
    assert pages.days_of_lines(["old desk", "new desk"]) == pages.days_of_lines(["menu"]) == ("2026-05-01", "2026-05-03")
    assert pages.days_of_lines(["no day"]) == pages.days_of_lines([]) == ("", "")
