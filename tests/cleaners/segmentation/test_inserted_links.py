"""Links to other stories between the paragraphs of a story."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.html.reader import html_page
from tests.support.html_pages import FOOTER, HEAD, MENU, ONE, THREE, TWO, page

FOUR = "The board will meet again in June, when the price of the steel is known, its secretary wrote."
FIVE = "Shopkeepers on the quay fear for their trade, as most of their customers come by lorry today."
PARAGRAPHS = [ONE, TWO, THREE, FOUR, FIVE]
FERRY, VIADUCT = "Ferry to Pellworth may return after twenty years", "Rail viaduct over the Lurne gets new sleepers"
GERMAN = "Alte Fähre könnte nach zwanzig Jahren zurückkehren"


def records_of(first: str, second: str = "", head: str = HEAD) -> list[tuple[str, str, str]]:
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    body = f"{''.join(paragraphs[:2])}{first}{''.join(paragraphs[2:4])}{second}{paragraphs[4]}"
    read = html_page(page(f"{MENU}<main><h1>Old crane to go</h1><div>{body}</div></main>{FOOTER}", head))
    return [(record.kind, record.title, record.text) for record in clean_page(read).records]


@pytest.mark.parametrize("head", [HEAD, "<title>Old crane to go</title>"])
@pytest.mark.parametrize(
    "form",
    [
        "<h3><a href=/x>{}</a></h3>",
        "<div class=card><a href=/x><h4>{}</h4></a></div>",
        "<h2><a href=/x/y?from=story>{}</a></h2>",
        "<div class=inline-related><h3>Read more</h3><ul><li><a href=/x><img alt=''><h4>{}</h4></a></li></ul></div>",
        "<aside><a href=/x>{}</a></aside>",
    ],
)
def test_they_are_headlines_and_the_story_goes_on(form: str, head: str):
    assert records_of(form.format(FERRY), form.format(GERMAN), head) == [
        ("article", "Old crane to go", "\n".join(PARAGRAPHS)),
        ("headline", FERRY, ""),
        ("headline", GERMAN, ""),
    ]


@pytest.mark.parametrize(
    "link", ["https://quaypost.example/ferry", "https://www.quaypost.example/ferry", "//quaypost.example/ferry"]
)
def test_a_link_with_the_name_of_the_site_leads_to_the_site(link: str):
    assert records_of(f"<h3><a href={link}>{FERRY}</a></h3>")[1][:2] == ("headline", FERRY)


@pytest.mark.parametrize("link", ["https://shop.example/ferry", "#ferry", "/crane", "mailto:a@quaypost.example", "http://["])
def test_a_heading_that_leads_elsewhere_is_a_heading_of_the_story(link: str):
    assert {kind for kind, *_ in records_of(f"<h3><a href='{link}'>{FERRY}</a></h3>")} == {"article"}


def test_a_short_or_numbered_name_is_a_heading_of_the_story():
    short, numbered = "The Harn Ferry", "2. The old ferry to Pellworth"
    records = records_of(f"<h3><a href=/x>{short}</a></h3>", f"<h3><a href=/x>{numbered}</a></h3>")
    text = "\n".join((ONE, TWO, short, THREE, FOUR, numbered, FIVE))
    assert records == [("article", "Old crane to go", text)]


def test_headings_of_all_sections_stay_in_the_text():
    headings = [f"Place number {name} on the long river Lurne" for name in ("one", "two", "three", "four", "five")]
    sections = "".join(f"<h2><a href=/{i}>{heading}</a></h2><p>{PARAGRAPHS[i]}</p>" for i, heading in enumerate(headings))
    read = html_page(page(f"{MENU}<main><h1>Five places</h1><p>{TWO} So it is.</p>{sections}</main>{FOOTER}"))
    records = clean_page(read).records
    assert [record.kind for record in records] == ["article"]
    assert all(heading in records[0].text for heading in headings)
