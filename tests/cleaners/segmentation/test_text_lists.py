"""Lists of an HTML page that are a part of its own story."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.html.reader import html_page
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

REASONS = [
    "rust in two of the four legs, which carry the whole arm;",
    "a crack in the foot, seen for the first time in May;",
    "no oil since the winter of 1998, although the plan asks for it each year.",
]
DATES = ["Harn, 2009: two years", "Ostrelund, 2018: seventeen months", "Sillby, 2001: never"]
DISHES = ["200 g Mehl", "2 Eier", "eine Prise Salz"]


def listed(items: list[str], tag: str = "ul", wrap: str = "{}") -> str:
    return f"<{tag}>{''.join(f'<li>{wrap.format(item)}</li>' for item in items)}</{tag}>"


def text_of(body: str) -> list[str]:
    return clean_page(html_page(page(body))).records[0].text.split("\n")


@pytest.mark.parametrize("items", [REASONS, DATES, DISHES, ["Le quai nord", "Le quai sud"]])
@pytest.mark.parametrize(("tag", "wrap"), [("ul", "{}"), ("ol", "{}"), ("ul", "<p>{}</p>"), ("ul", "<a href=/x>{}</a>")])
def test_a_list_between_paragraphs_is_kept_whole(items: list[str], tag: str, wrap: str):
    story = f"<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{listed(items, tag, wrap)}<p>{THREE}</p>"
    assert text_of(f"{MENU}{story}{FOOTER}") == [ONE, TWO, *items, THREE]


@pytest.mark.parametrize("items", [REASONS, DATES])
def test_a_box_with_a_heading_and_a_list_is_kept_whole(items: list[str]):
    box = f"<div class=factbox><h2>At a glance | Great closures</h2>{listed(items)}</div>"
    story = f"<article><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{box}<p>{THREE}</p></article>"
    assert text_of(f"{MENU}{story}{FOOTER}") == [ONE, TWO, "At a glance | Great closures", *items, THREE]


@pytest.mark.parametrize("items", [DATES, DISHES])
def test_a_box_beside_the_text_without_links_is_text(items: list[str]):
    box = f"<aside class=factbox><h3>Facts of the closures</h3>{listed(items)}</aside>"
    story = f"<article><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{box}<p>{THREE}</p></article>"
    assert text_of(f"{MENU}{story}{FOOTER}") == [ONE, TWO, "Facts of the closures", *items, THREE]


def test_a_box_beside_the_text_with_links_is_no_text():
    links = listed(["Ferry to sail on Sundays too", "Town band plays on the pier"], wrap="<a href=/x>{}</a>")
    more = [f"{paragraph} {end}" for paragraph in (ONE, TWO, THREE) for end in ("So it was.", "It is late.", "Nobody knows.")]
    below = "".join(f"<p>{paragraph}</p>" for paragraph in more)
    story = f"<article><h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p><aside>{links}</aside><p>{THREE}</p>{below}</article>"
    assert text_of(f"{MENU}{story}{FOOTER}") == [ONE, TWO, THREE, *more]


def test_the_terms_of_a_list_are_kept_with_what_they_mean():
    terms = "<dl><dt>Jib</dt><dd>the arm of a crane</dd><dt>Luffing</dt><dd>moving that arm</dd></dl>"
    story = f"<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{terms}<p>{THREE}</p>"
    assert text_of(f"{MENU}{story}{FOOTER}")[2:6] == ["Jib", "the arm of a crane", "Luffing", "moving that arm"]


def test_an_item_with_the_words_of_a_menu_is_text():
    items = ["Weather", "Tides and the depth of the harbour", "The price of steel", "The age of the hook", "The cost"]
    story = f"<h1>Old crane to go</h1><p>{ONE}</p><p>The board looked at these five:</p>{listed(items)}<p>{THREE}</p>"
    assert text_of(f"{MENU}{story}{FOOTER}")[2:-1] == items


def test_a_menu_between_paragraphs_is_no_text():
    menu = listed(["Home", "Sport", "Weather", "Business"], wrap="<a href=/x>{}</a>")
    assert text_of(f"{MENU}<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{menu}<p>{THREE}</p>{FOOTER}") == [ONE, TWO, THREE]


def test_links_below_the_text_are_no_text():
    links = listed(["Ferry to sail on Sundays too", "Town band plays on the pier"], wrap="<a href=/x>{}</a>")
    assert text_of(f"{MENU}<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>{links}{FOOTER}") == [ONE, TWO, THREE]


def test_links_under_the_label_of_other_stories_are_no_text():
    links = listed(["Ferry to sail on Sundays too", "Town band plays on the pier"], wrap="<a href=/x>{}</a>")
    box = f"<h3>Related sections</h3>{links}"
    assert text_of(f"{MENU}<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p>{box}<p>{THREE}</p>{FOOTER}") == [ONE, TWO, THREE]


def test_a_list_without_its_end_around_the_page_brings_no_menu_into_the_text():
    menu = "".join(f"<li>Quay number {n}" for n in range(8))
    story = f"<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
    more = "".join(f"<div>Notice {n}</div>" for n in range(8))
    assert text_of(f"<ul>{menu}<div>{story}</div>{more}{FOOTER}") == [ONE, TWO, THREE]
