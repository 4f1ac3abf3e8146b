"""The type of a page, told by its form."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Library, clean_page, read_html, shipped_packs
from cleaners.fitted.page_type import FILE, TypeWeights, page_type_bytes, shipped_page_types
from cleaners.output.ledger import check_ledger
from cleaners.output.record import Cleaned
from cleaners.segmentation.by_layout import PageType
from cleaners.segmentation.page_type import article_odds
from tests.cleaners.segmentation.pages import FOOTER, HEAD, MENU, SECOND_STORY, STORY, TEASERS, TITLE, TITLES, page
from tests.support.pages import any_text, pages

LISTINGS = {
    "en": [("Old crane to go after a hundred years", "The harbour board takes down the crane this month."),
           ("Ferry sails on Sundays from June", "Islanders wrote so many letters that the company gave in.")],
    "de": [("Alter Kran verschwindet nach hundert Jahren", "Die Hafenverwaltung baut den Kran noch in diesem Monat ab."),
           ("Fähre fährt ab Juni auch sonntags", "Die Insulaner schrieben so viele Briefe, dass die Reederei nachgab.")],
    "es": [("La vieja grúa se va tras cien años", "La junta del puerto desmonta la grúa este mismo mes."),
           ("El transbordador navega los domingos", "Los isleños escribieron tantas cartas que la compañía cedió.")],
    "ru": [("Старый кран уберут спустя сто лет", "Управление порта разберёт кран уже в этом месяце."),
           ("Паром пойдёт и по воскресеньям", "Островитяне написали столько писем, что компания уступила.")],
}  # fmt: skip


def listing(language: str) -> str:
    """Return the HTML of a front page with cards of stories."""
    cards = "".join(
        f'<article class="card"><h2><a href="/{i}">{title} {i}</a></h2><p>{teaser}</p><time>{i}:05</time></article>'
        for i in range(10, 20)
        for title, teaser in LISTINGS[language]
    )
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in MENU)
    head = '<meta property="og:type" content="website"><script type="application/ld+json">{"@type": "CollectionPage"}</script>'
    return f"<html lang={language}><head><title>Quay Post</title>{head}</head><body><ul>{menu}</ul>{cards}</body></html>"


def thread() -> str:
    """Return the HTML of a thread of a forum."""
    posts = "".join(
        f'<li class="post"><a href="/u/{i}">reader{i}</a><time>May {i}, 2026</time><div>Posts: {i * 31}</div><div>#{i}</div>'
        f"<div class=content>{text}</div><a href=#>Like</a><a href=#>Quote</a><a href=#>Reply</a></li>"
        for i, text in enumerate(TEASERS * 3, 1)
    )
    head = '<script type="application/ld+json">{"@type": "DiscussionForumPosting", "comment": [{"@type": "Comment"}]}</script>'
    return f"<html><head><title>Which crane?</title>{head}</head><body><h1>Which crane?</h1><ol>{posts}</ol></body></html>"


def product() -> str:
    """Return the HTML of something for sale."""
    head = (
        '<meta property="og:type" content="product"><script type="application/ld+json">{"@type": "Product", "brand": {"@type": '
        '"Brand"}, "offers": {"@type": "Offer"}, "aggregateRating": {"@type": "AggregateRating"}}</script>'
    )
    choice = "".join(f"<button>{colour}</button><input type=radio>" for colour in ("Red", "Blue", "Green", "Black") * 3)
    facts = "".join(f"<li>{name}: {value} cm</li>" for name, value in (("Height", 20), ("Width", 9), ("Depth", 7)))
    images = "".join(f"<img src={i}.jpg>" for i in range(20))
    return (
        f"<html><head><title>Model crane</title>{head}</head><body><button>Menu</button><form><input></form>{images}"
        "<h1>Model crane</h1><span>$ 49.00</span><span>$ 59.00</span><div>4.5</div><div>(31)</div>"
        f"<form>{choice}<select><option>1</select><button>Add to cart</button></form><p>A crane of tin for the shelf.</p>"
        f"<ul>{facts}</ul></body></html>"
    )


def story(head: str = "") -> str:
    """Return the HTML of a story."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*STORY, *SECOND_STORY))
    return f"<html><head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1>{text}</article></body></html>"


def clean(html: str) -> Cleaned:
    return clean_page(read_html(html))


@pytest.mark.parametrize("language", LISTINGS)
def test_a_front_page_is_a_listing_without_an_article(language):
    cleaned = clean(listing(language))
    assert cleaned.page.type == "listing"
    assert {record.kind for record in cleaned.records} <= {"story", "headline"}


@pytest.mark.parametrize(("html", "page_type"), [(thread(), "forum"), (product(), "product")], ids=["forum", "product"])
def test_a_page_that_is_no_story_has_its_type_and_no_article(html, page_type):
    cleaned = clean(html)
    assert cleaned.page.type == page_type
    assert "article" not in {record.kind for record in cleaned.records}


def test_a_list_of_products_is_no_product():
    another = '<i itemtype="https://schema.org/Product"></i>'
    assert clean(product().replace("</ul>", f"{another}</ul>")).page.type == "listing"


def test_the_lines_of_a_page_that_is_no_story_are_in_the_ledger_by_their_rule():
    source = read_html(thread())
    cleaned = clean_page(source)
    check_ledger(source.text, cleaned.segments)
    removed = "".join(source.text[s.start : s.end] for s in cleaned.segments if s.rule and s.rule.endswith("not-an-article"))
    kept = "".join(record.text for record in cleaned.records)
    assert TEASERS[0] in removed + kept


def test_a_story_is_an_article():
    cleaned = clean(story())
    assert (cleaned.page.type, [record.kind for record in cleaned.records]) == ("article", ["article"])


def test_a_story_that_declares_itself_a_live_report_is_one():
    cleaned = clean(story('<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'))
    assert (cleaned.page.type, cleaned.records[0].kind) == ("live", "article")


def test_a_text_of_posts_with_times_is_a_live_report():
    posts = [line for i, text in enumerate(STORY[1:]) for line in (f"{16 - i}:42", text)]
    cleaned = clean_page(page(HEAD, STORY[0], *posts, FOOTER))
    assert (cleaned.page.type, cleaned.records[0].kind) == ("live", "article")


def test_a_list_of_the_latest_stories_with_times_makes_no_live_report():
    rows = [line for i, row in enumerate(zip(TITLES, TEASERS, strict=True)) for line in (f"{16 - i}:42", *row)]
    cleaned = clean_page(page(HEAD, STORY, SECOND_STORY, "Latest News", *rows, FOOTER))
    assert cleaned.page.type == "article"


def test_dates_between_paragraphs_make_no_live_report():
    posts = [line for i, text in enumerate(STORY[1:]) for line in (f"{12 + i} May 2026", text)]
    assert clean_page(page(HEAD, STORY[0], *posts, FOOTER)).page.type != "live"


def test_a_text_on_its_own_is_an_article():
    assert clean_page(page(TITLE, STORY)).page.type == "article"


def test_a_page_of_a_known_site_without_a_story_is_typed_by_its_stories():
    cleaned = clean_page("logo\nHarbour News\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1\nYahoo\n3 hours ago\n- Yahoo\nT2\nB2")
    has_own = any(record.kind == "article" for record in cleaned.records)
    assert cleaned.page.type == ("article" if has_own else "listing")


@given(pages | any_text)
def test_every_page_has_a_type_that_goes_with_its_records(text):
    cleaned = clean_page(text)
    check_ledger(text, cleaned.segments)
    assert cleaned.page.type in get_args(PageType)
    has_own = any(record.kind == "article" for record in cleaned.records)
    assert has_own == (cleaned.page.type in ("article", "live"))


BLOCKS = st.sampled_from(
    ["<h2><a href=/a>Ferry to sail on Sundays too</a></h2>", f"<p>{STORY[0]}</p>", "<span>$ 12.00</span>", "<time>16:42</time>"]
)


@given(st.lists(BLOCKS, min_size=1, max_size=30), st.sampled_from(["", "Product", "NewsArticle", "ItemList"]))
def test_a_page_of_html_has_a_complete_ledger_whatever_its_type(blocks, declared):
    head = f'<script type="application/ld+json">{{"@type": "{declared}"}}</script>'
    source = read_html(f"<html><head>{head}</head><body>{''.join(blocks)}</body></html>")
    cleaned = clean_page(source, Library(shipped_packs(), site_packs=False))
    check_ledger(source.text, cleaned.segments)
    has_own = any(record.kind == "article" for record in cleaned.records)
    assert has_own == (cleaned.page.type in ("article", "live"))
    first = 0 if has_own else 1
    assert [record.position for record in cleaned.records] == list(range(first, first + len(cleaned.records)))


def test_the_odds_are_those_of_the_article_against_all_other_types():
    weights = [[0.0, 0.0, 0.0], [2.0, -1.0, 0.0]]
    fitted = TypeWeights(["article", "forum", "listing"], [1.0, 0.0, 0.5], {"prose": [0.5]}, {"prose": weights}, 0.0)
    few, many = article_odds({"prose": 0.5}, fitted), article_odds({"prose": 0.6}, fitted)
    assert (few[1], many[1]) == ("listing", "listing")
    assert few[0] == pytest.approx(1.0 - 0.974, abs=1e-3)
    assert many[0] - few[0] > 2.0


def test_the_shipped_numbers_are_written_as_the_fit_writes_them():
    model = shipped_page_types()
    assert page_type_bytes(model) == FILE.read_bytes()
    for fitted in (model.html, model.text):
        assert set(fitted.types) <= set(get_args(PageType))
        assert all(len(fitted.weights[name]) == len(steps) + 1 for name, steps in fitted.steps.items())
        assert all(len(row) == len(fitted.types) for rows in fitted.weights.values() for row in rows)
